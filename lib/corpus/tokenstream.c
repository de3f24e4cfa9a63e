#include "corpus/tokenstream.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/stream.h"
#include "base/text.h"
#include "base/utf8.h"
#include "corpus/tokenhead.h"

#define BLOCK ((size_t)1 << 21) /* asked for at once */
#define CHUNK ((size_t)1 << 16) /* given to a thread, whole lines */
#define ID_TEXT 12		/* "2147483647 " and its length */

/* Ids as text, ended by a space. */
struct id_text {
	char text[ID_TEXT - 1];
	uint8_t size;
};

/* What one thread has of its own. */
struct worker {
	struct tokenizer *tokenizer;
	struct tokenizer_ids ids;
	struct buf mended;
	unsigned long long replaced;
};

enum problem { FINE, BAD_UTF8, BAD_WIDTH };

struct chunk {
	const char *start; /* in the block */
	const char *text;  /* the same, or mended */
	size_t size;
	struct buf out;
	enum problem problem;
	size_t line; /* of the problem, from 0 in the chunk */
	size_t got;  /* the byte of the line, or columns */
};

struct stream {
	const struct tokenstream_settings *settings;
	struct tokenhead head;
	struct id_text *id_text;
	struct worker *worker; /* [threads] */
	struct chunk *chunk;
	size_t chunks, room;
	size_t line; /* of the block's start, from 0 */
	FILE *out;
};

static struct id_text *
print_ids(const struct vocab *v)
{
	struct id_text *t = mem_alloc(v->size, sizeof(*t));

	for (size_t i = 0; i < v->size; i++) {
		char text[24];
		int n = snprintf(text, sizeof(text), "%zu ", i);

		memset(&t[i], 0, sizeof(t[i]));
		memcpy(t[i].text, text, (size_t)n);
		t[i].size = (uint8_t)n;
	}
	return t;
}

static void
put_ids(
    const struct stream *s, const struct tokenizer_ids *ids, struct buf *out)
{
	char *to = buf_reserve(out, ids->count * ID_TEXT), *start = to;

	for (size_t i = 0; i < ids->count; i++) {
		const struct id_text *t = &s->id_text[ids->id[i]];

		memcpy(to, t->text, 8);
		if (t->size > 8)
			memcpy(to + 8, t->text + 8, sizeof(t->text) - 8);
		to += t->size;
	}
	out->size += (size_t)(to - start);
}

static void
put_pieces(
    const struct stream *s, const struct tokenizer_ids *ids, struct buf *out)
{
	for (size_t i = 0; i < ids->count; i++) {
		buf_text(out, s->settings->vocab->piece[ids->id[i]]);
		buf_byte(out, ' ');
	}
}

/* A text's ids, and last the byte that ends it. */
static void
put_text(const struct stream *s, struct worker *w, const char *text, size_t n,
    char last, struct buf *out)
{
	w->ids.count = 0;
	tokenizer_encode(w->tokenizer, text, n, &w->ids);
	if (s->settings->pieces)
		put_pieces(s, &w->ids, out);
	else
		put_ids(s, &w->ids, out);
	if (w->ids.count > 0)
		out->size--;
	buf_byte(out, last);
}

static size_t
count(const char *text, size_t n, char byte)
{
	const char *p = text, *end = text + n;
	size_t found = 0;

	for (; (p = memchr(p, byte, (size_t)(end - p))) != NULL; p++)
		found++;
	return found;
}

/* False if the row has not as many columns as the header. */
static bool
put_row(const struct stream *s, struct worker *w, const char *text, size_t n,
    struct chunk *c)
{
	const char *end, *tab = text;
	size_t columns = s->head.columns;

	n = text_line(text, n);
	end = text + n;
	c->got = count(text, n, '\t') + 1;
	if (c->got != columns)
		return false;
	for (size_t i = 0; i < columns; i++, text = tab + 1) {
		char last = i + 1 < columns ? '\t' : '\n';

		tab = memchr(text, '\t', (size_t)(end - text));
		if (tab == NULL)
			tab = end;
		if (s->head.text[i]) {
			put_text(
			    s, w, text, (size_t)(tab - text), last, &c->out);
			continue;
		}
		buf_add(&c->out, text, (size_t)(tab - text));
		buf_byte(&c->out, last);
	}
	return true;
}

