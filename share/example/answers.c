/*
 * A program of one's own against the installed library: the probabilities
 * that a model gives to the rows of a pack, which mt-predict prints too.
 *
 *	cc -o answers answers.c $(pkg-config --cflags --libs mtkd)
 *	answers MODEL PACK
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <mtkd/base/die.h>
#include <mtkd/predict/predict.h>

static void
back(int status, const char *text, void *place)
{
	(void)status;
	fprintf(stderr, "answers: not this one: %s\n", text);
	longjmp(*(jmp_buf *)place, 1);
}

int
main(int argc, char **argv)
{
	struct progress quiet = mtkd_progress_start("rows", 0, 0, false, true);
	jmp_buf place;

	if (argc != 3)
		return 2;
	mtkd_die_program(argv[0]);
	mtkd_die_catch(back, &place);
	if (setjmp(place) != 0)
		return 1;

	struct model *m = mtkd_model_open(argv[1], true);
	struct pack *p = mtkd_pack_open(argv[2]);
	size_t head = mtkd_predict_head(m, p, NULL);
	size_t width = mtkd_labels_width(&p->labels);
	float *answer = malloc(p->rows * width * sizeof(*answer));
	struct encoder *e = mtkd_encoder_new(m, false, false);

	mtkd_model_match(m, p);
	mtkd_predict_pack(answer, m, e, p, head, &quiet);
	for (size_t row = 0; row < p->rows; row++) {
		char *id = mtkd_pack_id(p, row);

		printf("%s", id);
		for (size_t c = 0; c < width; c++)
			printf("\t%.9g", (double)answer[row * width + c]);
		printf("\n");
		free(id);
	}
	mtkd_encoder_free(e);
	mtkd_pack_close(p);
	mtkd_model_close(m);
	free(answer);
	return 0;
}
