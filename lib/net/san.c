#include "net/san.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/least.h"
#include "base/mem.h"
#include "layer/dropout.h"
#include "layer/gru.h"
#include "layer/kernel.h"
#include "layer/linear.h"
#include "layer/softmax.h"

/* Where dropout strikes; each turn has its own streams. */
enum dropout_place {
	DROP_QUERY,
	DROP_MEMORY,
	DROP_STATE,
	DROP_GRU,
	DROP_MERGE,
	DROP_TURN,
	DROP_KEPT,
	DROP_PLACES
};

/* What one turn keeps, for n rows. */
struct turn {
	real *state;   /* [n,H] s_t */
	real *dropped; /* [n,H] drop(s_t) for attention */
	real *asked;   /* [n,H] W drop(s_t) + b_w, times the memory's mask */
	real *weight;  /* [n,longest] softmax(e) */
	real *read;    /* [n,H] x_t */
	real *merged;  /* [n,4H] dropped */
	real *logp;    /* [n,C] log softmax(o_t), of multilabel log sigmoid */
	real *logn;    /* [n,C] log(1 - sigmoid(o_t)) of multilabel */
	real *fed;     /* [n,H] drop(s_t) for the GRU */
	real *kept;    /* [n,4H] of the GRU */
};

struct san {
	const struct model *m;
	const struct head *head;
	struct san_offsets at;
	struct linear_offsets answer;
	bool set; /* multilabel: each class is a question of its own */
	size_t turns;
	struct turn *turn;
	void *block;
	size_t room, longest_room;
	real *first;	    /* [n,longest] softmax of the query's summary */
	real *wide;	    /* [n,6H] scratch */
	real *d1, *d2, *d3; /* [n,H] scratch */
	real *mask;	    /* [n,turns] m_t */
	/* the last pass */
	const real *hidden;
	const struct san_row *rows;
	size_t n, longest;
	struct san_dropout dropout;
};

struct san *
san_new(const struct model *m, size_t head)
{
	struct san *s = mem_zero(1, sizeof(*s));

	s->m = m;
	s->head = &m->config.head[head];
	s->at = m->params.head[head].san;
	s->answer = m->params.head[head].answer;
	s->set = s->head->labels.type == TASK_MULTILABEL;
	s->turns = s->head->turns;
	s->turn = mem_zero(s->turns, sizeof(*s->turn));
	return s;
}

void
san_free(struct san *s)
{
	free(s->block);
	free(s->turn);
	free(s);
}

static void
lay_out(struct arena *a, struct san *s, size_t n, size_t longest)
{
	size_t H = s->m->config.hidden, C = s->head->outputs;

	for (size_t t = 0; t < s->turns; t++) {
		struct turn *k = &s->turn[t];

		k->state = arena_reals(a, n * H);
		k->dropped = arena_reals(a, n * H);
		k->asked = arena_reals(a, n * H);
		k->weight = arena_reals(a, n * longest);
		k->read = arena_reals(a, n * H);
		k->merged = arena_reals(a, n * 4 * H);
		k->logp = arena_reals(a, n * C);
		k->logn = arena_reals(a, s->set ? n * C : 0);
		k->fed = arena_reals(a, n * H);
		k->kept = arena_reals(a, n * 4 * H);
	}
	s->first = arena_reals(a, n * longest);
	s->wide = arena_reals(a, n * 6 * H);
	s->d1 = arena_reals(a, n * H);
	s->d2 = arena_reals(a, n * H);
	s->d3 = arena_reals(a, n * H);
	s->mask = arena_reals(a, n * s->turns);
}

