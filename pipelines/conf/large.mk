# large: the paper's settings with a BERT-large encoder, INIT=MODEL; with
# ENCODERS="uncased cased" MEMBER_SEEDS=1 and INIT_cased=MODEL as in the paper.

TASKS = cola sst2 mnli rte wnli qqp mrpc stsb qnli
ENCODERS = uncased
STUDENT = uncased

LAYERS = 24
HIDDEN = 1024
HEADS = 16
INTERMEDIATE = 4096
POSITIONS = 512
MAX_LENGTH = 512

RECIPE = paper
MEMBER_SEEDS = 1 2
DROPOUTS = 0.1 0.2 0.3
TOP = 3
TEACH = mnli qqp rte qnli
MIX = const:0.5
EPOCHS = 5
FINE_EPOCHS = 5
SEEDS = 1 2 3 4 5
THREADS =
