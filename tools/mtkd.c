/*
 * mtkd: the programs under one name: "mtkd pack" is glue-pack.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/opt.h"
#include "base/stream.h"
#include "base/system.h"
#include "base/text.h"

#ifndef MTKD_TOOLS
#define MTKD_TOOLS ""
#endif

/* All programs but this one, "a|b|c"; the Makefile says which there are. */
static const char tools[] = MTKD_TOOLS;

enum { MOST = 64 };

/* The names of tools that are name, or else end in -name; returns how many. */
static size_t
find(char *found[MOST], const char *name)
{
	char *ending = mem_printf("-%s", name);
	size_t n = 0;

	if (text_word_find(tools, name) >= 0) {
		found[n++] = mem_string(name);
	} else {
		for (const char *t = tools; *t != '\0'; t += *t == '|') {
			size_t length = strcspn(t, "|");
			char *tool = mem_stringn(t, length);

			if (text_ends(tool, ending) && n < MOST)
				found[n++] = tool;
			else
				free(tool);
			t += length;
		}
	}
	free(ending);
	return n;
}

/* What may be meant by a name that no tool has: those, and their endings. */
static char *
near(const char *name)
{
	struct buf words = { 0 };

	buf_text(&words, tools);
	for (const char *t = strchr(tools, '-'); t != NULL;
	     t = strchr(t, '-')) {
		size_t length = strcspn(++t, "|");

		buf_byte(&words, '|');
		buf_add(&words, t, length);
	}
	buf_text(&words, "|help");
	return near_words(name, buf_string(&words));
}

/* The only tool that a name stands for. */
static char *
resolve(const char *name)
{
	char *found[MOST];
	size_t n = find(found, name);

	if (n == 0)
		die_usage(
		    "no program '%s' or '*-%s'%s", name, name, near(name));
	if (n > 1)
		die_usage("'%s' may be %s", name,
		    text_list((const char *const *)found, n, " or "));
	return found[0];
}

/* The folder that the programs are in. */
static char *
folder(void)
{
	char self[SYSTEM_PATH];

	if (!system_self(self, sizeof(self)))
		die("cannot tell where the programs are");
	return file_directory(self);
}

static _Noreturn void
run(const char *tool, char **argv)
{
	char *here = folder(), *path = file_join(here, tool);

	argv[0] = path;
	execv(path, argv);
	die("%s:", path);
}

/* The file of a page of these sections, here or installed; NULL: not there. */
static char *
page_file(const char *page, const char *sections)
{
	static const char *const endings[] = { "", ".gz" };
	char *here = folder(), *path;

	for (const char *s = sections; *s != '\0'; s++) {
		path = mem_printf("%s/../../man/%s.%c", here, page, *s);
		for (size_t i = 0; i < 2 && !file_exists(path); i++) {
			free(path);
			path = mem_printf("%s/../share/man/man%c/%s.%c%s", here,
			    *s, page, *s, endings[i]);
		}
		if (file_exists(path)) {
			free(here);
			return path;
		}
		free(path);
	}
	free(here);
	return NULL;
}

/*
 * Programs that show pages do not look if they could be written: where nobody
 * reads them at a terminal, the rest of this is done by a child, whose output
 * goes through here.
 */
static void
pass_on(void)
{
	char block[4096];
	int end[2], status = 1;
	size_t n;
	pid_t child;

	if (isatty(STDOUT_FILENO))
		return;
	if (pipe(end) != 0 || (child = fork()) < 0)
		die("pipe:");
	if (child == 0) {
		dup2(end[1], STDOUT_FILENO);
		close(end[0]);
		close(end[1]);
		return;
	}
	close(end[1]);
	while ((n = stream_read(end[0], "pipe", block, sizeof(block))) > 0)
		fwrite(block, 1, n, stdout);
	waitpid(child, &status, 0);
	file_finish();
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* The page of a tool or a format, by man or mandoc; else a tool's --help. */
static _Noreturn void
help(const char *name)
{
	char *page = mem_string(name != NULL ? name : "mtkd");
	char *argv[] = { NULL, "--help", NULL };
	char *path = page_file(page, name != NULL ? "157" : "7");

	if (path == NULL && name != NULL) {
		free(page);
		page = resolve(name);
		path = page_file(page, "1");
	}
	pass_on();
	if (path != NULL) {
		execlp("man", "man", "-l", path, (char *)NULL);
		execlp("mandoc", "mandoc", "-Tutf8", path, (char *)NULL);
	} else {
		execlp("man", "man", page, (char *)NULL);
	}
	warn("no program man: the summary in its place");
	if (text_word_find(tools, page) < 0)
		die("no page '%s' without man", page);
	run(page, argv);
}

/* "NAME: purpose" of each, as their --help begins. */
static void
list(void)
{
	char *here = folder();

	for (const char *t = tools; *t != '\0'; t += *t == '|') {
		size_t length = strcspn(t, "|");
		char *command = mem_printf(
		    "'%s/%.*s' --help 2>/dev/null", here, (int)length, t);
		FILE *f = popen(command, "r");
		char line[256] = "";
		const char *purpose;

		if (f != NULL && fgets(line, sizeof(line), f) == NULL)
			line[0] = '\0';
		line[strcspn(line, "\n")] = '\0';
		purpose = strstr(line, ": ");
		printf("%-14.*s%s\n", (int)length, t,
		    purpose != NULL ? purpose + 2 : "");
		if (f != NULL)
			pclose(f);
		free(command);
		t += length;
	}
	printf("\nmtkd NAME runs one, by its name or what stands after its "
	       "'-'; mtkd help NAME\nopens its page, mtkd help that of the "
	       "flow.\n");
	free(here);
}

int
main(int argc, char **argv)
{
	const struct opt_program program = { "the programs under one name",
		"[NAME [ARGUMENT...] | help [NAME]]", NULL, 0, 0, 0 };

	die_program(argv[0]);
	if (argc > 1 && strcmp(argv[1], "help") == 0) {
		if (argc > 3)
			die_usage("help: one NAME");
		help(argv[2]);
	}
	if (argc > 1 && argv[1][0] != '-')
		run(resolve(argv[1]), argv + 1);
	opt_parse(&program, argc, argv);
	list();
	file_finish();
	return 0;
}
