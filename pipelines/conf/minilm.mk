# minilm: GLUE itself with all-MiniLM-L6-v2 (6x384), INIT=FOLDER as fetch-bert
# has it; with settings chosen on folds of the training rows (make choose).

include conf/paper
LAYERS = 6
HIDDEN = 384
HEADS = 12
INTERMEDIATE = 1536
MAX_LENGTH = 128

# Of `languages`: a cased encoder of random weights.
VOCAB_cased = $(SHARE)/vocab/en-cased.txt

RECIPE = minilm
SEEDS = 1 2 3 4 5 6 7 8
THREADS = 1

BAM_EPOCHS = 5
BAM_SINGLE_EPOCHS = 3
BAM_OPTIONS = --learning-rate 2e-4 --batch-size 64
BAM_SINGLE_OPTIONS = --learning-rate 2e-4 --batch-size 32
UNLABELLED_ROWS = 20000
TEACHERS = base

# Smaller students (stage 22): the shapes of BERT-mini and BERT-tiny.
NARROW_LAYERS = 4
NARROW_HIDDEN = 256
NARROW_HEADS = 4
LEAST_LAYERS = 2
LEAST_HIDDEN = 128
LEAST_HEADS = 2

# What choose tries, departing from CHOOSE_BASE.
CHOOSE_BASE = 2e-4 5 0.1 once
CHOOSE_RATES = 5e-5 1e-4 2e-4 5e-4
CHOOSE_EPOCHS = 3 5 8
CHOOSE_DROPOUTS = 0 0.05 0.1 0.3
CHOOSE_SHUFFLES = once epoch

NOTE = The encoder was trained on pairs of SNLI, MNLI, QQP, SQuAD and Natural \
    Questions: MNLI, RTE, QQP, STS-B and QNLI profit
# Those that do not: the tables have their mean, and that of Table 3 has what the
# encoder's upper part is worth, and TF-IDF where `make tfidf` has measured it.
UNSEEN = cola sst2 mrpc
REDRAWN = 1
TFIDF = $(wildcard $(results)/tfidf-$(CONF).tsv)
