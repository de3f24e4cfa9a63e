#include "layer/onednn.h"

#include <string.h>

#if defined(PRODUCT_ONEDNN) && !defined(REAL_DOUBLE)

#include <oneapi/dnnl/dnnl.h>
#include <omp.h>
#include <stdio.h>

/* The arguments of a product, as places in like. */
enum { A, B, C, BIAS, SCRATCH };

static const int argument[ONEDNN_ARGUMENTS] = { DNNL_ARG_SRC, DNNL_ARG_WEIGHTS,
	DNNL_ARG_DST, DNNL_ARG_BIAS, DNNL_ARG_SCRATCHPAD };

/* --- what differs between versions 2 and 3 of the API --- */

#if DNNL_VERSION_MAJOR >= 3

typedef dnnl_memory_desc_t form;
typedef const_dnnl_memory_desc_t form_of;

static bool
form_make(form *f, int dimensions, const dnnl_dims_t size,
    dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	return dnnl_memory_desc_create_with_tag(
		   f, dimensions, size, type, tag) == dnnl_success;
}

static void
form_free(form *f)
{
	dnnl_memory_desc_destroy(*f);
}

static form_of
form_see(const form *f)
{
	return *f;
}

static bool
describe(dnnl_primitive_desc_t *d, dnnl_engine_t engine, const form *f,
    bool bias, dnnl_primitive_attr_t attributes)
{
	return dnnl_matmul_primitive_desc_create(d, engine, f[A], f[B],
		   bias ? f[BIAS] : NULL, f[C], attributes) == dnnl_success;
}

static void
add_to(dnnl_post_ops_t after)
{
	dnnl_post_ops_append_sum(after, 1, 0, dnnl_data_type_undef);
}

#else

typedef dnnl_memory_desc_t form;
typedef const dnnl_memory_desc_t *form_of;

static bool
form_make(form *f, int dimensions, const dnnl_dims_t size,
    dnnl_data_type_t type, dnnl_format_tag_t tag)
{
	return dnnl_memory_desc_init_by_tag(f, dimensions, size, type, tag) ==
	       dnnl_success;
}

static void
form_free(form *f)
{
	(void)f;
}

static form_of
form_see(const form *f)
{
	return f;
}

static bool
describe(dnnl_primitive_desc_t *d, dnnl_engine_t engine, const form *f,
    bool bias, dnnl_primitive_attr_t attributes)
{
	dnnl_matmul_desc_t m;

	return dnnl_matmul_desc_init(&m, &f[A], &f[B], bias ? &f[BIAS] : NULL,
		   &f[C]) == dnnl_success &&
	       dnnl_primitive_desc_create(d, &m, attributes, engine, NULL) ==
		   dnnl_success;
}

static void
add_to(dnnl_post_ops_t after)
{
	dnnl_post_ops_append_sum(after, 1);
}

#endif

/* --- */

void
onednn_version(char name[PRODUCT_NAME])
{
	const dnnl_version_t *v = dnnl_version();

	snprintf(name, PRODUCT_NAME, "%d.%d.%d", v->major, v->minor, v->patch);
}

bool
onednn_start(struct onednn *o)
{
	dnnl_engine_t engine;

	if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success)
		return false;
	o->engine = engine;
	for (size_t i = 0; i < ONEDNN_THREADS; i++) {
		dnnl_stream_t stream = NULL;

		dnnl_stream_create(&stream, engine, dnnl_stream_default_flags);
		o->stream[i] = stream;
	}
	return true;
}

void
onednn_end(struct onednn *o)
{
	for (size_t i = 0; i < ONEDNN_THREADS; i++)
		if (o->stream[i] != NULL)
			dnnl_stream_destroy(o->stream[i]);
	if (o->engine != NULL)
		dnnl_engine_destroy(o->engine);
	memset(o, 0, sizeof(*o));
}

