#include "base/digest.h"

#include <stdio.h>
#include <string.h>

enum { LARGE = 4096 }; /* bytes for which a table pays */

static const uint32_t round_constant[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf,
	0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

static uint32_t
turn(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void
sha256_block(uint32_t h[8], const unsigned char *p)
{
	uint32_t w[64], v[8];

	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		       (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (turn(a, 7) ^ turn(a, 18) ^ a >> 3) +
		       (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
	memcpy(v, h, sizeof(v));
	for (int i = 0; i < 64; i++) {
		uint32_t a = v[0], e = v[4];
		uint32_t t1 = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
			      ((e & v[5]) ^ (~e & v[6])) + round_constant[i] +
			      w[i];
		uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
			      ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (int i = 0; i < 8; i++)
		h[i] += v[i];
}

void
digest_sha256(char hex[DIGEST_HEX], const void *bytes, size_t n)
{
	uint32_t h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	unsigned char last[128] = { 0 };
	const unsigned char *p = bytes;
	size_t rest = n % 64, blocks;

	for (size_t i = 0; i < n / 64; i++, p += 64)
		sha256_block(h, p);
	if (rest > 0)
		memcpy(last, p, rest);
	last[rest] = 0x80;
	blocks = rest < 56 ? 1 : 2;
	for (unsigned i = 0; i < 8; i++)
		last[blocks * 64 - 1 - i] =
		    (unsigned char)((uint64_t)n * 8 >> 8 * i);
	for (size_t i = 0; i < blocks; i++)
		sha256_block(h, last + 64 * i);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 8 * i, 9, "%08x", h[i]);
}

/* CRC-32 of each half of a byte. */
static const uint32_t half[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8,
	0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
	0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278,
	0xbdbdf21c };

static uint32_t
crc_byte(uint32_t crc, unsigned char byte)
{
	crc ^= byte;
	crc = crc >> 4 ^ half[crc & 15];
	return crc >> 4 ^ half[crc & 15];
}

/*
 * Eight bytes a step: table[k][b] is byte b followed by k zero bytes.  n is a
 * multiple of 8, and large, as the table is made anew.
 */
static uint32_t
crc_eights(uint32_t crc, const unsigned char *p, size_t n)
{
	uint32_t table[8][256];

	for (uint32_t b = 0; b < 256; b++)
		for (int k = 0; k < 8; k++)
			table[k][b] = crc_byte(k > 0 ? table[k - 1][b] : b, 0);
	for (; n > 0; n -= 8, p += 8) {
		crc ^= p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		       (uint32_t)p[3] << 24;
		crc = table[7][crc & 255] ^ table[6][crc >> 8 & 255] ^
		      table[5][crc >> 16 & 255] ^ table[4][crc >> 24] ^
		      table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^
		      table[0][p[7]];
	}
	return crc;
}

uint32_t
digest_crc32(uint32_t crc, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t eights = n >= LARGE ? n / 8 * 8 : 0;

	crc = ~crc;
	if (eights > 0)
		crc = crc_eights(crc, p, eights);
	for (size_t i = eights; i < n; i++)
		crc = crc_byte(crc, p[i]);
	return ~crc;
}

bool
digest_is_hex(const char *text)
{
	return strlen(text) == DIGEST_HEX - 1 &&
	       text[strspn(text, "0123456789abcdef")] == '\0';
}