static void
replace(struct worker *w, struct chunk *c)
{
	buf_clear(&w->mended);
	w->replaced += utf8_replace(&w->mended, c->text, c->size);
	c->text = w->mended.data;
	c->size = w->mended.size;
}

static void
note_bad(struct chunk *c, size_t bad)
{
	size_t start = bad;

	while (start > 0 && c->text[start - 1] != '\n')
		start--;
	c->problem = BAD_UTF8;
	c->line = count(c->text, start, '\n');
	c->got = bad - start + 1;
}

static void
work(const struct stream *s, struct worker *w, struct chunk *c)
{
	size_t good = utf8_check(c->text, c->size);
	const char *p, *end, *stop;

	if (good < c->size && !s->settings->replace) {
		note_bad(c, good);
		return;
	}
	if (good < c->size)
		replace(w, c);
	for (p = c->text, end = p + c->size; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		if (s->settings->lines) {
			put_text(s, w, p, (size_t)(stop - p), '\n', &c->out);
		} else if (!put_row(s, w, p, (size_t)(stop - p), c)) {
			c->problem = BAD_WIDTH;
			return;
		}
		c->line++;
	}
}

static _Noreturn void
report(const struct stream *s, const struct chunk *c, const char *block)
{
	size_t line = s->line + c->line + 1 +
		      count(block, (size_t)(c->start - block), '\n');

	if (c->problem == BAD_UTF8)
		die_at(s->head.path, line,
		    "invalid UTF-8 at byte %zu of the line", c->got);
	die_at(s->head.path, line, "%zu column%s, expected %zu", c->got,
	    num_s(c->got), s->head.columns);
}

/* Cut a block of whole lines into chunks of whole lines. */
static void
cut(struct stream *s, const char *text, size_t n)
{
	const char *end = text + n;

	for (s->chunks = 0; text < end; s->chunks++) {
		size_t left = (size_t)(end - text), old = s->room;
		const char *stop = end;
		struct chunk *c;

		if (left > CHUNK)
			stop = memchr(text + CHUNK, '\n', left - CHUNK);
		stop = stop == NULL || stop == end ? end : stop + 1;
		s->chunk = mem_grow(
		    s->chunk, &s->room, s->chunks + 1, sizeof(*s->chunk));
		for (; old < s->room; old++)
			s->chunk[old] = (struct chunk){ 0 };
		c = &s->chunk[s->chunks];
		buf_clear(&c->out);
		*c = (struct chunk){ text, text, (size_t)(stop - text), c->out,
			FINE, 0, 0 };
		text = stop;
	}
}

static void
put_bytes(const struct buf *b, FILE *out)
{
	if (b->size > 0)
		fwrite(b->data, 1, b->size, out);
}

/* Order is kept: chunks are written as they stood. */
static void
put_block(struct stream *s, const char *text, size_t n)
{
	long long chunks;

	cut(s, text, n);
	chunks = (long long)s->chunks;
#pragma omp parallel for schedule(dynamic, 1) num_threads(s->settings->threads)
	for (long long i = 0; i < chunks; i++)
		work(s, &s->worker[omp_get_thread_num()], &s->chunk[i]);
	for (size_t i = 0; i < s->chunks; i++) {
		const struct chunk *c = &s->chunk[i];

		if (c->problem != FINE)
			report(s, c, text);
		put_bytes(&c->out, s->out);
	}
	s->line += count(text, n, '\n');
}

/* What the first bytes say, before they are taken for lines or a table. */
static void
look(struct stream *s, const char *text, size_t n)
{
	s->head.found = kind_of_bytes(text, n);
	if (!s->head.found.sure)
		return;
	if (s->settings->lines)
		kind_refuse(&s->head.found, s->head.path, kind_plain);
	else if (s->head.found.kind != KIND_TABLE)
		tokenhead_refuse(&s->head);
}

