# base: a BERT-base encoder, INIT=MODEL.

include conf/paper
LAYERS = 12
HIDDEN = 768
HEADS = 12
INTERMEDIATE = 3072
