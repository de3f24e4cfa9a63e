# demo-large: teachers of random weights, larger than the demo's, for `small`.

include conf/demo.mk
IMPORT =
LAYERS = 3
HIDDEN = 96
INTERMEDIATE = 384
EPOCHS = 12