static void
reserve(struct san *s)
{
	struct arena a = arena_count();

	s->longest = 1;
	for (size_t i = 0; i < s->n; i++) {
		size_t q = s->rows[i].query_end - s->rows[i].query;
		size_t k = s->rows[i].memory_end - s->rows[i].memory;

		s->longest = most(s->longest, most(q, k));
	}
	if (s->n <= s->room && s->longest <= s->longest_room)
		return;
	s->room = s->n > s->room ? s->n : s->room;
	if (s->longest > s->longest_room)
		s->longest_room = s->longest;
	free(s->block);
	lay_out(&a, s, s->room, s->longest_room);
	s->block = mem_align(a.used, 1);
	a = arena_in(s->block);
	lay_out(&a, s, s->room, s->longest_room);
}

static struct dropout
dropout_at(const struct san *s, enum dropout_place place, size_t turn)
{
	uint64_t stream =
	    rng_stream(s->head->name) + 1 + turn * DROP_PLACES + place;

	return dropout_make(
	    rng_key(s->dropout.seed, stream, s->dropout.step), s->dropout.rate);
}

static real
factor(struct dropout d, const struct san_row *row, size_t width, size_t i)
{
	return d.threshold == 0
		   ? 1
		   : dropout_factor(d, (uint32_t)(row->number * width + i));
}

/* to [n,width] = from times the mask of one place and turn. */
static void
drop(real *to, const real *from, const struct san *s, enum dropout_place place,
    size_t turn, size_t width)
{
	struct dropout d = dropout_at(s, place, turn);

	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < width; k++)
			to[i * width + k] = from[i * width + k] *
					    factor(d, &s->rows[i], width, k);
}

