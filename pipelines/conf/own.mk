# own: tasks of one's own with the bundled 4x256 encoder or INIT=FOLDER, for one
# machine.

include conf/mini.mk
SAMPLE_sst2 =
RECIPE = own
EPOCHS = 5
FINE_EPOCHS = 3
SEEDS = 1 2 3