static dnnl_memory_t
memory(const struct onednn *o, form_of f, void *bytes)
{
	dnnl_memory_t m = NULL;

	if (dnnl_memory_create(&m, f, o->engine, bytes) != dnnl_success)
		return NULL;
	return m;
}

/* The forms of a, b, c and the bias. */
static bool
forms_make(form *f, const struct product_shape *s)
{
	static const dnnl_data_type_t left[] = { dnnl_f32, dnnl_bf16, dnnl_u8 };
	static const dnnl_data_type_t right[] = { dnnl_f32, dnnl_bf16,
		dnnl_s8 };
	static const dnnl_data_type_t sum[] = { dnnl_f32, dnnl_f32, dnnl_s32 };
	static const dnnl_format_tag_t packed[] = { dnnl_BA16a64b,
		dnnl_BA16a64b2a, dnnl_BA16a64b4a };
	const dnnl_dims_t a = { (dnnl_dim_t)s->M, (dnnl_dim_t)s->K };
	const dnnl_dims_t b = { (dnnl_dim_t)s->K, (dnnl_dim_t)s->N };
	const dnnl_dims_t c = { (dnnl_dim_t)s->M, (dnnl_dim_t)s->N };
	const dnnl_dims_t bias = { 1, (dnnl_dim_t)s->N };
	dnnl_format_tag_t side = s->side == PRODUCT_PACKED ? packed[s->numbers]
				 : s->side == PRODUCT_TURNED ? dnnl_ba
							     : dnnl_ab;

	return form_make(&f[A], 2, a, left[s->numbers],
		   s->turned ? dnnl_ba : dnnl_ab) &&
	       form_make(&f[B], 2, b, right[s->numbers], side) &&
	       form_make(&f[C], 2, c, sum[s->numbers], dnnl_ab) &&
	       form_make(&f[BIAS], 2, bias, dnnl_f32, dnnl_ab);
}

static dnnl_primitive_attr_t
attributes_of(const struct product_shape *s)
{
	dnnl_primitive_attr_t a;
	dnnl_post_ops_t after;

	dnnl_primitive_attr_create(&a);
	dnnl_primitive_attr_set_scratchpad_mode(a, dnnl_scratchpad_mode_user);
	dnnl_post_ops_create(&after);
	if (s->add)
		add_to(after);
	dnnl_primitive_attr_set_post_ops(a, after);
	dnnl_post_ops_destroy(after);
	return a;
}

static bool
is_reference(dnnl_primitive_desc_t d)
{
	const char *name = "ref";

	dnnl_primitive_desc_query(
	    d, dnnl_query_impl_info_str, 0, (void *)&name);
	return strncmp(name, "ref", 3) == 0 || strstr(name, ":ref") != NULL;
}

/* The primitive of a description, and memory in the forms of its arguments. */
static bool
build(const struct onednn *o, struct onednn_primitive *p,
    dnnl_primitive_desc_t d, const form *f, bool bias)
{
	form_of scratch =
	    dnnl_primitive_desc_query_md(d, dnnl_query_scratchpad_md, 0);
	dnnl_primitive_t made;

	if (dnnl_primitive_create(&made, d) != dnnl_success)
		return false;
	p->primitive = made;
	p->reference = is_reference(d);
	p->scratch = dnnl_memory_desc_get_size(scratch);
	for (int i = A; i <= BIAS; i++)
		if (i != BIAS || bias)
			p->like[i] =
			    memory(o, form_see(&f[i]), DNNL_MEMORY_NONE);
	if (p->scratch > 0)
		p->like[SCRATCH] = memory(o, scratch, DNNL_MEMORY_NONE);
	return true;
}

/*
 * Made for one thread, whatever thread makes it: what is made for several may
 * split sums between them.
 */
