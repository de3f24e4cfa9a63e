# tiny: GLUE itself with a 2x128 encoder (BERT-tiny's shape), of random weights
# unless INIT=MODEL; short rows and few epochs, for one machine of 2 cores.

TASKS = rte mrpc cola stsb
# Where TASKS has it: the longest training file of short rows.
SAMPLE_sst2 = 20000
ENCODERS = uncased
STUDENT = uncased

LAYERS = 2
HIDDEN = 128
HEADS = 2
INTERMEDIATE = 512
POSITIONS = 512
MAX_LENGTH = 128

RECIPE = tiny
MEMBER_SEEDS = 1 2
DROPOUTS = 0.1 0.2 0.3
TOP = 3
TEACH = mnli qqp rte qnli
MIX = const:0.5
EPOCHS = 2
FINE_EPOCHS = 1
SEEDS = 1
THREADS = 1