static inline KERNEL_INLINE real
dot(const real *a, const real *b, size_t n)
{
	real sum = 0;

#pragma omp simd reduction(+ : sum)
	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

static inline KERNEL_INLINE void
add_scaled(real *y, const real *x, real scale, size_t n)
{
#pragma omp simd
	for (size_t i = 0; i < n; i++)
		y[i] += scale * x[i];
}

/*
 * Attention of one vector over the tokens [from, to): weights p [tokens] and
 * their mean of the states, out [H].
 */
static KERNEL void
read_tokens(real *out, real *p, const real *hidden, const real *asked,
    real bias, size_t from, size_t to, size_t H)
{
	size_t n = to - from;

	for (size_t j = 0; j < n; j++)
		p[j] = dot(hidden + (from + j) * H, asked, H) + bias;
	softmax_forward(p, p, n);
	memset(out, 0, H * sizeof(*out));
	for (size_t j = 0; j < n; j++)
		add_scaled(out, hidden + (from + j) * H, p[j], H);
}

/*
 * The same backward.  dasked [H] overwritten, dhidden added to; returns the
 * gradient of the bias.
 */
static KERNEL real
read_tokens_backward(real *dasked, real *dhidden, const real *dout,
    const real *p, const real *hidden, const real *asked, size_t from,
    size_t to, size_t H)
{
	real along = 0, bias = 0;

	memset(dasked, 0, H * sizeof(*dasked));
	for (size_t j = from; j < to; j++)
		along += p[j - from] * dot(hidden + j * H, dout, H);
	for (size_t j = from; j < to; j++) {
		real e = p[j - from] * (dot(hidden + j * H, dout, H) - along);

		bias += e;
		add_scaled(dhidden + j * H, dout, p[j - from], H);
		add_scaled(dhidden + j * H, asked, e, H);
		add_scaled(dasked, hidden + j * H, e, H);
	}
	return bias;
}

/*
 * s_0.  One mask over all tokens of a row commutes with the sums: the
 * weights read the states with w masked, and the mean is masked after.
 */
static void
summarise(struct san *s)
{
	struct dropout d = dropout_at(s, DROP_QUERY, 0);
	size_t H = s->m->config.hidden;
	const real *w = s->m->value + s->at.query;

	for (size_t i = 0; i < s->n; i++) {
		const struct san_row *r = &s->rows[i];
		real *masked = s->d1 + i * H, *out = s->turn[0].state + i * H;

		for (size_t h = 0; h < H; h++)
			masked[h] = w[h] * factor(d, r, H, h);
		read_tokens(out, s->first + i * s->longest, s->hidden, masked,
		    s->m->value[s->at.query_bias], r->query, r->query_end, H);
		for (size_t h = 0; h < H; h++)
			out[h] *= factor(d, r, H, h);
	}
}

static void
merge(struct san *s, size_t t)
{
	size_t H = s->m->config.hidden;
	struct turn *k = &s->turn[t];

	for (size_t i = 0; i < s->n; i++) {
		const real *x = k->read + i * H, *q = k->state + i * H;
		real *z = k->merged + i * 4 * H;

		for (size_t h = 0; h < H; h++) {
			z[h] = x[h];
			z[H + h] = q[h];
			z[2 * H + h] = real_fabs(x[h] - q[h]);
			z[3 * H + h] = x[h] * q[h];
		}
	}
	drop(k->merged, k->merged, s, DROP_MERGE, t, 4 * H);
}

static struct gru
gru_of(const struct san *s)
{
	return (struct gru){ s->m->value + s->at.gru_input,
		s->m->value + s->at.gru_state,
		s->m->value + s->at.gru_input_bias,
		s->m->value + s->at.gru_state_bias, s->m->float_product };
}

/* log sigmoid(x) */
static real
log_sigmoid(real x)
{
	return (x < 0 ? x : 0) - real_log1p(real_exp(-real_fabs(x)));
}

/* From the outputs of a turn, in k->logp, to logs of probabilities. */
static void
turn_answer(struct turn *k, const struct san *s)
{
	size_t C = s->head->outputs;

	for (size_t i = 0; i < s->n * C && s->set; i++) {
		k->logn[i] = log_sigmoid(-k->logp[i]);
		k->logp[i] = log_sigmoid(k->logp[i]);
	}
	for (size_t i = 0; i < s->n && !s->set; i++)
		softmax_log(k->logp + i * C, k->logp + i * C, C);
}

static void
do_turn(struct san *s, size_t t)
{
	size_t H = s->m->config.hidden, C = s->head->outputs, n = s->n;
	struct turn *k = &s->turn[t];
	struct gru gru = gru_of(s);

	drop(k->dropped, k->state, s, DROP_STATE, t, H);
	linear_forward(k->asked, k->dropped, s->m->value + s->at.attention,
	    s->m->value + s->at.attention_bias, n, H, H, s->m->float_product);
	drop(k->asked, k->asked, s, DROP_MEMORY, t, H);
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < n; i++)
		read_tokens(k->read + i * H, k->weight + i * s->longest,
		    s->hidden, k->asked + i * H, 0, s->rows[i].memory,
		    s->rows[i].memory_end, H);
	merge(s, t);
	linear_forward(k->logp, k->merged, s->m->value + s->answer.weight,
	    s->m->value + s->answer.bias, n, 4 * H, C, s->m->float_product);
	turn_answer(k, s);
	if (t + 1 == s->turns)
		return; /* nothing reads the state after the last turn */
	drop(k->fed, k->state, s, DROP_GRU, t, H);
	gru_forward(s->turn[t + 1].state, k->kept, s->wide, k->read, k->fed,
	    &gru, n, H);
}

/* m_t of each row. */
static void
choose_turns(struct san *s)
{
	double p = s->dropout.memory_rate;
	size_t K = s->turns;
	uint64_t name = rng_stream(s->head->name) + 1;
	struct rng r =
	    rng_key(s->dropout.seed, name + DROP_TURN, s->dropout.step);
	struct rng which =
	    rng_key(s->dropout.seed, name + DROP_KEPT, s->dropout.step);

	for (size_t i = 0; i < s->n; i++) {
		size_t number = s->rows[i].number;
		size_t kept = (size_t)rng_below(which, number, K);

		for (size_t t = 0; t < K; t++) {
			bool out = t != kept && p > 0 &&
				   rng_uniform(r, number * K + t) < p;

			s->mask[i * K + t] = out ? 0 : (real)(1 / (1 - p));
		}
	}
}