bool
onednn_make(const struct onednn *o, struct onednn_primitive *p,
    const struct product_shape *shape)
{
	dnnl_primitive_attr_t a = attributes_of(shape);
	dnnl_primitive_desc_t d;
	int threads = omp_get_max_threads();
	form f[BIAS + 1] = { 0 };
	bool made = false;

	memset(p, 0, sizeof(*p));
	omp_set_num_threads(1);
	if (forms_make(f, shape) &&
	    describe(&d, o->engine, f, shape->bias, a)) {
		made = build(o, p, d, f, shape->bias);
		dnnl_primitive_desc_destroy(d);
	}
	omp_set_num_threads(threads);
	for (int i = A; i <= BIAS; i++)
		form_free(&f[i]);
	dnnl_primitive_attr_destroy(a);
	return made;
}

void
onednn_drop(struct onednn_primitive *p)
{
	for (int i = 0; i < ONEDNN_ARGUMENTS; i++) {
		if (p->like[i] != NULL)
			dnnl_memory_destroy(p->like[i]);
		for (size_t t = 0; t < ONEDNN_KEPT; t++)
			if (p->own[t][i] != NULL)
				dnnl_memory_destroy(p->own[t][i]);
	}
	if (p->primitive != NULL)
		dnnl_primitive_destroy(p->primitive);
	memset(p, 0, sizeof(*p));
}

/* Memory of an argument's form, over bytes of this run's. */
static dnnl_memory_t
over(const struct onednn *o, void *like, void *bytes)
{
	form_of f;

	dnnl_memory_get_memory_desc(like, &f);
	return memory(o, f, bytes);
}

/* The memory of an argument of this run, kept in place where that is given. */
static dnnl_memory_t
argument_of(const struct onednn *o, void *like, void *bytes, void **kept)
{
	if (kept == NULL)
		return over(o, like, bytes);
	if (*kept == NULL)
		*kept = over(o, like, bytes);
	else
		dnnl_memory_set_data_handle(*kept, bytes);
	return *kept;
}

void
onednn_run(const struct onednn *o, struct onednn_primitive *p, void *c,
    const void *a, const void *b, const real *bias, void *scratch)
{
	size_t thread = (size_t)omp_get_thread_num();
	void **own = thread < ONEDNN_KEPT ? p->own[thread] : NULL;
	void *const bytes[ONEDNN_ARGUMENTS] = { (void *)(uintptr_t)a,
		(void *)(uintptr_t)b, c, (void *)(uintptr_t)bias, scratch };
	dnnl_exec_arg_t given[ONEDNN_ARGUMENTS];
	dnnl_stream_t stream = NULL;
	int n = 0;

	for (int i = 0; i < ONEDNN_ARGUMENTS; i++)
		if (p->like[i] != NULL)
			given[n++] = (dnnl_exec_arg_t){ argument[i],
				argument_of(o, p->like[i], bytes[i],
				    own != NULL ? &own[i] : NULL) };
	if (thread >= ONEDNN_THREADS)
		dnnl_stream_create(
		    &stream, o->engine, dnnl_stream_default_flags);
	dnnl_primitive_execute(p->primitive,
	    stream != NULL ? stream : o->stream[thread], n, given);
	if (stream != NULL)
		dnnl_stream_destroy(stream);
	while (own == NULL && n-- > 0)
		dnnl_memory_destroy(given[n].memory);
}

#else

void
onednn_version(char name[PRODUCT_NAME])
{
	name[0] = '\0';
}

bool
onednn_start(struct onednn *o)
{
	(void)o;
	return false;
}

void
onednn_end(struct onednn *o)
{
	(void)o;
}

bool
onednn_make(const struct onednn *o, struct onednn_primitive *p,
    const struct product_shape *shape)
{
	(void)o;
	(void)p;
	(void)shape;
	return false;
}

void
onednn_drop(struct onednn_primitive *p)
{
	(void)p;
}

void
onednn_run(const struct onednn *o, struct onednn_primitive *p, void *c,
    const void *a, const void *b, const real *bias, void *scratch)
{
	(void)o;
	(void)p;
	(void)c;
	(void)a;
	(void)b;
	(void)bias;
	(void)scratch;
}

#endif
