#include "net/loss.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/die.h"
#include "model/config.h"

const char soft_losses[] = "ce|kl|mse";

/* One distribution over C entries: the classes, or a group's candidates. */
struct example {
	size_t C;
	const real *z;	   /* [C] logits */
	const double *y;   /* [C] hard target, or NULL */
	const float *soft; /* [C] soft target, or NULL */
	double *dz;	   /* [C] */
	double weight;	   /* of its hard loss */
};

static void
log_softmax(double *out, const real *z, size_t C, double temperature)
{
	double max = -INFINITY, sum = 0;

	for (size_t c = 0; c < C; c++)
		max = fmax(max, (double)z[c] / temperature);
	for (size_t c = 0; c < C; c++)
		sum += exp((double)z[c] / temperature - max);
	for (size_t c = 0; c < C; c++)
		out[c] = (double)z[c] / temperature - max - log(sum);
}

/* Cross-entropy against y; its gradient is sum(y) p - y, p summing to 1. */
static double
hard_loss(const struct example *e, double weight)
{
	double logp[HEAD_MOST], loss = 0;

	log_softmax(logp, e->z, e->C, 1);
	for (size_t c = 0; c < e->C; c++) {
		if (e->y[c] > 0)
			loss -= e->y[c] * logp[c];
		e->dz[c] += weight * (exp(logp[c]) - e->y[c]);
	}
	return loss;
}

static double
soft_cross_entropy(
    const struct example *e, const struct loss_rule *rule, double weight)
{
	double logp[HEAD_MOST], q[HEAD_MOST], sum = 0, loss = 0;
	double T = rule->temperature;

	for (size_t c = 0; c < e->C; c++)
		sum += q[c] = T == 1 ? (double)e->soft[c]
				     : pow((double)e->soft[c], 1 / T);
	log_softmax(logp, e->z, e->C, T);
	for (size_t c = 0; c < e->C; c++) {
		q[c] /= sum;
		if (q[c] > 0) {
			loss -= q[c] * logp[c];
			if (rule->soft == SOFT_KL)
				loss += q[c] * log(q[c]);
		}
		e->dz[c] += weight * T * (exp(logp[c]) - q[c]);
	}
	return T * T * loss;
}

static double
soft_squares(const struct example *e, double weight)
{
	double t[HEAD_MOST], mean_z = 0, mean_t = 0, loss = 0;
	double C = (double)e->C;

	for (size_t c = 0; c < e->C; c++) {
		t[c] = log(fmax((double)e->soft[c], 1e-7));
		mean_z += (double)e->z[c] / C;
		mean_t += t[c] / C;
	}
	for (size_t c = 0; c < e->C; c++) {
		double d = ((double)e->z[c] - mean_z) - (t[c] - mean_t);

		loss += d * d / C;
		/* the differences sum to 0, so centring adds nothing */
		e->dz[c] += weight * 2 * d / C;
	}
	return loss;
}

/* The weights of the two losses of one example. */
static void
weights(double *hard, double *soft, const struct example *e,
    const struct loss_rule *rule)
{
	bool both = e->y != NULL && e->soft != NULL;

	*hard = e->y == NULL ? 0 : both ? rule->hard_weight : 1;
	*soft = e->soft == NULL ? 0 : both ? rule->soft_weight : 1;
}

static void
add_sums(struct loss_sum *sum, const struct example *e,
    const struct loss_rule *rule, double hard, double soft)
{
	sum->hard += hard / rule->norm;
	sum->soft += soft / rule->norm;
	if (e->y == NULL || e->soft == NULL)
		return;
	sum->both_hard += hard / rule->norm;
	sum->both_soft += soft / rule->norm;
}

static void
add_example(
    struct loss_sum *sum, const struct example *e, const struct loss_rule *rule)
{
	double a, b, scale = rule->weight / rule->norm, hard = 0, soft = 0;

