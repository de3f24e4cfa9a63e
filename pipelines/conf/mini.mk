# mini: GLUE itself with a 4x256 encoder (BERT-mini's shape), the bundled one or
# INIT=MODEL; short rows and a high rate, for one machine.

include conf/paper
LAYERS = 4
HIDDEN = 256
HEADS = 4
INTERMEDIATE = 1024
MAX_LENGTH = 128

# The longest training file of short rows; the same rows as tiny's, which may
# learn from mini's teachers.
SAMPLE_sst2 = 20000
IMPORT = $(SHARE)/encoder/mini
# With IMPORT= encoders of random weights.
VOCAB = $(SHARE)/vocab/en-uncased.txt
VOCAB_cased = $(SHARE)/vocab/en-cased.txt

PRETRAIN_RANGE = 0.04

RECIPE = tiny
EPOCHS = 3
FINE_EPOCHS = 2
# As many trainings as cores, one thread each.
THREADS = 1

BAM_EPOCHS = 4
BAM_SINGLE_EPOCHS = 3
BAM_OPTIONS = --learning-rate 1e-3 --batch-size 64
BAM_SINGLE_OPTIONS = --learning-rate 5e-4 --batch-size 32
UNLABELLED_ROWS = 20000
TEACHERS = base
