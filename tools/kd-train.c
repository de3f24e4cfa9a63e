/* kd-train: Algorithm 1 with hard and soft targets: a student's training. */
#include "base/die.h"
#include "train/command.h"

int
main(int argc, char **argv)
{
	die_program(argv[0]);
	command_train(
	    argc, argv, true, "train a student on packs and on soft targets");
	return 0;
}
