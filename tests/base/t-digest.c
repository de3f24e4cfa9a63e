/*
 * digest: published vectors, every length around a block, CRC in pieces.
 */
#include "check.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"

static void
check_sha(const char *text, size_t n, const char *expected)
{
	char hex[DIGEST_HEX];

	digest_sha256(hex, text, n);
	CHECK_TEXT(hex, expected);
}

/* Of n letters 'a', from coreutils' sha256sum. */
static const struct {
	size_t n;
	const char *hex;
} letters[] = {
	{ 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f73431"
	      "8" },
	{ 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738"
	      "a" },
	{ 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f3"
	      "4" },
	{ 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668e"
	      "b" },
	{ 65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae"
	      "0" },
	{ 119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcf"
	       "b" },
	{ 120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21"
	       "c" },
	{ 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc71"
		   "12cd0" },
};

/* The polynomial, bit by bit. */
static uint32_t
plain_crc(uint32_t c, const unsigned char *p, size_t n)
{
	c = ~c;

	for (size_t i = 0; i < n; i++) {
		c ^= p[i];
		for (int b = 0; b < 8; b++)
			c = c >> 1 ^ (c & 1 ? 0xedb88320u : 0);
	}
	return ~c;
}

static void
check_crc(void)
{
	struct rng r = rng_key(4, 4, 4);
	unsigned char p[5000];
	bool whole = true, pieces = true;

	CHECK(digest_crc32(0, "", 0) == 0);
	CHECK(digest_crc32(0, "123456789", 9) == 0xcbf43926u);
	CHECK(digest_crc32(0, "The quick brown fox jumps over the lazy dog",
		  43) == 0x414fa339u);
	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (unsigned char)rng_bits(r, i);
	for (size_t n = 0; n <= 100; n++) {
		uint32_t expected = plain_crc(0, p, n);

		whole &= digest_crc32(0, p, n) == expected;
		for (size_t cut = 0; cut <= n; cut++)
			pieces &= digest_crc32(digest_crc32(0, p, cut), p + cut,
				      n - cut) == expected;
	}
	/* the whole words of long inputs go by a table */
	for (size_t n = sizeof(p) - 1000; n <= sizeof(p); n++)
		whole &= digest_crc32(1, p, n) == plain_crc(1, p, n);
	CHECK_NAMED("every length: as bit by bit", whole);
	CHECK_NAMED("every cut: continued", pieces);
}

int
main(void)
{
	char *a = mem_alloc(1000000, 1);

	memset(a, 'a', 1000000);
	check_sha("", 0,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_sha("abc", 3,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    56,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		check_sha(a, letters[i].n, letters[i].hex);
	free(a);
	check_crc();
	return check_done();
}
