/*
 * safetensors files: eight bytes of header length, a JSON table, the data
 * (mtkd-tensor(5) numbers the bytes).
 *
 * A reader maps the file and trusts nothing: header length, JSON, dtype,
 * shape product, offsets, overlap and file size are checked before anything
 * is allocated; a truncated file is an error.  Our writer puts the largest
 * elements first, pads the header so that the data start on a multiple of 64
 * bytes, and adds to the metadata "crc32" of the data and "header_crc32" of
 * the tensor table (8 hexadecimal digits); where the value of "mtkd" ends in
 * version 2 or more, also "metadata_crc32" of the metadata.
 */
#ifndef DATA_ST_H
#define DATA_ST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/real.h"

/* From ST_BOOL on: of other people's files, where they are left out. */
enum st_type {
	ST_F64,
	ST_I64,
	ST_F32,
	ST_I32,
	ST_F16,
	ST_BF16,
	ST_U8,
	ST_BOOL,
	ST_I8,
	ST_I16,
	ST_U16,
	ST_U32,
	ST_U64
};

enum { ST_MAX_RANK = 8 };

struct st_tensor {
	char *name;
	enum st_type type;
	size_t rank;
	size_t shape[ST_MAX_RANK];
	size_t count;	  /* the product of shape */
	const void *data; /* in the map; aligned only as the file has it */
};

struct st; /* an open file */

/* Map ("-": read stdin) and check everything but the checksums. */
struct st *st_open(const char *path);

/*
 * The same, read into memory: what happens to the file does not matter then.
 * What is known for no tensor file is refused, naming the kinds wanted
 * (base/kind.h).
 */
struct st *st_load(const char *path, unsigned wanted);

/* Ends the program, naming its kind, if it is known for none of those wanted.
 */
void st_refuse(const struct st *s, unsigned wanted);

/* Ends the program if a mapped file was written to since it was opened. */
void st_check_unchanged(const struct st *s);

void st_close(struct st *s);

const char *st_path(const struct st *s);
/* Tensors in the order of their data; where in the file tensor i starts. */
size_t st_count(const struct st *s);
const struct st_tensor *st_at(const struct st *s, size_t i);
size_t st_offset(const struct st *s, size_t i);

/* By name; NULL if it is not there. */
const struct st_tensor *st_find(const struct st *s, const char *name);

/* By name, type and rank; ends the program where the file has it otherwise. */
const struct st_tensor *st_need(
    const struct st *s, const char *name, enum st_type type, size_t rank);

/* A value of __metadata__, or NULL; st_need_meta ends the program instead. */
const char *st_meta(const struct st *s, const char *key);
const char *st_need_meta(const struct st *s, const char *key);
size_t st_meta_count(const struct st *s);
void st_meta_at(
    const struct st *s, size_t i, const char **key, const char **value);

/*
 * Compare the checksums with data, table and metadata: ends the program if
 * they differ, or if a file of ours from version 2 on lacks one; false if the
 * file has none.
 */
bool st_check(const struct st *s);

size_t st_type_size(enum st_type type);
const char *st_type_name(enum st_type type);

/* count numbers of a tensor from element first on, widened or narrowed. */
void st_get_float(
    float *out, const struct st_tensor *t, size_t first, size_t count);
void st_get_double(
    double *out, const struct st_tensor *t, size_t first, size_t count);
void st_get_real(
    real *out, const struct st_tensor *t, size_t first, size_t count);

/* IEEE half and bfloat16, round to nearest even. */
uint16_t st_to_half(float x);
float st_from_half(uint16_t x);
uint16_t st_to_bfloat(float x);
float st_from_bfloat(uint16_t x);

struct st_writer;

/*
 * A file in the making ("-": stdout), written by st_commit or not at all.
 * Ends the program where a file is that is no tensor file.
 */
struct st_writer *st_create(const char *path);

void st_put_meta(struct st_writer *w, const char *key, const char *value);

/*
 * Add a tensor.  The data are not copied and must live until st_commit; they
 * are written in the order of st_add, the largest elements first.
 */
void st_add(struct st_writer *w, const char *name, enum st_type type,
    size_t rank, const size_t *shape, const void *data);

/*
 * The same from a stream that can be read again: st_commit reads it from its
 * start, once for the checksum and once for the file.
 */
void st_add_stream(struct st_writer *w, const char *name, enum st_type type,
    size_t rank, const size_t *shape, FILE *stream);

/* Write header, data and checksums; frees w. */
void st_commit(struct st_writer *w);

#endif
