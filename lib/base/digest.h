/*
 * Checksums: SHA-256 (FIPS 180-4) names vocabularies, CRC-32 (zlib's
 * polynomial, reflected 0xedb88320) guards tensor files.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_HEX 65 /* 64 hexadecimal digits and a '\0' */

/* SHA-256 of n bytes as lower-case hexadecimal. */
void digest_sha256(char hex[DIGEST_HEX], const void *bytes, size_t n);

/* Whether text is such a name: 64 digits, lower-case. */
bool digest_is_hex(const char *text);

/* CRC-32 continued: start with crc 0. */
uint32_t digest_crc32(uint32_t crc, const void *bytes, size_t n);

#endif
