# demo-large: the demo's larger teachers, of random weights, of which `small` learns.

include conf/demo.mk
IMPORT =
LAYERS = 3
HIDDEN = 96
INTERMEDIATE = 384
EPOCHS = 12