/*
 * log m_t + log softmax(o_t)[c], in a set log of the probability that class c
 * applies or, with no, that it does not; -infinity where the turn is out.
 */
static real
term(const struct san *s, size_t i, size_t t, size_t c, bool no)
{
	const real *log_p = no ? s->turn[t].logn : s->turn[t].logp;
	real m = s->mask[i * s->turns + t];

	return m > 0 ? real_log(m) + log_p[i * s->head->outputs + c]
		     : -INFINITY;
}

/* log of the sum of a class's terms. */
static real
mixture(const struct san *s, size_t i, size_t c, bool no)
{
	real max = -INFINITY, sum = 0;

	for (size_t t = 0; t < s->turns; t++)
		if (term(s, i, t, c, no) > max)
			max = term(s, i, t, c, no);
	for (size_t t = 0; t < s->turns; t++)
		sum += real_exp(term(s, i, t, c, no) - max);
	assert(!(sum <= 0));
	return max + real_log(sum);
}

void
san_forward(struct san *s, real *logits, const real *hidden,
    const struct san_row *rows, size_t n, const struct san_dropout *dropout)
{
	size_t C = s->head->outputs;

	s->hidden = hidden;
	s->rows = rows;
	s->n = n;
	s->dropout = *dropout;
	reserve(s);
	summarise(s);
	for (size_t t = 0; t < s->turns; t++)
		do_turn(s, t);
	choose_turns(s);
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < C; c++)
			logits[i * C + c] = mixture(s, i, c, false) -
					    (s->set ? mixture(s, i, c, true)
						    : real_log((real)s->turns));
}

/* The part of turn t in a class's sum of terms, of what is d for the sum. */
static real
part_of(const struct san *s, size_t i, size_t t, size_t c, bool no, real d)
{
	real own = term(s, i, t, c, no), sum = 0;

	for (size_t k = 0; k < s->turns && own > -INFINITY; k++)
		sum += real_exp(term(s, i, k, c, no) - own);
	return sum > 0 ? d / sum : 0;
}

/*
 * do_t, r being the part of turn t in the sum of class c.  The gradient of log
 * softmax(o_t) is g = dlogits * r, and do = g - softmax(o_t) sum(g).  In a set
 * do = dlogits * (r (1 - sigmoid(o_t)) + r' sigmoid(o_t)), r' being that part
 * in the sum for absence.
 */
static void
mixture_backward(const struct san *s, real *dout, const real *dlogits, size_t t)
{
	size_t C = s->head->outputs;

	for (size_t i = 0; i < s->n; i++) {
		real *d = dout + i * C, all = 0;
		const real *logp = s->turn[t].logp + i * C,
			   *dl = dlogits + i * C;
		const real *logn = s->turn[t].logn + i * C;

		for (size_t c = 0; c < C; c++) {
			d[c] = part_of(s, i, t, c, false, dl[c]);
			all += d[c];
		}
		for (size_t c = 0; c < C && !s->set; c++)
			d[c] -= real_exp(logp[c]) * all;
		for (size_t c = 0; c < C && s->set; c++)
			d[c] = d[c] * real_exp(logn[c]) +
			       part_of(s, i, t, c, true, dl[c]) *
				   real_exp(logp[c]);
	}
}

/* From the merged vector's gradient to those of x_t and s_t, overwritten. */
static void
merge_backward(
    const struct san *s, real *dread, real *dstate, real *dmerged, size_t t)
{
	size_t H = s->m->config.hidden;
	const struct turn *k = &s->turn[t];

	drop(dmerged, dmerged, s, DROP_MERGE, t, 4 * H);
	for (size_t i = 0; i < s->n; i++) {
		const real *x = k->read + i * H, *q = k->state + i * H;
		const real *z = dmerged + i * 4 * H;

		for (size_t h = 0; h < H; h++) {
			real side = (real)((x[h] > q[h]) - (x[h] < q[h]));

			dread[i * H + h] =
			    z[h] + side * z[2 * H + h] + q[h] * z[3 * H + h];
			dstate[i * H + h] = z[H + h] - side * z[2 * H + h] +
					    x[h] * z[3 * H + h];
		}
	}
}

