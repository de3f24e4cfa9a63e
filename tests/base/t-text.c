#include "check.h"

#include "base/text.h"

int
main(void)
{
	CHECK(text_starts("bert.pooler", "bert."));
	CHECK(text_starts("bert.", "bert.") && text_starts("x", ""));
	CHECK(
	    !text_starts("bert", "bert.") && !text_starts("a.bert.", "bert."));
	CHECK(text_ends("a/tokenizer.json", ".json"));
	CHECK(text_ends(".json", ".json") && text_ends("x", ""));
	CHECK(!text_ends("json", ".json") && !text_ends("x.json.gz", ".json"));
	return check_done();
}
