# tiny: GLUE itself with a 2x128 encoder (BERT-tiny's shape), the bundled one or
# INIT=MODEL; for one machine of 2 cores.

include conf/mini.mk
LAYERS = 2
HIDDEN = 128
HEADS = 2
INTERMEDIATE = 512
IMPORT = $(SHARE)/encoder/tiny
PRETRAIN_RANGE = 0.06
TEACHERS = mini
TEACHERS_IMPORT = $(SHARE)/encoder/mini
