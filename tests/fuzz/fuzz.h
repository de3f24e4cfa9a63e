/*
 * Readers under libFuzzer ("make fuzz"): one program a reader, each of which
 * has the two functions below; fuzz.c drives them.  A reader that ends the
 * program is brought back; what it took is freed.  Checksums of tensor files
 * are not compared, since otherwise these would refuse nearly all.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Make what the inputs are read beside; in a folder of the program's own. */
void fuzz_start(void);

/* Read one input. */
void fuzz_one(const uint8_t *bytes, size_t n);

struct fuzz_part {
	const uint8_t *bytes;
	size_t n;
};

/* Several files in one input, parted by FE ED FA CE: at most most; how many. */
size_t fuzz_parts(
    struct fuzz_part *part, size_t most, const uint8_t *bytes, size_t n);

/* A file of these bytes. */
void fuzz_put(const char *path, const void *bytes, size_t n);
void fuzz_put_part(const char *path, const struct fuzz_part *part);

/* The pieces that readers of vocabularies find in vocab.txt. */
void fuzz_put_vocab(const char *path);

/* A finding that is no crash: the input is kept. */
_Noreturn void fuzz_wrong(const char *what);

/* Where outputs go. */
FILE *fuzz_nowhere(void);

#endif