/* Whole lines: those of the head first. */
static void
put_lines(struct stream *s, const char *text, size_t n)
{
	struct buf head = { 0 };

	if (s->line == 0)
		look(s, text, n);
	while (!s->settings->lines && !s->head.complete && n > 0) {
		const char *stop = memchr(text, '\n', n);
		size_t size = (size_t)(stop - text), good;

		good = utf8_check(text, size);
		if (good < size)
			die_at(s->head.path, s->line + 1,
			    "invalid UTF-8 at byte %zu of the line", good + 1);
		tokenhead_take(&s->head, text, size, &head);
		s->line++;
		text += size + 1;
		n -= size + 1;
	}
	put_bytes(&head, s->out);
	buf_free(&head);
	put_block(s, text, n);
	if (fflush(s->out) != 0)
		die("%s:", s->settings->output);
}

/* What is after the last line break of text's bytes from old to size. */
static size_t
whole_lines(const char *text, size_t old, size_t size)
{
	while (size > old && text[size - 1] != '\n')
		size--;
	return size > old ? size : 0;
}

/* What no line end follows: plain text ends so, and a table is cut there. */
static void
take_rest(struct stream *s, const char *text, size_t n)
{
	if (s->settings->lines) {
		if (n > 0)
			put_lines(s, text, n);
		return;
	}
	if (s->line == 0)
		look(s, text, n);
	if (s->line == 0 || (n > 0 && !s->head.complete))
		tokenhead_refuse(&s->head);
	if (n > 0)
		die_at(s->head.path, s->line + 1,
		    "the last line does not end in a newline: the table is "
		    "cut");
	if (!s->head.complete)
		die_at(s->head.path, s->line,
		    "the file ends before a header row of examples");
}

/* Only the first line can be longer than a block. */
static void
check_length(const struct stream *s, const char *text, size_t n)
{
	if (n > LINES_MOST && memchr(text, '\n', LINES_MOST + 1) == NULL)
		lines_too_long(s->head.path, s->line + 1);
}

static void
copy(struct stream *s, int fd)
{
	struct buf in = { 0 };
	size_t got;

	for (;;) {
		char *to = buf_reserve(&in, BLOCK);
		size_t whole;

		got = stream_read(fd, s->head.path, to, BLOCK);
		if (got == 0)
			break;
		in.size += got;
		whole = whole_lines(in.data, in.size - got, in.size);
		check_length(s, in.data, in.size);
		if (whole == 0)
			continue;
		put_lines(s, in.data, whole);
		in.size -= whole;
		memmove(in.data, in.data + whole, in.size);
	}
	take_rest(s, in.data, in.size);
	buf_free(&in);
}

static struct worker *
make_workers(const struct tokenstream_settings *settings)
{
	struct worker *w = mem_zero((size_t)settings->threads, sizeof(*w));

	w[0].tokenizer = tokenizer_new(settings->vocab);
	for (int i = 1; i < settings->threads; i++)
		w[i].tokenizer = tokenizer_twin(w[0].tokenizer);
	return w;
}

static struct tokenstream_count
free_workers(struct worker *w, int n)
{
	struct tokenstream_count sum = { 0 };

	for (int i = n - 1; i >= 0; i--) {
		struct tokenizer_count c = tokenizer_counted(w[i].tokenizer);

		sum.words.words += c.words;
		sum.words.unknown += c.unknown;
		sum.replaced += w[i].replaced;
		tokenizer_free(w[i].tokenizer);
		buf_free(&w[i].mended);
		free(w[i].ids.id);
	}
	free(w);
	return sum;
}

struct tokenstream_count
tokenstream_run(
    const struct tokenstream_settings *settings, const char *path, FILE *out)
{
	struct stream s = { .settings = settings, .out = out };
	FILE *in;

	kind_refuse_folder(path, settings->lines ? kind_plain : KIND_EXAMPLES);
	in = file_read(path);
	s.head.path = file_name(path);
	s.head.vocab = settings->vocab;
	s.id_text = print_ids(settings->vocab);
	s.worker = make_workers(settings);
	copy(&s, fileno(in));
	for (size_t i = 0; i < s.room; i++)
		buf_free(&s.chunk[i].out);
	free(s.chunk);
	free(s.id_text);
	if (in != stdin)
		fclose(in);
	return free_workers(s.worker, settings->threads);
}
