#include "layer/product.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <omp.h>
#include <string.h>

#include "layer/blocked.h"
#include "layer/onednn.h"
#include "layer/openblas.h"

enum {
	PLANS = 4096, /* places in the table of primitives */
	PLANS_FULL = 2048,
	WEIGHTS = 8192, /* and in that of packed weights */
	WEIGHTS_FULL = 6144,
	SHORT = 16, /* sides below are not worth packing */
	LINE = 64   /* bytes that scratch is aligned to */
};

const char product_names[] = "float32|bf16|int8|auto";
const char product_train_names[] = "float32|bf16|auto";

struct product_plan {
	struct product_shape shape;
	struct onednn_primitive primitive;
	bool there;
};

struct weights {
	const real *w;
	size_t N, K;
	bool turned;
	unsigned long long version; /* of what is packed */
	const void *packed;
	void *held; /* memory of ours: packed, or scales of what is not ours */
	struct blocked_scales scales;
};

struct product {
	enum product_numbers numbers;
	bool ready; /* oneDNN multiplies */
	struct product_memory memory;
	struct onednn onednn;
	unsigned long long version; /* of the weights, from 1 on */
	struct product_plan plan[PLANS];
	size_t plans;
	struct weights weights[WEIGHTS];
	size_t packed;
	bool given; /* weights were packed before */
	char *scratch;
	size_t room, all, own; /* bytes, of all and for each thread */
	size_t need;	       /* of a primitive, for each thread */
};

size_t
product_size(void)
{
	return sizeof(struct product);
}

void
product_convert(void *to, const real *x, size_t n, enum product_numbers numbers)
{
	if (numbers == PRODUCT_BF16)
		blocked_round(to, x, n);
	else
		memcpy(to, x, n * sizeof(*x));
}

/* --- plans --- */

static size_t
mixed(size_t hash, size_t value)
{
	return (hash ^ value) * (size_t)0x9e3779b97f4a7c15;
}

static bool
same_shape(const struct product_shape *a, const struct product_shape *b)
{
	return a->numbers == b->numbers && a->side == b->side &&
	       a->turned == b->turned && a->add == b->add &&
	       a->bias == b->bias && a->M == b->M && a->N == b->N &&
	       a->K == b->K;
}

static struct product_plan *
find_plan(struct product *p, const struct product_shape *s)
{
	size_t flags = (size_t)s->numbers << 8 | (size_t)s->side << 4 |
		       (size_t)s->turned << 2 | (size_t)s->add << 1 | s->bias;
	size_t at =
	    mixed(mixed(mixed(mixed(0, s->M), s->N), s->K), flags) >> 32;

	for (;; at++) {
		struct product_plan *plan = &p->plan[at % PLANS];

		if (!plan->there || same_shape(&plan->shape, s))
			return plan;
	}
}

static void
drop_plans(struct product *p)
{
	for (size_t i = 0; i < PLANS && p->plans > 0; i++)
		if (p->plan[i].there) {
			onednn_drop(&p->plan[i].primitive);
			p->plan[i].there = false;
		}
	p->plans = 0;
}

static void
drop_weights(struct product *p)
{
	for (size_t i = 0; i < WEIGHTS && p->packed > 0; i++)
		if (p->weights[i].w != NULL) {
			p->memory.give(p->weights[i].held);
			memset(&p->weights[i], 0, sizeof(p->weights[i]));
		}
	p->packed = 0;
	p->given = false;
}

bool
product_begin(
    struct product *p, size_t N, size_t K, enum product_numbers *numbers)
{
	if (p == NULL || !p->ready || N == 0 || K == 0)
		return false;
	if (p->plans >= PLANS_FULL)
		drop_plans(p);
	if (p->packed >= WEIGHTS_FULL && !p->given)
		drop_weights(p);
	p->need = 0;
	*numbers = product_numbers_of(p, N, K);
	return true;
}

enum product_numbers
product_numbers_of(const struct product *p, size_t N, size_t K)
{
	bool other = p != NULL && p->ready && product_packs(N, K);

	return other ? p->numbers : PRODUCT_FLOAT32;
}

/* What oneDNN has no fast product of is OpenBLAS's, if it knows the numbers. */
static void
make(const struct product *p, struct product_plan *plan)
{
	onednn_make(&p->onednn, &plan->primitive, &plan->shape);
	if (plan->primitive.reference && plan->shape.numbers == PRODUCT_FLOAT32)
		onednn_drop(&plan->primitive);
}

