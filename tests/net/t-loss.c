/*
 * Losses against arithmetic by hand, those of sets of labels against PyTorch.
 */
#include "check.h"
#include "net/golden-bce.h"

#include "net/loss.h"

/* Logits whose softmax is 1/2, 1/4, 1/4 and 1/10, 1/5, 7/10. */
static real logits[6];
static const double p[6] = { 0.5, 0.25, 0.25, 0.1, 0.2, 0.7 };
static const float q[6] = { 0.2f, 0.2f, 0.6f, 0.1f, 0.1f, 0.8f };
static const bool both[2] = { true, true };
static real d[6];

static struct loss_rule
rule_of(enum task_type type, size_t outputs)
{
	return (struct loss_rule){ .type = type,
		.outputs = outputs,
		.temperature = 1,
		.hard_weight = 0.5,
		.soft_weight = 0.5,
		.weight = 1,
		.norm = 2 };
}

static struct loss_rows
rows_of(const float *label)
{
	static const int32_t group[6] = { 0, 0, 0, 1, 1, 1 };

	return (struct loss_rows){
		.n = 2, .logits = logits, .label = label, .group = group
	};
}

static struct loss_sum
run(const struct loss_rows *rows, const struct loss_rule *rule)
{
	struct loss_sum sum = { 0 };

	loss_backward(d, &sum, rows, rule);
	return sum;
}

