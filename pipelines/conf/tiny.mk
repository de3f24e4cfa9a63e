# tiny: GLUE itself with a 2x128 encoder (BERT-tiny's shape), the one that is
# bundled or INIT=MODEL, else of random weights; for one machine of 2 cores.

include conf/mini.mk
LAYERS = 2
HIDDEN = 128
HEADS = 2
INTERMEDIATE = 512
INIT = $(wildcard ../share/encoder/tiny)
TEACHERS = mini
