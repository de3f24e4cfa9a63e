# mini: GLUE with a 4x256 encoder (BERT-mini's shape).

TASKS = cola sst2 mnli rte wnli qqp mrpc stsb qnli
ENCODERS = uncased
STUDENT = uncased

LAYERS = 4
HIDDEN = 256
HEADS = 4
INTERMEDIATE = 1024
POSITIONS = 512
MAX_LENGTH = 128

RECIPE = tiny
MEMBER_SEEDS = 1 2
DROPOUTS = 0.1 0.2 0.3
TOP = 3
TEACH = mnli qqp rte qnli
MIX = const:0.5
EPOCHS = 5
FINE_EPOCHS = 3
SEEDS = 1 2 3 4 5
THREADS = 1
