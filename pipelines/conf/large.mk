# large: a BERT-large encoder, INIT=MODEL: the paper itself.

include conf/paper
LAYERS = 24
HIDDEN = 1024
HEADS = 16
INTERMEDIATE = 4096
