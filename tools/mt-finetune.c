/* mt-finetune: multi-task training (Algorithm 1); one pack: fine-tuning. */
#include "base/die.h"
#include "train/command.h"

int
main(int argc, char **argv)
{
	die_program(argv[0]);
	command_train(argc, argv, false,
	    "train a model on the packs of one task or of many");
	return 0;
}
