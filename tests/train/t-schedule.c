/*
 * Schedules against values by hand.
 */
#include "check.h"

#include "train/schedule.h"

static void
check_course(
    const char *name, enum schedule kind, double warmup, const double *want)
{
	double worst = 0;

	for (size_t s = 0; s < 10; s++)
		worst = fmax(worst,
		    fabs(schedule_factor(kind, warmup, s, 10) - want[s]));
	CHECK_NEAR(name, worst, 0, 1e-12);
}

int
main(void)
{
	static const double triangle[] = { 0, 0.5, 1, 0.875, 0.75, 0.625, 0.5,
		0.375, 0.25, 0.125 };
	static const double bert[] = { 0, 0.5, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3,
		0.2, 0.1 };
	static const double constant[] = { 0, 0.5, 1, 1, 1, 1, 1, 1, 1, 1 };
	static const double falling[] = { 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3,
		0.2, 0.1 };
	static const double rising[] = { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
		0.8, 0.9 };

	check_course("triangle", SCHEDULE_TRIANGLE, 0.2, triangle);
	check_course("bert-2019", SCHEDULE_BERT_2019, 0.2, bert);
	check_course("constant", SCHEDULE_CONSTANT, 0.2, constant);
	check_course("triangle, no warm-up", SCHEDULE_TRIANGLE, 0, falling);
	check_course("bert-2019, no warm-up", SCHEDULE_BERT_2019, 0, falling);
	check_course("triangle, all warm-up", SCHEDULE_TRIANGLE, 1, rising);
	check_course("constant, all warm-up", SCHEDULE_CONSTANT, 1, rising);
	CHECK_NEAR("bert-2019 drops to 0.9",
	    schedule_factor(SCHEDULE_BERT_2019, 0.1, 100, 1000), 0.9, 1e-12);
	CHECK_NEAR("from just below 1",
	    schedule_factor(SCHEDULE_BERT_2019, 0.1, 99, 1000), 0.99, 1e-12);
	CHECK(schedule_factor(SCHEDULE_CONSTANT, 0, 0, 1) == 1);
	return check_done();
}