	memset(e->dz, 0, e->C * sizeof(*e->dz));
	weights(&a, &b, e, rule);
	if (e->y != NULL)
		hard = e->weight * hard_loss(e, a * scale * e->weight);
	if (e->soft != NULL)
		soft = rule->soft == SOFT_MSE
			   ? soft_squares(e, b * scale)
			   : soft_cross_entropy(e, rule, b * scale);
	add_sums(sum, e, rule, hard, soft);
	sum->loss += scale * (a * hard + b * soft);
}

static bool
has_soft(const struct loss_rows *rows, size_t i)
{
	return rows->soft != NULL && rows->has_soft[i];
}

/* log(1 + exp(x)) of any x. */
static double
softplus(double x)
{
	return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static double
sigmoid(double z)
{
	return exp(-softplus(-z));
}

/* Of one class of C, which applies or not; *dz added to. */
static double
hard_label(double *dz, double z, bool applies, double weight)
{
	*dz += weight * (sigmoid(z) - applies);
	return softplus(applies ? -z : z);
}

static double
soft_label(
    double *dz, double z, double Q, const struct loss_rule *rule, double weight)
{
	double T = rule->temperature, yes = pow(Q, 1 / T);
	double no = pow(1 - Q, 1 / T), q = yes / (yes + no), loss;

	if (rule->soft == SOFT_MSE) {
		double d = z - (log(fmax(Q, 1e-7)) - log(fmax(1 - Q, 1e-7)));

		*dz += weight * 2 * d;
		return d * d;
	}
	loss = q * softplus(-z / T) + (1 - q) * softplus(z / T);
	if (rule->soft == SOFT_KL && q > 0 && q < 1)
		loss += q * log(q) + (1 - q) * log(1 - q);
	*dz += weight * T * (sigmoid(z / T) - q);
	return T * T * loss;
}

/* Row i, whose classes are no rivals. */
static void
add_set(real *dlogits, struct loss_sum *sum, const struct loss_rows *rows,
    const struct loss_rule *rule, size_t i)
{
	size_t C = rule->outputs;
	const uint8_t *applies = rows->applies + i * C;
	const real *z = rows->logits + i * C;
	bool labelled = !isnan(rows->label[i]);
	struct example e = { C, z, NULL,
		has_soft(rows, i) ? rows->soft + i * C : NULL, NULL, 1 };
	double y = 0, a, b, hard = 0, soft = 0;
	double scale = rule->weight / rule->norm / (double)C;

	e.y = labelled ? &y : NULL;
	weights(&a, &b, &e, rule);
	for (size_t c = 0; c < C; c++) {
		double dz = 0, w = 1;

		if (labelled && rule->class_weight != NULL)
			w = rule->class_weight[2 * c + applies[c]];
		if (labelled)
			hard += w * hard_label(&dz, (double)z[c],
					applies[c] == 1, a * scale * w);
		if (e.soft != NULL)
			soft += soft_label(&dz, (double)z[c], (double)e.soft[c],
			    rule, b * scale);
		dlogits[i * C + c] = (real)dz;
	}
	add_sums(sum, &e, rule, hard / (double)C, soft / (double)C);
	sum->loss += scale * (a * hard + b * soft);
}

static void
classify(real *dlogits, struct loss_sum *sum, const struct loss_rows *rows,
    const struct loss_rule *rule)
{
	size_t C = rule->outputs;

	for (size_t i = 0; i < rows->n; i++) {
		double y[HEAD_MOST], dz[HEAD_MOST];
		struct example e = { C, rows->logits + i * C, NULL, NULL, dz,
			1 };

		if (!isnan(rows->label[i])) {
			for (size_t c = 0; c < C; c++)
				y[c] = (float)c == rows->label[i];
			e.y = y;
			if (rule->class_weight != NULL)
				e.weight =
				    rule->class_weight[(size_t)rows->label[i]];
		}
		if (has_soft(rows, i))
			e.soft = rows->soft + i * C;
		add_example(sum, &e, rule);
		for (size_t c = 0; c < C; c++)
			dlogits[i * C + c] = (real)dz[c];
	}
}

static void
regress(real *dlogits, struct loss_sum *sum, const struct loss_rows *rows,
    const struct loss_rule *rule)
{
	double scale = rule->weight / rule->norm;

	for (size_t i = 0; i < rows->n; i++) {
		bool labelled = !isnan(rows->label[i]);
		double s = (double)rows->logits[i], a, b, hard = 0, soft = 0;
		struct example e = { 0, NULL, labelled ? &s : NULL,
			has_soft(rows, i) ? rows->soft + i : NULL, NULL, 1 };

		weights(&a, &b, &e, rule);
		if (labelled)
			hard = s - (double)rows->label[i];
		if (e.soft != NULL)
			soft = s - (double)*e.soft;
		dlogits[i] = (real)(scale * 2 * (a * hard + b * soft));
		add_sums(sum, &e, rule, hard * hard, soft * soft);
		sum->loss += scale * (a * hard * hard + b * soft * soft);
	}
}

/* The labels of a group, normalised; false if none is positive. */
static bool
group_target(double *y, const float *label, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += y[i] = isnan(label[i]) ? 0 : (double)label[i];
	for (size_t i = 0; i < n && sum > 0; i++)
		y[i] /= sum;
	return sum > 0;
}

/*
 * The gradients of a group sum to 0, and the head adds them up, times pooled
 * outputs that are nearly alike at first: rounding must not leave a rest.  So
 * all are rounded to one place, that of the largest sum on the way, where
 * sums are exact, and the largest takes the rest.
 */
static void
round_group(real *dlogits, const double *dz, size_t n)
{
	int exponent, digits = sizeof(real) == sizeof(float) ? FLT_MANT_DIG
							     : DBL_MANT_DIG;
	double place, above = 0, rest = 0;
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		above += fmax(dz[i], 0);
		if (fabs(dz[i]) > fabs(dz[most]))
			most = i;
	}
	frexp(above, &exponent);
	place = ldexp(1, exponent - digits);
	for (size_t i = 0; i < n; i++) {
		double rounded = rint(dz[i] / place) * place;

		dlogits[i] = (real)rounded;
		rest += rounded;
	}
	dlogits[most] -= (real)rest;
}

