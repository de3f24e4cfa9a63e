# demo: the bundled corpus and the bundled encoder; minutes.

CORPUS_SEED = 1
TASKS = cola sst2 mnli rte wnli qqp mrpc stsb qnli
ENCODERS = uncased
STUDENT = uncased
IMPORT = $(SHARE)/encoder/tiny

# With IMPORT= encoders of random weights, of this vocabulary and shape.
VOCAB_uncased = $(SHARE)/vocab/corpus-uncased.txt
VOCAB_cased = $(SHARE)/vocab/corpus-cased.txt

LAYERS = 2
HIDDEN = 64
HEADS = 4
INTERMEDIATE = 256
POSITIONS = 64
MODEL_OPTIONS = --init-range 0.1
MAX_LENGTH = 64

RECIPE = demo
MEMBER_SEEDS = 1 2
DROPOUTS = 0.1 0.2 0.3
TOP = 3
TEACH = mnli qqp rte qnli
MIX = const:0.5
EPOCHS = 4
FINE_EPOCHS = 2
SEEDS = 1 2 3
# Scores on dev after each epoch, for the report.
CURVES = 1
# As many trainings as cores, one thread each: the models are too small to
# keep two threads busy.
THREADS = 1

BAM_EPOCHS = 4
BAM_SINGLE_EPOCHS = 4
BAM_OPTIONS = --learning-rate 2e-3 --batch-size 8
BAM_SINGLE_OPTIONS = --learning-rate 2e-3 --batch-size 8
UNLABELLED_ROWS = 2000
FOLDS = 3
TEACHERS = demo-large

ROWS_CoLA_train = 600
ROWS_CoLA_dev = 300
ROWS_SST-2_train = 1200
ROWS_SST-2_dev = 300
ROWS_MNLI_train = 1600
ROWS_MNLI_dev_matched = 300
ROWS_MNLI_dev_mismatched = 300
ROWS_RTE_train = 250
ROWS_RTE_dev = 200
ROWS_WNLI_train = 200
ROWS_WNLI_dev = 71
ROWS_QQP_train = 1200
ROWS_QQP_dev = 300
ROWS_MRPC_train = 400
ROWS_MRPC_dev = 200
ROWS_STS-B_train = 600
ROWS_STS-B_dev = 300
ROWS_QNLI_train = 1000
ROWS_QNLI_dev = 300
ROWS_AX_diagnostic = 100
