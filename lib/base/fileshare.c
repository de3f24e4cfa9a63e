#include <stdlib.h>

#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/system.h"

/* Where "make install" puts it; the Makefile says where that is. */
#ifndef SHARE_INSTALLED
#define SHARE_INSTALLED "/usr/local/share/mtkd"
#endif

/* The folder of the executable, owned; NULL where the system does not say. */
static char *
folder_of_self(void)
{
	char self[4096];

	return system_self(self, sizeof(self)) ? file_directory(self) : NULL;
}

/* folder/place/name if it is there, else NULL. */
static char *
look(const char *folder, const char *place, const char *name)
{
	char *path = mem_printf("%s/%s/%s", folder, place, name);

	if (file_exists(path))
		return path;
	free(path);
	return NULL;
}

char *
file_share(const char *name)
{
	static const char *const places[] = { "../share/mtkd", "../../share",
		"../share" };
	const char *share = getenv("MTKD_SHARE");
	char *path = NULL, *folder;

	if (share != NULL) {
		path = file_join(share, name);
		if (!file_exists(path))
			die("%s: not there; $MTKD_SHARE names its folder",
			    path);
		return path;
	}
	folder = folder_of_self();
	for (size_t i = 0; folder != NULL && path == NULL &&
			   i < sizeof(places) / sizeof(places[0]);
	     i++)
		path = look(folder, places[i], name);
	free(folder);
	if (path == NULL)
		path = look(SHARE_INSTALLED, ".", name);
	if (path == NULL)
		die("share/%s: neither beside the executable nor "
		    "in " SHARE_INSTALLED "; set $MTKD_SHARE",
		    name);
	return path;
}