static void
add_all(real *y, const real *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += x[i];
}

/*
 * One turn; dstate [n,H] holds the gradient of s_{t+1} and gets that of s_t.
 */
static void
turn_backward(struct san *s, real *dhidden, real *grad, real *dstate,
    const real *dlogits, size_t t)
{
	size_t H = s->m->config.hidden, C = s->head->outputs, n = s->n;
	const struct turn *k = &s->turn[t];
	struct gru gru = gru_of(s);
	struct gru_grad gru_grad = { grad + s->at.gru_input,
		grad + s->at.gru_state, grad + s->at.gru_input_bias,
		grad + s->at.gru_state_bias };
	real *dread = s->d2, *down = s->d3;
	real *dout = mem_alloc(n * C, sizeof(*dout));
	bool last = t + 1 == s->turns;

	mixture_backward(s, dout, dlogits, t);
	if (!last) {
		gru_backward(dread, down, &gru_grad, s->wide, dstate, k->kept,
		    k->read, k->fed, &gru, n, H);
		/* what the GRU read is done with: keep the gradients there */
		drop(k->fed, down, s, DROP_GRU, t, H);
		memcpy(k->kept, dread, n * H * sizeof(real));
	}
	linear_backward(s->wide, false, grad + s->answer.weight,
	    grad + s->answer.bias, dout, k->merged,
	    s->m->value + s->answer.weight, n, 4 * H, C, s->m->float_product);
	merge_backward(s, dread, dstate, s->wide, t);
	if (!last) {
		add_all(dread, k->kept, n * H);
		add_all(dstate, k->fed, n * H);
	}
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < n; i++)
		read_tokens_backward(down + i * H, dhidden, dread + i * H,
		    k->weight + i * s->longest, s->hidden, k->asked + i * H,
		    s->rows[i].memory, s->rows[i].memory_end, H);
	drop(down, down, s, DROP_MEMORY, t, H);
	linear_backward(dread, false, grad + s->at.attention,
	    grad + s->at.attention_bias, down, k->dropped,
	    s->m->value + s->at.attention, n, H, H, s->m->float_product);
	drop(dread, dread, s, DROP_STATE, t, H);
	add_all(dstate, dread, n * H);
	free(dout);
}

static void
summary_backward(struct san *s, real *dhidden, real *grad, real *dstate)
{
	struct dropout d = dropout_at(s, DROP_QUERY, 0);
	size_t H = s->m->config.hidden;
	const real *w = s->m->value + s->at.query;

	for (size_t i = 0; i < s->n; i++) {
		const struct san_row *r = &s->rows[i];
		real *masked = s->d2 + i * H, *dw = s->d3 + i * H;
		real *g = dstate + i * H;

		for (size_t h = 0; h < H; h++) {
			real f = factor(d, r, H, h);

			masked[h] = w[h] * f;
			g[h] *= f;
		}
		grad[s->at.query_bias] += read_tokens_backward(dw, dhidden, g,
		    s->first + i * s->longest, s->hidden, masked, r->query,
		    r->query_end, H);
		for (size_t h = 0; h < H; h++)
			grad[s->at.query + h] += dw[h] * factor(d, r, H, h);
	}
}

void
san_backward(struct san *s, real *dhidden, real *grad, const real *dlogits)
{
	size_t H = s->m->config.hidden;
	real *dstate = s->d1;

	memset(dstate, 0, s->n * H * sizeof(*dstate));
	for (size_t t = s->turns; t-- > 0;)
		turn_backward(s, dhidden, grad, dstate, dlogits, t);
	summary_backward(s, dhidden, grad, dstate);
}
