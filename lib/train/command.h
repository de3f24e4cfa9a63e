/*
 * The command line that mt-finetune and kd-train share.
 */
#ifndef TRAIN_COMMAND_H
#define TRAIN_COMMAND_H

#include <stdbool.h>

/*
 * Parse, read the recipe, train.  distil: with soft targets and the options
 * that go with them.
 */
void command_train(int argc, char **argv, bool distil, const char *purpose);

#endif
