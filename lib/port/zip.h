/*
 * Zip archives as torch.save writes them: every entry is stored, not
 * compressed (PKWARE's APPNOTE.TXT, 4.3; entries and archives over 4 GiB as
 * its 4.5.3 has them).  All offsets and sizes are checked, and that the
 * central directory and each entry's own header agree.
 */
#ifndef PORT_ZIP_H
#define PORT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip_entry {
	char *name; /* owned by the archive */
	const unsigned char *data;
	size_t size;
	uint32_t crc;
};

struct zip {
	const char *path;
	struct zip_entry *entry;
	size_t count, room;
};

/* True if these bytes start like an archive. */
bool zip_is(const unsigned char *bytes, size_t n);

/*
 * Read the directory of an archive of n bytes, which live as long as z.
 * Compressed or encrypted entries end the program, named.
 */
struct zip *zip_open(const char *path, const unsigned char *bytes, size_t n);
void zip_close(struct zip *z);

/* An entry by name, its checksum compared; NULL if there is none. */
const struct zip_entry *zip_find(const struct zip *z, const char *name);

#endif
