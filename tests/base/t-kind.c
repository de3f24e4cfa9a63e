/*
 * kind: what files are by their first bytes, and what is said of them.
 */
#include "base/kind.h"

#include <stdlib.h>

#include "check.h"

static const struct {
	const char *bytes;
	size_t size; /* 0: as long as the text */
	enum file_kind kind;
	const char *name; /* foreign */
} cases[] = {
	{ "#mtkd examples 1\nid\tlabel\ttext_a\n", 0, KIND_EXAMPLES, NULL },
	{ "id\tlabel\ttext_a\n1\t-\ta\n", 0, KIND_EXAMPLES, NULL },
	{ "#mtkd tokens 1 vocab=0\n", 0, KIND_TOKENS, NULL },
	{ "#mtkd pred 1 task=rte\n", 0, KIND_PRED, NULL },
	{ "id\ta\tb\n1\t0.5\t5e-1\n", 0, KIND_PRED, NULL },
	{ "#mtkd soft 1\n", 0, KIND_SOFT, NULL },
	{ "#mtkd scores 1\n", 0, KIND_SCORES, NULL },
	{ "task\tsplit\tmetric\tvalue\tn\n", 0, KIND_SCORES, NULL },
	{ "#mtkd compare 1\n", 0, KIND_COMPARE, NULL },
	{ "#mtkd log 1\nstep\n", 0, KIND_TABLE, NULL },
	{ "#mtkd scoreses 1\n", 0, KIND_TABLE, NULL },
	{ "\x20\1\0\0\0\0\0\0{\"__metadata__\":{\"mtkd\":\"pack 1\"", 40,
	    KIND_PACK, NULL },
	{ "\x20\1\0\0\0\0\0\0{\"__metadata__\":{\"mtkd\": \"resume 2\"", 42,
	    KIND_RESUME, NULL },
	{ "\x20\1\0\0\0\0\0\0{\"bert.w\"", 17, KIND_WEIGHTS, NULL },
	{ "PK\3\4\24\0\0\0archive/data.pkl", 24, KIND_TORCH, NULL },
	{ "\x80\2\x8a\n", 4, KIND_TORCH, NULL },
	{ "[PAD]\n[UNK]\na\n", 0, KIND_VOCAB, NULL },
	{ "# a task\nkind: single\n", 0, KIND_YAML, NULL },
	{ "---\nlabels: [a, b]\n", 0, KIND_YAML, NULL },
	{ "\"rte\":\n  kind: pair\n", 0, KIND_YAML, NULL },
	{ "index\tsentence\tlabel\n0\ta, b\t1\n", 0, KIND_TSV, NULL },
	{ "\xef\xbb\xbfsentence\tlabel\n", 0, KIND_TSV, NULL },
	{ "id,text\n1,hello\n", 0, KIND_CSV, NULL },
	{ "id,text,label\n1,\"a, b\nc\",x\n", 0, KIND_CSV, NULL },
	{ "{\"id\": 1, \"text\": \"a\"}\n{\"id\": 2}\n", 0, KIND_JSONL, NULL },
	{ "{\n  \"a\": 1\n}\n", 0, KIND_JSON, NULL },
	{ "[{\"id\": 1}]\n", 0, KIND_JSON, NULL },
	{ "Hello, world.\nHow are you?\n", 0, KIND_TEXT, NULL },
	{ "<b>bold</b>\n", 0, KIND_TEXT, NULL },
	{ "PAR", 0, KIND_TEXT, NULL },
	{ "", 0, KIND_EMPTY, NULL },
	{ "sentence\0{abc", 13, KIND_UNKNOWN, NULL },
	{ "caf\xe9 au lait\n", 0, KIND_UNKNOWN, NULL },
	{ "PAR1\25\4", 0, KIND_FOREIGN, "a Parquet file" },
	{ "\x1f\x8b\10\0", 4, KIND_FOREIGN, "compressed by gzip" },
	{ "PK\3\4\24\0", 6, KIND_FOREIGN, "a zip archive" },
	{ "PK\3\4\24\0[Content_Types].xml", 25, KIND_FOREIGN,
	    "a spreadsheet or document (a zip archive)" },
	{ "\xff\xfes\0e\0", 6, KIND_FOREIGN, "UTF-16 text, expected UTF-8" },
	{ "\xff\xff\xff\xff\0", 5, KIND_FOREIGN, "an Arrow stream" },
	{ "\n <!DOCTYPE HTML>", 0, KIND_FOREIGN,
	    "an HTML page in place of the file" },
	{ "version https://git-lfs.github.com/spec/v1\n", 0, KIND_FOREIGN,
	    "a pointer of Git LFS in place of the file" },
	{ "id;text\n1;a\n", 0, KIND_FOREIGN, "a table of fields between ';'" },
};

static void
check_advice(enum file_kind kind, const char *path, unsigned wanted,
    const char *expected)
{
	struct kind_found found = { .kind = kind };
	char *text = kind_advice(&found, path, wanted);

	CHECK_TEXT(text, expected);
	free(text);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = cases[i].size;
		struct kind_found f = kind_of_bytes(
		    cases[i].bytes, n > 0 ? n : strlen(cases[i].bytes));

		if (!CHECK(f.kind == cases[i].kind))
			printf("# case %zu: %d, expected %d\n", i, f.kind,
			    cases[i].kind);
		if (cases[i].name != NULL)
			CHECK_TEXT(f.name, cases[i].name);
		/* whatever is cut short is still something */
		for (size_t k = 0; k < n; k++)
			CHECK(kind_of_bytes(cases[i].bytes, k).kind <=
			      KIND_FOREIGN);
	}
	check_advice(KIND_TOKENS, "a b.tsv", KIND_PACK,
	    "; 'glue-pack -t TASK -s SPLIT -o PACK.st FILE' makes a pack");
	check_advice(KIND_PACK, "a.st", KIND_PRED | KIND_SOFT,
	    "; 'mt-predict -m MODEL a.st' makes predictions");
	check_advice(KIND_SCORES, "a.tsv", KIND_COMPARE,
	    "; see glue-score(1), --compare");
	check_advice(KIND_FOREIGN, "a", KIND_PACK, "");
	CHECK_TEXT(kind_names(KIND_EXAMPLES | KIND_PACK), "examples or a pack");
	CHECK_TEXT(kind_names(KIND_JSON), "JSON");
	CHECK_TEXT(kind_names(kind_raw), "a table of tabs, CSV or JSON lines");
	CHECK_TEXT(kind_names(kind_plain), "plain text");
	CHECK(kind_of_words("pred|soft") == (KIND_PRED | KIND_SOFT));
	return check_done();
}
