/*
 * place.c - from this process and its ancestors to a terminal, and from that to a login.
 */
#include "accounts/place.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/types.h>
#include <unistd.h>
#include <utmpx.h>

#include "policy/text.h"

/* sudo, its monitor, a shell, and some programs between them. */
enum { ANCESTORS_MAX = 32 };

/* Majors of Linux's terminals (Documentation/admin-guide/devices.txt). */
enum { TTY_MAJOR = 4, PTS_MAJOR = 136, PTS_MAJOR_LAST = 143 };

/* proc(5): what stands behind the name, each word after a space. */
enum { WORD_PARENT = 1, WORD_TERMINAL = 4, WORDS = 5 };

/* The parent and the controlling terminal of a process; false when it cannot be told. */
static bool
stat_read(pid_t pid, pid_t *parent, dev_t *terminal)
{
	char path[32], line[512] = "", *word, *rest;
	uint64_t number[WORDS] = {0};
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	(void)!fgets(line, sizeof(line), file);
	fclose(file);
	/* The name stands in brackets, and may have brackets and spaces in it. */
	rest = strrchr(line, ')');
	if (rest == NULL || *++rest != ' ')
		return false;
	rest++;
	for (int i = 0; i < WORDS; i++) {
		word = strsep(&rest, " ");
		if (word == NULL)
			return false;
		if ((i == WORD_PARENT || i == WORD_TERMINAL) &&
		    !text_to_number(word, INT32_MAX, &number[i]))
			return false;
	}
	*parent = (pid_t)number[WORD_PARENT];
	*terminal = (dev_t)number[WORD_TERMINAL];
	return true;
}

/* As utmp(5) has it in ut_line: the path below /dev. */
static bool
terminal_name(dev_t terminal, char *name, size_t size)
{
	unsigned kind = major(terminal), number = minor(terminal);

	if (kind >= PTS_MAJOR && kind <= PTS_MAJOR_LAST)
		snprintf(name, size, "pts/%u", number + ((kind - PTS_MAJOR) << 8));
	else if (kind == TTY_MAJOR && number > 0 && number < 64)
		snprintf(name, size, "tty%u", number);
	else if (kind == TTY_MAJOR && number >= 64)
		snprintf(name, size, "ttyS%u", number - 64);
	else
		return false;
	return true;
}

/*
 * The remote host of the login on this terminal; false: nobody logged in on it, or not from afar.
 */
static bool
login_host(const char *terminal, char *out, size_t size)
{
	struct utmpx wanted = {.ut_type = USER_PROCESS};
	const struct utmpx *entry;
	bool found;

	memcpy(wanted.ut_line, terminal, strnlen(terminal, sizeof(wanted.ut_line)));
	setutxent();
	entry = getutxline(&wanted);
	found = entry != NULL && entry->ut_type == USER_PROCESS && entry->ut_host[0] != '\0';
	if (found)
		snprintf(out, size, "%.*s", (int)sizeof(entry->ut_host), entry->ut_host);
	endutxent();
	return found;
}

void
place_find(char *out, size_t size)
{
	char name[32], last[32] = "";
	pid_t pid = getpid();
	dev_t terminal;

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		if (!stat_read(pid, &pid, &terminal) || (i == 0 && terminal == 0))
			break;
		if (!terminal_name(terminal, name, sizeof(name)) || strcmp(name, last) == 0)
			continue;
		if (login_host(name, out, size))
			return;
		/* The outermost one: what is further in is a program's own. */
		snprintf(last, sizeof(last), "%s", name);
	}
	snprintf(out, size, "%s", last);
}

void
place_put(char *out, size_t size, const char *place)
{
	snprintf(out, size, "%s", place == NULL ? "" : place);
	for (char *at = out; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f)
			*at = '?';
}