const struct product_plan *
product_plan(struct product *p, const struct product_shape *shape)
{
	struct product_plan *plan;

	if (shape->M == 0)
		return NULL;
	plan = find_plan(p, shape);
	if (!plan->there) {
		plan->shape = *shape;
		plan->there = true;
		p->plans++;
		make(p, plan);
	}
	if (plan->primitive.scratch > p->need)
		p->need = plan->primitive.scratch;
	return plan;
}

const struct product_shape *
product_shape_of(const struct product_plan *plan)
{
	return &plan->shape;
}

static size_t
lines(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

/* By OpenBLAS; a and b are real. */
static void
run_plain(const struct product_shape *s, real *c, const real *a, const real *b,
    const real *bias)
{
	for (size_t m = 0; s->bias && m < s->M; m++)
		memcpy(c + m * s->N, bias, s->N * sizeof(*c));
	openblas_product(s->turned, s->side == PRODUCT_TURNED, s->M, s->N, s->K,
	    a, s->turned ? s->M : s->K, b,
	    s->side == PRODUCT_TURNED ? s->K : s->N, s->add || s->bias, c,
	    s->N);
}

static char *
scratch_of(const struct product *p)
{
	size_t each = lines(p->own) + lines(p->need);

	return p->scratch + lines(p->all) + (size_t)omp_get_thread_num() * each;
}

void
product_run(const struct product *p, const struct product_plan *plan, void *c,
    const void *a, const void *b, const real *bias)
{
	if (plan->primitive.primitive == NULL) {
		run_plain(&plan->shape, c, a, b, bias);
		return;
	}
	onednn_run(&p->onednn,
	    (struct onednn_primitive *)(uintptr_t)&plan->primitive, c, a, b,
	    bias, scratch_of(p) + lines(p->own));
}

void *
product_scratch(struct product *p, size_t all, size_t own)
{
	size_t threads = (size_t)omp_get_max_threads();
	size_t bytes = lines(all) + threads * (lines(own) + lines(p->need));

	if (bytes > p->room) {
		p->memory.give(p->scratch);
		p->room = bytes + bytes / 8;
		p->scratch = p->memory.take(p->room);
	}
	p->all = all;
	p->own = own;
	return p->scratch;
}

void *
product_own(const struct product *p)
{
	return scratch_of(p);
}

/* --- packed weights --- */

static struct weights *
find_weights(struct product *p, const real *w, size_t N, size_t K, bool turned)
{
	size_t at =
	    mixed(mixed(mixed(mixed(0, (uintptr_t)w), N), K), turned) >> 32;

	for (;; at++) {
		struct weights *e = &p->weights[at % WEIGHTS];

		if (e->w == NULL || (e->w == w && e->N == N && e->K == K &&
					e->turned == turned))
			return e;
	}
}

/* In the other order, too, where that was ever wanted: w is read once. */
static void
pack(struct product *p, struct weights *e)
{
	struct weights *other = find_weights(p, e->w, e->N, e->K, !e->turned);
	const struct weights *plain = e->turned ? other : e;
	const struct weights *turned = e->turned ? e : other;

	e->version = p->version;
	if (p->numbers != PRODUCT_BF16 || other->w == NULL ||
	    other->version == p->version) {
		blocked_fill(e->held, e->w, e->turned ? e->N : e->K,
		    e->turned ? e->K : e->N, e->turned, p->numbers);
		return;
	}
	other->version = p->version;
	blocked_fill_both(plain->held, turned->held, e->w, e->K, e->N);
}

static const void *
packed(struct product *p, const real *w, size_t N, size_t K, bool turned)
{
	struct weights *e = find_weights(p, w, N, K, turned);
	size_t rows = turned ? N : K, columns = turned ? K : N;

	if (e->w == NULL) {
		*e = (struct weights){
			.w = w, .N = N, .K = K, .turned = turned
		};
		e->packed = e->held =
		    p->memory.take(blocked_bytes(rows, columns, p->numbers));
		e->scales = blocked_scales(e->held, rows, columns);
		p->packed++;
	}
	if (e->version != p->version)
		pack(p, e);
	return e->packed;
}

/* Parts in a row, in memory as they must be side by side? */
static bool
in_a_row(const struct product_part *part, size_t parts, size_t K,
    enum product_numbers numbers)
{
	for (size_t i = 0; i + 1 < parts; i++)
		if (part[i].N % BLOCKED_COLUMNS != 0 ||
		    (const char *)part[i].packed +
			    blocked_column(part[i].N, K, numbers) !=
			part[i + 1].packed)
			return false;
	return true;
}

void
product_give(struct product *p, const real *w, size_t K,
    const struct product_part *part, size_t parts)
{
	bool scaled = p->numbers == PRODUCT_INT8;
	bool whole = in_a_row(part, parts, K, p->numbers);
	struct weights *e;
	size_t N = 0, n = 0;
	float *scale, *sum;

	for (size_t i = 0; i < parts; i++)
		N += part[i].N;
	e = find_weights(p, w, N, K, false);
	*e = (struct weights){ .w = w, .N = N, .K = K, .version = p->version };
	e->held = p->memory.take(
	    whole ? 2 * N * sizeof(float) : blocked_bytes(K, N, p->numbers));
	e->packed = whole ? part[0].packed : e->held;
	scale = whole ? e->held
		      : (float *)(uintptr_t)blocked_scales(e->held, K, N).scale;
	sum = whole ? scale + N
		    : (float *)(uintptr_t)blocked_scales(e->held, K, N).sum;
	e->scales = (struct blocked_scales){ scale, sum };
	for (size_t i = 0; i < parts; n += part[i++].N) {
		if (!whole)
			blocked_copy(e->held, n, part[i].packed, part[i].N, K,
			    p->numbers);
		if (!scaled)
			continue;
		memcpy(scale + n, part[i].scales.scale,
		    part[i].N * sizeof(*scale));
		memcpy(sum + n, part[i].scales.sum, part[i].N * sizeof(*sum));
	}
	p->packed++;
	p->given = true;
}

bool
product_packs(size_t N, size_t K)
{
	return N >= SHORT && K >= SHORT;
}

const void *
product_weights(struct product *p, const real *w, size_t N, size_t K,
    bool turned, enum product_side *side)
{
	if (p->numbers != PRODUCT_FLOAT32 && product_packs(N, K)) {
		*side = PRODUCT_PACKED;
		return packed(p, w, N, K, turned);
	}
	*side = turned ? PRODUCT_PLAIN : PRODUCT_TURNED;
	return w;
}

const void *
product_columns(const void *weights, enum product_side side,
    enum product_numbers numbers, size_t first, size_t K)
{
	size_t bytes = side == PRODUCT_PACKED
			   ? blocked_column(first, K, numbers)
			   : first * K * product_bytes(numbers);

	return (const char *)weights + bytes;
}

struct blocked_scales
product_scales(const struct product *p, const real *w, size_t N, size_t K)
{
	return find_weights((struct product *)(uintptr_t)p, w, N, K, false)
	    ->scales;
}

void
product_changed(struct product *p)
{
	p->version++;
}

/* --- start and end --- */

void
product_library(char name[PRODUCT_NAME])
{
	char version[PRODUCT_NAME];

	onednn_version(version);
	if (version[0] == '\0') {
		openblas_version(name);
		return;
	}
	memcpy(name, "oneDNN ", 7);
	memcpy(name + 7, version, PRODUCT_NAME - 7);
	name[PRODUCT_NAME - 1] = '\0';
}

/* A number between -1 and 1 that bfloat16 holds. */
static real
sample(size_t i)
{
	return (real)((int)(i * 37 % 255) - 127) / 128;
}

enum { CHECK_M = 5, CHECK_N = 70, CHECK_K = 40 };

/* The same, with one of 127/128 in each row: 8 bits then hold all exactly. */
static real
weight(size_t i)
{
	return i % CHECK_K == 0 ? (real)127 / 128 : sample(i);
}

/* Is the product of samples what plain code makes of them? */
static bool
right(const real *c)
{
	for (size_t m = 0; m < CHECK_M; m++)
		for (size_t n = 0; n < CHECK_N; n++) {
			double sum = 0;

			for (size_t k = 0; k < CHECK_K; k++)
				sum += (double)sample(m * CHECK_K + k) *
				       (double)weight(n * CHECK_K + k);
			if (!(fabs((double)c[m * CHECK_N + n] - sum) < 1e-4))
				return false;
		}
	return true;
}

/* Numbers of 8 bits from sample, and the sums of their products. */
static bool
right_sums(const int32_t *c)
{
	for (size_t m = 0; m < CHECK_M; m++)
		for (size_t n = 0; n < CHECK_N; n++) {
			int32_t sum = 0;

			for (size_t k = 0; k < CHECK_K; k++)
				sum += (int32_t)((m * CHECK_K + k) % 256) *
				       (int32_t)(128 * weight(n * CHECK_K + k));
			if (c[m * CHECK_N + n] != sum)
				return false;
		}
	return true;
}

static const char *
check(struct product *p, enum product_numbers numbers)
{
	real a[CHECK_M * CHECK_K], w[CHECK_N * CHECK_K], c[CHECK_M * CHECK_N];
	char left[sizeof(a)];
	struct product_shape s = {
		.numbers = numbers, .M = CHECK_M, .N = CHECK_N, .K = CHECK_K
	};
	const struct product_plan *plan;
	const void *b;

	for (size_t i = 0; i < sizeof(a) / sizeof(*a); i++)
		a[i] = sample(i);
	for (size_t i = 0; i < sizeof(w) / sizeof(*w); i++)
		w[i] = weight(i);
	product_begin(p, CHECK_N, CHECK_K, &numbers);
	b = product_weights(p, w, CHECK_N, CHECK_K, false, &s.side);
	plan = product_plan(p, &s);
	if (numbers != PRODUCT_FLOAT32 &&
	    (plan->primitive.primitive == NULL || plan->primitive.reference))
		return "oneDNN has no fast products of them here";
	product_scratch(p, 0, 0);
	for (size_t i = 0; i < CHECK_M * CHECK_K; i++)
		left[i] = (char)(i % 256);
	if (numbers != PRODUCT_INT8)
		product_convert(left, a, CHECK_M * CHECK_K, numbers);
	product_run(p, plan, c, left, b, NULL);
	drop_weights(p);
	if (numbers == PRODUCT_INT8 ? right_sums((const int32_t *)(void *)c)
				    : right(c))
		return NULL;
	return "the library multiplies wrongly";
}

/* Whether the CPU itself multiplies such numbers. */
static bool
has(enum product_numbers numbers)
{
#if defined(__x86_64__)
	enum { AMX_BF16 = 1 << 22, AMX_INT8 = 1 << 25, LEAF = 7 };
	unsigned a, b, c, d = 0;

	__builtin_cpu_init();
	if (__get_cpuid_count(LEAF, 0, &a, &b, &c, &d) == 0)
		d = 0;
	switch (numbers) {
	case PRODUCT_BF16:
		return __builtin_cpu_supports("avx512bf16") ||
		       (d & AMX_BF16) != 0;
	case PRODUCT_INT8:
		return __builtin_cpu_supports("avx512vnni") ||
		       (d & AMX_INT8) != 0;
	default:
		return true;
	}
#else
	return numbers == PRODUCT_FLOAT32;
#endif
}

enum product_numbers
product_auto(void)
{
	char version[PRODUCT_NAME];

	onednn_version(version);
	return version[0] != '\0' && has(PRODUCT_BF16) ? PRODUCT_BF16
						       : PRODUCT_FLOAT32;
}

const char *
product_start(struct product *p, enum product_numbers numbers,
    const struct product_memory *memory)
{
	openblas_start();
	product_end(p);
	p->numbers = numbers;
	p->memory = *memory;
	p->version = 1;
	if (!has(numbers))
		return numbers == PRODUCT_BF16
			   ? "this CPU does not multiply them: it has neither "
			     "AVX512_BF16 nor AMX"
			   : "this CPU does not multiply them: it has neither "
			     "AVX512_VNNI nor AMX";
	p->ready = onednn_start(&p->onednn);
	if (p->ready)
		return check(p, numbers);
	return numbers == PRODUCT_FLOAT32
		   ? NULL
		   : "built without oneDNN, which multiplies them";
}

void
product_end(struct product *p)
{
	if (!p->ready)
		return;
	drop_plans(p);
	drop_weights(p);
	p->memory.give(p->scratch);
	p->scratch = NULL;
	p->room = 0;
	onednn_end(&p->onednn);
	p->ready = false;
}
