# demo-large: the demo's larger teachers, of which `small` learns.

include conf/demo.mk
LAYERS = 3
HIDDEN = 96
INTERMEDIATE = 384
