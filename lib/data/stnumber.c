/* Numbers of tensors; the data may stand at any byte. */
#include <string.h>

#include "data/st.h"

static void
half_to_float(float *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint16_t h;

		memcpy(&h, p + 2 * i, sizeof(h));
		out[i] = st_from_half(h);
	}
}

static void
bfloat_to_float(float *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint16_t h;

		memcpy(&h, p + 2 * i, sizeof(h));
		out[i] = st_from_bfloat(h);
	}
}

static double
get_one(const struct st_tensor *t, size_t i)
{
	const unsigned char *p = t->data;
	double d;
	float f;
	int64_t l;
	int32_t n;
	uint16_t h;

	p += i * st_type_size(t->type);
	switch (t->type) {
	case ST_F64:
		memcpy(&d, p, sizeof(d));
		return d;
	case ST_F32:
		memcpy(&f, p, sizeof(f));
		return (double)f;
	case ST_I64:
		memcpy(&l, p, sizeof(l));
		return (double)l;
	case ST_I32:
		memcpy(&n, p, sizeof(n));
		return n;
	case ST_F16:
		memcpy(&h, p, sizeof(h));
		return (double)st_from_half(h);
	case ST_BF16:
		memcpy(&h, p, sizeof(h));
		return (double)st_from_bfloat(h);
	case ST_I8:
		return (double)(int8_t)*p;
	case ST_I16:
		memcpy(&h, p, sizeof(h));
		return (double)(int16_t)h;
	case ST_U16:
		memcpy(&h, p, sizeof(h));
		return h;
	case ST_U32:
		memcpy(&n, p, sizeof(n));
		return (double)(uint32_t)n;
	case ST_U64:
		memcpy(&l, p, sizeof(l));
		return (double)(uint64_t)l;
	case ST_U8:
	case ST_BOOL:
		break;
	}
	return *p;
}

void
st_get_float(float *out, const struct st_tensor *t, size_t first, size_t count)
{
	const unsigned char *p = t->data;

	p += first * st_type_size(t->type);
	if (t->type == ST_F32 && count > 0)
		memcpy(out, p, count * sizeof(*out));
	else if (t->type == ST_F16)
		half_to_float(out, p, count);
	else if (t->type == ST_BF16)
		bfloat_to_float(out, p, count);
	else
		for (size_t i = 0; i < count; i++)
			out[i] = (float)get_one(t, first + i);
}

void
st_get_double(
    double *out, const struct st_tensor *t, size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out[i] = get_one(t, first + i);
}
