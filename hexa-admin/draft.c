/*
 * draft.c - a text that a person edits.
 *
 * All is done with the person's own rights: what they put in the file's place, or into the folder,
 * then leads nowhere that they could not go by themselves.
 */
#include "hexa-admin/draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0) {
			text += written;
			size -= (size_t)written;
		}
	}
	return true;
}

/* 0, or what errno says. */
static int
make_file(const char *path, const void *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int error = fd >= 0 && write_all(fd, text, size) ? 0 : errno;

	/* What a full disk has not taken shows when it is closed, at the latest. */
	if (fd >= 0 && close(fd) != 0 && error == 0)
		error = errno;
	return error;
}

enum fault
draft_make(const struct rights *rights, const char *name, const void *text, size_t size,
    struct draft *draft, struct why *why)
{
	struct draft made = {.rights = rights, .folder = "/tmp/hexa-XXXXXX"};
	struct rights before = {0};
	int error = 0;
	enum fault fault = rights_take(rights, &before, why);

	if (fault != FAULT_NONE)
		return fault;
	if (mkdtemp(made.folder) == NULL) {
		error = errno;
		*made.folder = '\0';
	} else {
		snprintf(made.file, sizeof(made.file), "%.32s/%.64s", made.folder, name);
		error = make_file(made.file, text, size);
	}
	rights_return(&before);
	if (error == 0) {
		*draft = made;
		return FAULT_NONE;
	}
	draft_remove(&made);
	return why_set(why, FAULT_UNAVAILABLE, "a copy in /tmp: %s", strerror(error));
}

static void
empty_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *files = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *file;

	if (files == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((file = readdir(files)) != NULL)
		unlinkat(fd, file->d_name, 0);
	closedir(files);
}

void
draft_remove(struct draft *draft)
{
	struct rights before = {0};

	if (*draft->folder == '\0' || rights_take(draft->rights, &before, NULL) != FAULT_NONE)
		return;
	empty_folder(draft->folder);
	rmdir(draft->folder);
	rights_return(&before);
	*draft->folder = '\0';
}