static void
test_hard(void)
{
	static const float label[] = { 1, 2 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	struct loss_sum s = run(&rows, &rule);
	double want = (-log(0.25) - log(0.7)) / 2;

	CHECK_NEAR("-log p, the mean of two rows", s.loss, want, 1e-6);
	CHECK_NEAR("hard", s.hard, want, 1e-6);
	CHECK_NEAR("0.871484 in figures", s.loss, 0.8714847, 1e-6);
	CHECK(s.soft == 0 && s.no_positive == 0);
	CHECK_NEAR("gradient p", (double)d[0], 0.5 / 2, 1e-6);
	CHECK_NEAR("gradient p - 1", (double)d[1], -0.75 / 2, 1e-6);
	CHECK_NEAR("gradient of row 2", (double)d[5], -0.3 / 2, 1e-6);
	rule.weight = 3;
	s = run(&rows, &rule);
	CHECK_NEAR("weight in loss", s.loss, 3 * want, 1e-5);
	CHECK_NEAR("weight not in hard", s.hard, want, 1e-6);
	CHECK_NEAR("weight in gradients", (double)d[1], -2.25 / 2, 1e-5);
	rule.weight = 1;
	rule.norm = 1;
	CHECK_NEAR("summed", run(&rows, &rule).loss, 2 * want, 1e-5);
}

static double
cross(const double *target, const double *prob, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum -= target[i] * log(prob[i]);
	return sum;
}

/* a CE(y) + (1 - a) CE(Q) = CE(a y + (1 - a) Q), and so the gradients. */
static void
test_identity(double a)
{
	static const float label[] = { 0, 2 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	struct loss_sum s;
	double mixed[6], want = 0;

	rows.soft = q;
	rows.has_soft = both;
	rule.hard_weight = a;
	rule.soft_weight = 1 - a;
	for (size_t i = 0; i < 6; i++)
		mixed[i] = a * (i == 0 || i == 5) + (1 - a) * (double)q[i];
	want = (cross(mixed, p, 3) + cross(mixed + 3, p + 3, 3)) / 2;
	s = run(&rows, &rule);
	CHECK_NEAR("one cross-entropy", s.loss, want, 1e-6);
	CHECK(s.both_hard == s.hard && s.both_soft == s.soft);
	CHECK_NEAR("its parts", a * s.hard + (1 - a) * s.soft, want, 1e-6);
	for (size_t i = 0; i < 6; i++)
		CHECK_NEAR(
		    "its gradient", (double)d[i], (p[i] - mixed[i]) / 2, 1e-6);
}

static void
test_parts(void)
{
	static const float label[] = { 0, NAN };
	static const bool second[2] = { false, true };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	double hard = -log(0.5), soft = 0;
	struct loss_sum s;

	for (size_t i = 3; i < 6; i++)
		soft -= (double)q[i] * log(p[i]);
	rows.soft = q;
	rows.has_soft = second;
	s = run(&rows, &rule);
	CHECK(s.both_hard == 0 && s.both_soft == 0);
	CHECK_NEAR("one row hard, one soft, each whole", s.loss,
	    (hard + soft) / 2, 1e-6);
	rows.soft = NULL;
	rows.has_soft = NULL;
	s = run(&rows, &rule);
	CHECK_NEAR("a row without a target", s.loss, hard / 2, 1e-6);
	CHECK(d[3] == 0 && d[4] == 0 && d[5] == 0);
}

/* T 2: q_T ~ sqrt(q), p_T ~ sqrt(p), times 4. */
static void
test_temperature(void)
{
	static const float label[] = { NAN, NAN };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	double pt[6], qt[6], ce = 0, entropy = 0;
	struct loss_sum s;

	rows.soft = q;
	rows.has_soft = both;
	rule.temperature = 2;
	for (size_t i = 0; i < 6; i++) {
		size_t r = i / 3 * 3;

		pt[i] =
		    sqrt(p[i]) / (sqrt(p[r]) + sqrt(p[r + 1]) + sqrt(p[r + 2]));
		qt[i] = sqrt((double)q[i]) /
			(sqrt((double)q[r]) + sqrt((double)q[r + 1]) +
			    sqrt((double)q[r + 2]));
		ce -= qt[i] * log(pt[i]) / 2;
		entropy -= qt[i] * log(qt[i]) / 2;
	}
	s = run(&rows, &rule);
	CHECK_NEAR("T squared times the cross-entropy", s.loss, 4 * ce, 1e-5);
	CHECK_NEAR(
	    "gradient times T", (double)d[2], 2 * (pt[2] - qt[2]) / 2, 1e-6);
	rule.soft = SOFT_KL;
	s = run(&rows, &rule);
	CHECK_NEAR("the divergence", s.loss, 4 * (ce - entropy), 1e-5);
	CHECK_NEAR(
	    "the same gradient", (double)d[2], 2 * (pt[2] - qt[2]) / 2, 1e-6);
}

/* A target that is certain: 0 log 0 is 0, and mse has its floor. */
static void
test_zero(void)
{
	static const float certain[6] = { 1, 0, 0, 0, 0, 1 };
	static const float label[] = { NAN, NAN };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	double floor = log(1e-7), t[3], z[3], want = 0;

	rows.n = 1;
	rule.norm = 1;
	rows.soft = certain;
	rows.has_soft = both;
	CHECK_NEAR("ce", run(&rows, &rule).loss, -log(0.5), 1e-6);
	rule.soft = SOFT_KL;
	CHECK_NEAR("kl", run(&rows, &rule).loss, -log(0.5), 1e-6);
	rule.soft = SOFT_MSE;
	for (size_t i = 0; i < 3; i++) {
		t[i] = (i == 0 ? 0 : floor) - 2 * floor / 3;
		z[i] = log(p[i]) - (log(0.5) + 2 * log(0.25)) / 3;
		want += (z[i] - t[i]) * (z[i] - t[i]) / 3;
	}
	CHECK_NEAR("mse", run(&rows, &rule).loss, want, 1e-4);
	CHECK_NEAR("its gradient", (double)d[0], 2 * (z[0] - t[0]) / 3, 1e-5);
}

/* Any constant added to the logits is nothing to any loss. */
static void
test_shift(enum soft_loss kind)
{
	static const float label[] = { 1, 0 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	double before;

	rows.soft = q;
	rows.has_soft = both;
	rule.soft = kind;
	before = run(&rows, &rule).loss;
	for (size_t i = 0; i < 6; i++)
		logits[i] += 16;
	CHECK_NEAR("shifted logits", run(&rows, &rule).loss, before, 1e-5);
	for (size_t i = 0; i < 6; i++)
		logits[i] -= 16;
}

static void
test_regression(void)
{
	static const float label[] = { 3.5f, NAN }, target[] = { 3, 1 };
	static const real score[] = { 3, 2 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_REGRESSION, 1);
	struct loss_sum s;

	rows.logits = score;
	s = run(&rows, &rule);
	CHECK_NEAR("squared error, no half", s.loss, 0.25 / 2, 1e-9);
	CHECK_NEAR("gradient", (double)d[0], 2 * -0.5 / 2, 1e-9);
	CHECK(d[1] == 0);
	rows.soft = target;
	rows.has_soft = both;
	rule.hard_weight = 0.75;
	rule.soft_weight = 0.25;
	s = run(&rows, &rule);
	CHECK_NEAR("mixed, and soft alone", s.loss,
	    (0.75 * 0.25 + 0.25 * 0 + 1 * 1) / 2, 1e-9);
	CHECK_NEAR("hard", s.hard, 0.125, 1e-9);
	CHECK_NEAR("soft", s.soft, 0.5, 1e-9);
	CHECK_NEAR("gradient of the soft one", (double)d[1], 2 * 1.0 / 2, 1e-9);
}

/* Two questions of three candidates; two right answers share the target. */
static void
test_ranking(void)
{
	static const float label[6] = { 0, 1, 1, 0, 0, 0 };
	static const float target[6] = { 0.5f, 0.25f, 0.25f, 0.2f, 0.2f, 0.6f };
	static const bool all[6] = { true, true, true, true, true, true };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_RANKING, 1);
	struct loss_sum s;
	double want = -log(0.25), soft = 0;

	rows.n = 6;
	s = run(&rows, &rule);
	CHECK_NEAR("labels share 1", s.loss, want / 2, 1e-6);
	CHECK(s.no_positive == 1);
	CHECK_NEAR("gradient", (double)d[1], (0.25 - 0.5) / 2, 1e-6);
	CHECK(d[3] == 0 && d[4] == 0 && d[5] == 0);
	rows.soft = target;
	rows.has_soft = all;
	for (size_t i = 0; i < 6; i++)
		soft -= (double)target[i] * log(p[i]) * (i < 3 ? 0.5 : 1);
	s = run(&rows, &rule);
	CHECK_NEAR(
	    "mixed, and soft alone", s.loss, (want / 2 + soft) / 2, 1e-6);
	CHECK(s.no_positive == 0);
	CHECK_NEAR(
	    "gradient of the soft one", (double)d[5], (0.7 - 0.6) / 2, 1e-6);
}

/* One weight a class for the rows of it: the hard loss alone, and its part. */
static void
test_class_weights(void)
{
	static const float label[] = { 1, 2 };
	static const double weight[] = { 9, 3, 0.5 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);
	struct loss_sum s;
	double soft, hard = (-3 * log(0.25) - 0.5 * log(0.7)) / 2;

	rule.class_weight = weight;
	s = run(&rows, &rule);
	CHECK_NEAR("each row its class's", s.loss, hard, 1e-6);
	CHECK_NEAR("hard", s.hard, hard, 1e-6);
	CHECK_NEAR("gradient", (double)d[1], -3 * 0.75 / 2, 1e-6);
	CHECK_NEAR("gradient of row 2", (double)d[5], -0.5 * 0.3 / 2, 1e-6);
	rows.soft = q;
	rows.has_soft = both;
	soft = run(&rows, &rule).soft;
	rule.class_weight = NULL;
	CHECK_NEAR("soft without", run(&rows, &rule).soft, soft, 0);
	rule.class_weight = weight;
	CHECK_NEAR("mixed", run(&rows, &rule).loss, (hard + soft) / 2, 1e-6);
}

/* --- sets of labels --- */

enum { SETS = 4, EACH = 3 };

static const float no_class[SETS] = { 0, 0, 0, 0 };
static const bool all_soft[SETS] = { true, true, true, true };

/* Of the golden rows; z, soft [SETS * EACH] are scratch. */
static struct loss_rows
set_rows(real *z, float *soft)
{
	for (size_t i = 0; i < SETS * EACH; i++) {
		z[i] = (real)bce_logits[i];
		soft[i] = (float)bce_soft[i];
	}
	return (struct loss_rows){ .n = SETS,
		.logits = z,
		.label = no_class,
		.applies = bce_applies,
		.soft = soft,
		.has_soft = all_soft };
}

static void
test_sets(size_t i)
{
	real z[SETS * EACH], dz[SETS * EACH];
	float soft[SETS * EACH];
	struct loss_rows rows = set_rows(z, soft);
	struct loss_rule rule = rule_of(TASK_MULTILABEL, EACH);
	struct loss_sum s = { 0 };

	rule.norm = SETS;
	rule.hard_weight = bce_cases[i].hard_weight;
	rule.soft_weight = bce_cases[i].soft_weight;
	rule.temperature = bce_cases[i].temperature;
	if (bce_cases[i].weighted)
		rule.class_weight = bce_weight;
	loss_backward(dz, &s, &rows, &rule);
	CHECK_NEAR("as torch has it", s.loss, bce_cases[i].loss, 1e-6);
	for (size_t k = 0; k < SETS * EACH; k++)
		CHECK_NEAR("and its gradient", (double)dz[k],
		    bce_cases[i].gradient[k], 1e-7);
}

/* Kullback-Leibler less the targets' entropy; squares of log odds. */
static void
test_set_kinds(void)
{
	real z[SETS * EACH], ce[SETS * EACH], kl[SETS * EACH];
	float soft[SETS * EACH];
	struct loss_rows rows = set_rows(z, soft);
	struct loss_rule rule = rule_of(TASK_MULTILABEL, EACH);
	struct loss_sum a = { 0 }, b = { 0 }, c = { 0 };
	double entropy = 0, squares = 0, first;

	for (size_t i = 0; i < SETS * EACH; i++) {
		double x = (double)soft[i], odds;

		if (x > 0 && x < 1)
			entropy -= x * log(x) + (1 - x) * log(1 - x);
		odds = log(fmax(x, 1e-7)) - log(fmax(1 - x, 1e-7));
		squares += pow((double)z[i] - odds, 2);
	}
	rule.norm = SETS;
	loss_backward(ce, &a, &rows, &rule);
	rule.soft = SOFT_KL;
	loss_backward(kl, &b, &rows, &rule);
	CHECK(memcmp(ce, kl, sizeof(ce)) == 0);
	CHECK_NEAR(
	    "kl", a.soft - b.soft, entropy / (double)(SETS * EACH), 1e-9);
	rule.soft = SOFT_MSE;
	loss_backward(kl, &c, &rows, &rule);
	CHECK_NEAR("mse", c.soft, squares / (double)(SETS * EACH), 1e-9);
	first =
	    (double)z[1] - (log((double)soft[1]) - log(1 - (double)soft[1]));
	CHECK_NEAR("and its gradient",
	    (double)kl[1] -
		0.5 * (1 / (1 + exp(-(double)z[1])) - bce_applies[1]) /
		    (SETS * EACH),
	    0.5 * 2 * first / (double)(SETS * EACH), 1e-6);
}

/* A row without labels learns from its soft target only, and the reverse. */
static void
test_set_parts(void)
{
	static const float label[SETS] = { 0, NAN, 0, NAN };
	static const bool some[SETS] = { false, true, true, false };
	static const uint8_t none[SETS * EACH] = { 1, 0, 0, 255, 255, 255, 0, 0,
		1, 255, 255, 255 };
	real z[SETS * EACH] = { 0 }, dz[SETS * EACH];
	float soft[SETS * EACH];
	struct loss_rows rows = set_rows(z, soft);
	struct loss_rule rule = rule_of(TASK_MULTILABEL, EACH);
	struct loss_sum s = { 0 };

	memset(z, 0, sizeof(z));
	rows.label = label;
	rows.applies = none;
	rows.has_soft = some;
	rule.norm = 1;
	rule.hard_weight = 0.25;
	rule.soft_weight = 0.75;
	loss_backward(dz, &s, &rows, &rule);
	CHECK_NEAR("three rows that lose log 2", s.loss, 3 * log(2), 1e-6);
	CHECK_NEAR("hard alone", (double)dz[0], -0.5 / EACH, 1e-7);
	CHECK_NEAR(
	    "soft alone", (double)dz[3], (0.5 - bce_soft[3]) / EACH, 1e-7);
	CHECK_NEAR("both", (double)dz[8],
	    (0.25 * -0.5 + 0.75 * (0.5 - bce_soft[8])) / EACH, 1e-7);
	CHECK(dz[9] == 0 && dz[10] == 0 && dz[11] == 0);
}

/* Logits of 1e4 and NaN: finite where it can be, NaN where it must be. */
static void
test_extremes(void)
{
	static const float label[] = { 0 };
	static const real far[] = { -10000, 0, 10000 };
	static const real bad[] = { NAN, 0, 0 };
	struct loss_rows rows = rows_of(label);
	struct loss_rule rule = rule_of(TASK_CLASSIFICATION, 3);

	rows.n = 1;
	rule.norm = 1;
	rows.logits = far;
	CHECK_NEAR("far apart", run(&rows, &rule).loss, 20000, 1e-6);
	rows.logits = bad;
	CHECK(isnan(run(&rows, &rule).loss));
}

int
main(void)
{
	for (size_t i = 0; i < 6; i++)
		logits[i] = (real)(log(p[i]) + 0.75);
	test_hard();
	test_identity(0);
	test_identity(0.5);
	test_identity(0.3);
	test_identity(1);
	test_parts();
	test_temperature();
	test_zero();
	test_shift(SOFT_CE);
	test_shift(SOFT_KL);
	test_shift(SOFT_MSE);
	test_regression();
	test_ranking();
	test_class_weights();
	for (size_t i = 0; i < COUNT(bce_cases); i++)
		test_sets(i);
	test_set_kinds();
	test_set_parts();
	test_extremes();
	return check_done();
}