static void
rank(real *dlogits, struct loss_sum *sum, const struct loss_rows *rows,
    const struct loss_rule *rule)
{
	for (size_t i = 0, n; i < rows->n; i += n) {
		double y[HEAD_MOST], dz[HEAD_MOST];
		struct example e = {
			.z = rows->logits + i, .dz = dz, .weight = 1
		};

		for (n = 1; i + n < rows->n && n < HEAD_MOST &&
			    rows->group[i + n] == rows->group[i];
		     n++)
			;
		e.C = n;
		if (group_target(y, rows->label + i, n))
			e.y = y;
		if (has_soft(rows, i))
			e.soft = rows->soft + i;
		if (e.y == NULL && e.soft == NULL)
			sum->no_positive++;
		add_example(sum, &e, rule);
		round_group(dlogits + i, dz, n);
	}
}

void
loss_backward(real *dlogits, struct loss_sum *sum, const struct loss_rows *rows,
    const struct loss_rule *rule)
{
	if (rule->type == TASK_CLASSIFICATION)
		classify(dlogits, sum, rows, rule);
	else if (rule->type == TASK_REGRESSION)
		regress(dlogits, sum, rows, rule);
	else if (rule->type == TASK_MULTILABEL)
		for (size_t i = 0; i < rows->n; i++)
			add_set(dlogits, sum, rows, rule, i);
	else
		rank(dlogits, sum, rows, rule);
}

static double
bounded(real s)
{
	return fmin(fmax((double)s, -5), 5);
}

double
loss_learned_weight(enum task_type type, real s)
{
	return (type == TASK_REGRESSION ? 0.5 : 1) * exp(-bounded(s));
}

void
loss_learned_backward(real *ds, struct loss_sum *sum, const real *s,
    enum task_type type, double hard, double soft, double scale)
{
	const double value[2] = { hard, soft };

	for (size_t i = 0; i < 2; i++) {
		double own = loss_learned_weight(type, s[i]) * value[i];

		sum->loss += scale * bounded(s[i]) / 2;
		if (fabs((double)s[i]) < 5)
			ds[i] += (real)(scale * 0.5 - scale * own);
	}
}
