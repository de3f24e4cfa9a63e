/*
 * conf: JSON and YAML that is taken as it should be, and all that is refused.
 */
#include "check.h"

#include <float.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "refused.h"

static struct conf *
json(const char *text)
{
	return conf_json("a.json", text, strlen(text));
}

static void
run_json(const void *text)
{
	conf_free(json(text));
}

static void
run_yaml(const void *text)
{
	conf_free(conf_yaml("a.yml", text, strlen(text)));
}

/* JSON text -> the scalar it stands for. */
static const struct {
	const char *json, *text;
} scalars[] = {
	{ "\"\"", "" },
	{ "\"a b\"", "a b" },
	{ " \n\t\r\"x\" \n", "x" },
	{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
	{ "\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac" },
	{ "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
	{ "\"\\uD800\\uDC00\\uDBFF\\uDFFF\"",
	    "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	{ "\"\\ud7ff\\ue000\\uffff\"", "\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf" },
	{ "\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80" },
	{ "\"\x7f\xc2\x80\xc2\x85\xe2\x80\xa8\xef\xbb\xbf\"",
	    "\x7f\xc2\x80\xc2\x85\xe2\x80\xa8\xef\xbb\xbf" },
	{ "\"  two  spaces  \"", "  two  spaces  " },
	{ "\"# no comment: &a *b !c %d @e `f` | > - ? , [] {}\"",
	    "# no comment: &a *b !c %d @e `f` | > - ? , [] {}" },
	{ "\"--- ...\"", "--- ..." },
	{ "0", "0" },
	{ "-0.5e+10", "-0.5e+10" },
	{ "123456789012345678901234567890", "123456789012345678901234567890" },
	{ "true", "true" },
	{ "null", "null" },
};

static void
check_scalars(void)
{
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		struct conf *c = json(scalars[i].json);

		CHECK(c->kind == CONF_SCALAR);
		CHECK(c->quoted == (strchr(scalars[i].json, '"') != NULL));
		CHECK_TEXT(c->text, scalars[i].text);
		conf_free(c);
	}
}

static const struct {
	const char *json, *words;
} bad_json[] = {
	{ "", "the text ends, expected a value" },
	{ " ", "the text ends" },
	{ "{", "the text ends, expected a string" },
	{ "[1", "expected ',' or ']'" },
	{ "[1,]", "expected another item" },
	{ "{\"a\":1,}", "expected another item" },
	{ "[,1]", "expected a value" },
	{ "{a:1}", "expected a string in double quotes" },
	{ "{'a':1}", "expected a string in double quotes" },
	{ "{1:1}", "expected a string in double quotes" },
	{ "{\"a\" 1}", "expected ':'" },
	{ "{\"a\":1 \"b\":2}", "expected ',' or '}'" },
	{ "{\"a\":1,\n\"a\":2}", "a.json:2: key 'a' stands twice" },
	{ "{\"a\":1,\"\\u0061\":2}", "key 'a' stands twice" },
	{ "[1]\n[2]", "a.json:2: byte 0x5b: expected the end" },
	{ "1 2", "expected the end" },
	{ "{} x", "expected the end" },
	{ "# c\n1", "expected a value" },
	{ "[1, # c\n2]", "expected a value" },
	{ "// c\n1", "expected a value" },
	{ "[&a 1, *a]", "expected a value" },
	{ "[!!str 1]", "expected a value" },
	{ "---\n1", "expected a digit" },
	{ "%YAML 1.1\n---\n1", "expected a value" },
	{ "01", "expected the end" },
	{ "1.", "expected a digit" },
	{ ".5", "expected a value" },
	{ "+1", "expected a value" },
	{ "-", "expected a digit" },
	{ "1e", "expected a digit" },
	{ "0x10", "expected the end" },
	{ "NaN", "expected a value" },
	{ "Infinity", "expected a value" },
	{ "True", "expected a value" },
	{ "nul", "expected a value" },
	{ "truex", "expected the end" },
	{ "yes", "expected a value" },
	{ "\"a", "expected the end of a string" },
	{ "\"a\nb\"", "expected the end of a string" },
	{ "\"a\tb\"", "expected the end of a string" },
	{ "\"\\x41\"", "expected an escape" },
	{ "\"\\\"", "expected the end of a string" },
	{ "\"\\", "expected an escape" },
	{ "\"\\u12\"", "expected four hexadecimal digits" },
	{ "\"\\u12g4\"", "expected four hexadecimal digits" },
	{ "\"\\u0000\"", "expected no NUL" },
	{ "\"\\ud83d\"", "expected a low surrogate" },
	{ "\"\\ud83dx\"", "expected a low surrogate" },
	{ "\"\\ud83d\\n\"", "expected a low surrogate" },
	{ "\"\\ud83d\\u0041\"", "expected a low surrogate" },
	{ "\"\\ud83d\\ud83d\"", "expected a low surrogate" },
	{ "\"\\ude00\"", "expected a high surrogate before a low one" },
	{ "\"\xff\"", "a.json: invalid UTF-8 at byte 2" },
	{ "\"\xed\xa0\x80\"", "invalid UTF-8 at byte 2" },
	{ "\xef\xbb\xbf{}", "expected a value" },
};

static const struct {
	const char *yaml, *words;
} bad_yaml[] = {
	{ "", "empty" },
	{ "# nothing\n", "empty" },
	{ "a: 1\na: 2\n", "a.yml:2: key 'a' stands twice" },
	{ "a: &x 1\nb: *x\n", "a.yml:2: an alias" },
	{ "[a]: 1\n", "a key must be a word" },
	{ "a: 1\n---\nb: 2\n", "a.yml:2: a second document" },
	{ "a: [1\n", "a.yml:" },
	{ "a:\n\t- 1\n", "a.yml:2" },
	{ "a: \"\\0\"\n", "a NUL character" },
	{ "a: \xc3\n", "invalid UTF-8 at byte 4" },
};

static void
check_refused(void)
{
	for (size_t i = 0; i < sizeof(bad_json) / sizeof(bad_json[0]); i++)
		CHECK_NAMED(bad_json[i].words,
		    refused(run_json, bad_json[i].json, bad_json[i].words));
	for (size_t i = 0; i < sizeof(bad_yaml) / sizeof(bad_yaml[0]); i++)
		CHECK_NAMED(bad_yaml[i].words,
		    refused(run_yaml, bad_yaml[i].yaml, bad_yaml[i].words));
}

/* n opening brackets, a number and n closing ones. */
static const char *
nested(struct buf *b, size_t n, char open, char close)
{
	buf_clear(b);
	for (size_t i = 0; i < n; i++) {
		buf_byte(b, open);
		if (open == '{')
			buf_text(b, "\"k\":");
	}
	buf_byte(b, '1');
	for (size_t i = 0; i < n; i++)
		buf_byte(b, close);
	return buf_string(b);
}

static void
check_depth(void)
{
	struct buf b = { 0 };

	conf_free(json(nested(&b, 64, '[', ']')));
	conf_free(json(nested(&b, 64, '{', '}')));
	CHECK(refused(run_json, nested(&b, 65, '[', ']'), "64 levels"));
	CHECK(refused(run_json, nested(&b, 65, '{', '}'), "64 levels"));
	CHECK(refused(run_json, nested(&b, 1000000, '[', ']'), "64 levels"));
	CHECK(refused(run_yaml, nested(&b, 65, '[', ']'), "64 levels"));
	buf_free(&b);
}

static void
check_tree(void)
{
	struct conf *c = json("{\"a\": [1, \"2\", {}, []],\n\n\"b\"\n:\n"
			      "{\"\": null}, \"t\": true, \"x\": 5e-5}");
	const struct conf *a = conf_get(c, "a"), *b = conf_get(c, "b");
	const char *text = NULL;
	long long whole = 0;
	double number = 0;
	bool flag = false;

	CHECK(c->kind == CONF_MAP && c->count == 4);
	CHECK(a->kind == CONF_LIST && a->count == 4 && a->line == 1);
	CHECK(!a->item[0]->quoted && a->item[1]->quoted);
	CHECK(a->item[2]->kind == CONF_MAP && a->item[2]->count == 0);
	CHECK(a->item[3]->kind == CONF_LIST && a->item[3]->count == 0);
	CHECK(b->line == 5);
	CHECK_TEXT(conf_get(b, "")->text, "null");
	CHECK(conf_get(c, "z") == NULL && conf_get(NULL, "a") == NULL);
	CHECK(conf_get(a, "a") == NULL);
	CHECK(conf_get_bool("p", c, "t", &flag) && flag);
	CHECK(conf_get_real("p", c, "x", 0, 1, &number) && number == 5e-5);
	CHECK(conf_get_text("p", c, "t", &text) && strcmp(text, "true") == 0);
	CHECK(!conf_get_int("p", c, "z", 0, 1, &whole));
	conf_free(c);
}

static void
run_typed(const void *text)
{
	struct conf *c = conf_yaml("r.yml", text, strlen(text));
	long long whole;
	double number;
	bool flag;
	const char *word;

	conf_get_int("r.yml", c, "int", -5, 5, &whole);
	conf_get_real("r.yml", c, "real", 0, 1, &number);
	conf_get_bool("r.yml", c, "bool", &flag);
	conf_get_text("r.yml", c, "text", &word);
}

static void
check_typed(void)
{
	CHECK(refused(run_typed, "a: 1\nint: 6\n",
	    "r.yml:2: int: '6', expected a whole number from -5 to 5"));
	CHECK(refused(run_typed, "int: -6", "whole number from -5 to 5"));
	CHECK(refused(run_typed, "int: 1.5", "whole number"));
	CHECK(refused(run_typed, "int: \"1\"", "whole number"));
	CHECK(refused(run_typed, "int: [1]", "int: expected a whole number"));
	CHECK(refused(run_typed, "real: 1.1", "a number from 0 to 1"));
	CHECK(refused(run_typed, "real: .nan", "a number"));
	CHECK(refused(run_typed, "real: '0.5'", "a number"));
	CHECK(refused(run_typed, "bool: yes", "true or false"));
	CHECK(refused(run_typed, "bool: 'true'", "true or false"));
	CHECK(refused(run_typed, "text: {a: b}", "expected text"));
}

static void
check_yaml(void)
{
	static const char text[] = "# recipe\nlearning-rate: 5e-5 # rate\n"
				   "tasks: {mnli: {weight: 2}, 'rte':}\n"
				   "labels:\n- a\n- b\n";
	struct conf *c = conf_yaml("a.yml", text, strlen(text));

	CHECK_TEXT(conf_get(c, "learning-rate")->text, "5e-5");
	CHECK_TEXT(
	    conf_get(conf_get(conf_get(c, "tasks"), "mnli"), "weight")->text,
	    "2");
	CHECK_TEXT(conf_get(conf_get(c, "tasks"), "rte")->text, "");
	CHECK(conf_get(c, "labels")->count == 2);
	CHECK(conf_get(c, "labels")->item[1]->line == 6);
	conf_free(c);
}

/* What conf_put_json writes, conf_json reads back: all of Unicode. */
static void
check_put(void)
{
	bool good = true;

	for (uint32_t start = 1; start < 0x110000; start += 509) {
		struct buf text = { 0 }, out = { 0 };
		struct conf *c;

		for (uint32_t p = start; p < start + 509 && p < 0x110000; p++)
			if (p < 0xd800 || p >= 0xe000) {
				size_t n = utf8_put(buf_reserve(&text, 4), p);

				text.size += n;
			}
		conf_put_json(&out, buf_string(&text));
		c = conf_json("a.json", out.data, out.size);
		good &= c->quoted && strcmp(c->text, buf_string(&text)) == 0;
		conf_free(c);
		buf_free(&text);
		buf_free(&out);
	}
	CHECK_NAMED("every character written is read back", good);
}

/* A key of n times one letter, on whose right a line ends. */
static char *
long_key(size_t n, const char *letter, const char *rest)
{
	struct buf b = { 0 };

	buf_text(&b, "{\"first\": [{\"");
	for (size_t i = 0; i < n; i++)
		buf_text(&b, letter);
	buf_print(&b, "\"\n:%s", rest);
	buf_string(&b);
	return b.data;
}

/* libyaml takes no longer ones than 1024 characters, escaped as they are. */
static void
check_long_keys(void)
{
	static const size_t sizes[] = { 1, 99, 100, 101, 102, 103, 998, 999,
		1000, 1023, 1024, 1025, 30000 };
	static const char *const letters[] = { "a", "\xc3\xa9", "\\n" };

	for (size_t i = 0; i < COUNT(letters) * COUNT(sizes); i++) {
		size_t n = sizes[i / COUNT(letters)];
		const char *letter = letters[i % COUNT(letters)];
		char *text = long_key(n, letter, "{\"b\":2}}],\"c\":3}"),
		     *bad = long_key(n, letter, "2}], \"c\": 3,}");
		struct conf *c = json(text);
		const struct conf *map = c->item[0]->item[0];

		CHECK(c->count == 2 && map->count == 1 &&
		      strlen(map->key[0]) ==
			  n * (letter[0] == '\\' ? 1 : strlen(letter)));
		CHECK_TEXT(map->item[0]->item[0]->text, "2");
		CHECK(map->item[0]->line == 2 && c->item[1]->line == 2);
		CHECK(refused(run_json, bad, "a.json:2: byte 0x7d"));
		conf_free(c);
		free(text);
		free(bad);
	}
}

/* In YAML they are refused as what they are, and nothing else is. */
static void
check_long_yaml(void)
{
	static const struct {
		const char *before, *after;
		const char *words; /* NULL: it is read */
		size_t longer;	   /* than 1024 */
	} keys[] = {
		{ "a: 1\n", ": 3\n", NULL, 0 },
		{ "a: 1\n", ": 3\n", "a.yml:2: a key of 1025 characters", 1 },
		{ "a: 1\n", ":\n  b: 3", "a.yml:2: a key of 1025", 1 },
		{ "", ": 3", "a.yml:1: a key of 1025", 1 },
		{ "a: {b: {", ": 3}}\n", "a.yml:1: a key of 1025", 1 },
		{ "a: [{", ": 3}]\n", "a.yml:1: a key of 1025", 1 },
		{ "a:\n  b: 1\n  ", ":\n", "a.yml:3: a key of 1025", 1 },
		{ "? ", "\n: 3\n", NULL, 9000 },
		{ "a: ", "\n", NULL, 9000 },
		{ "a: 1\n", "\nb: 2\n", "could not find expected ':'", 9 },
		{ "a: {", "", "did not find expected", 0 },
	};
	static const char *const letters[] = { "a", "\xc3\xa9" };

	for (size_t i = 0; i < COUNT(letters) * COUNT(keys); i++) {
		size_t k = i / COUNT(letters);
		struct buf b = { 0 };

		buf_text(&b, keys[k].before);
		for (size_t n = 0; n < 1024 + keys[k].longer; n++)
			buf_text(&b, letters[i % COUNT(letters)]);
		buf_text(&b, keys[k].after);
		if (keys[k].words != NULL)
			CHECK(refused(run_yaml, buf_string(&b), keys[k].words));
		else
			run_yaml(buf_string(&b));
		buf_free(&b);
	}
}

int
main(void)
{
	check_scalars();
	check_long_keys();
	check_long_yaml();
	check_refused();
	check_depth();
	check_tree();
	check_typed();
	check_yaml();
	check_put();
	return check_done();
}
