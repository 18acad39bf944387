/*
 * contents.c - the content of documents, as files.
 *
 * No name of a file comes from outside, or from the database as it stands there: a hash is looked
 * at first (text_is_sha256()).  No link is followed.
 */
#include "store/contents.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/attachments.h"
#include "store/internal.h"
#include "store/paths.h"

enum { CHUNK_BYTES = 65536 };

struct content {
	int folder;
	int fd;        /* locked (flock(2)) for as long as it is open: the doctor passes it over */
	char name[32]; /* until it is kept */
	bool is_kept;
	uint32_t size;
	char sha256[SHA256_TEXT_BYTES];
};

/* ---- the folder --------------------------------------------------------------------------- */

static enum fault
folder_fault(struct why *why)
{
	return system_fault(DOCUMENTS_FOLDER, why);
}

/* A folder that was made is on disk when what it lies in is. */
static bool
make_folder(const char *path)
{
	char *parent = strdup(path);
	int fd = -1;
	bool made = mkdir(path, 0700) == 0, good = made || errno == EEXIST;

	if (made && parent != NULL) {
		*strrchr(parent, '/') = '\0';
		fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		good = fd >= 0 && fsync(fd) == 0;
	}
	if (fd >= 0)
		close(fd);
	free(parent);
	return good;
}

/* FAULT_UNKNOWN: there is none, and none was to be made. */
static enum fault
folder_open(const struct store *store, bool make, int *folder, struct why *why)
{
	char *path = path_under(store->root, DOCUMENTS_FOLDER);
	enum fault fault = FAULT_NONE;
	int fd = -1;

	if (path == NULL)
		return why_memory(why);
	if (!make || make_folder(path))
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		*folder = fd;
	else if (!make && errno == ENOENT)
		fault = why_set(why, FAULT_UNKNOWN, "%s is missing", path);
	else
		fault = system_fault(path, why);
	free(path);
	return fault;
}

/* ---- coming in ---------------------------------------------------------------------------- */

static bool
write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t put = write(fd, data, size);

		if (put <= 0)
			return false;
		data += put;
		size -= (size_t)put;
	}
	return true;
}

/* From `from` into the content's file, and into the sum. */
static enum fault
copy(int from, struct content *content, struct crypto_sha256 *sum, char *chunk, struct why *why)
{
	size_t size = 0;
	ssize_t got;

	while ((got = read(from, chunk, CHUNK_BYTES)) > 0) {
		if ((size_t)got > ATTACHMENT_BYTES - size)
			return why_field(why, FAULT_INVALID, "file", "has more than %d MiB",
			    ATTACHMENT_BYTES >> 20);
		size += (size_t)got;
		crypto_sha256_add(sum, chunk, (size_t)got);
		if (!write_all(content->fd, chunk, (size_t)got))
			return folder_fault(why);
	}
	if (got < 0)
		return why_field(why, FAULT_INVALID, "file", "cannot be read: %s",
		    strerror(errno));
	if (size == 0)
		return why_field(why, FAULT_INVALID, "file", "is empty");
	content->size = (uint32_t)size;
	return fsync(content->fd) == 0 ? FAULT_NONE : folder_fault(why);
}

static enum fault
fill(int from, struct content *content, struct why *why)
{
	struct crypto_sha256 *sum = crypto_sha256_begin();
	char *chunk = malloc(CHUNK_BYTES);
	enum fault fault = sum == NULL || chunk == NULL
	    ? why_memory(why)
	    : copy(from, content, sum, chunk, why);

	crypto_sha256_end(sum, content->sha256);
	free(chunk);
	return fault;
}

static enum fault
make_file(struct content *content, struct why *why)
{
	uint64_t number;

	crypto_random(&number, sizeof(number));
	snprintf(content->name, sizeof(content->name), CONTENT_NEW "%016" PRIx64, number);
	content->fd = openat(content->folder, content->name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return content->fd >= 0 && flock(content->fd, LOCK_EX | LOCK_NB) == 0 ? FAULT_NONE
	                                                                      : folder_fault(why);
}

enum fault
content_stage(struct store *store, int fd, struct content **content, struct why *why)
{
	struct content *staged = malloc(sizeof(*staged));
	enum fault fault;

	if (staged == NULL)
		return why_memory(why);
	*staged = (struct content){.folder = -1, .fd = -1};
	fault = folder_open(store, true, &staged->folder, why);
	if (fault == FAULT_NONE)
		fault = make_file(staged, why);
	if (fault == FAULT_NONE)
		fault = fill(fd, staged, why);
	if (fault == FAULT_NONE)
		*content = staged;
	else
		content_close(staged);
	return fault;
}

const char *
content_sha256(const struct content *content)
{
	return content->sha256;
}

uint32_t
content_size(const struct content *content)
{
	return content->size;
}

enum fault
content_keep(struct txn *txn, struct content *content, struct why *why)
{
	enum fault fault = txn_must_write(txn, why);

	if (fault != FAULT_NONE)
		return fault;
	if (renameat(content->folder, content->name, content->folder, content->sha256) != 0)
		return folder_fault(why);
	content->is_kept = true;
	return fsync(content->folder) == 0 ? FAULT_NONE : folder_fault(why);
}

void
content_close(struct content *content)
{
	if (content == NULL)
		return;
	if (content->fd >= 0 && !content->is_kept)
		unlinkat(content->folder, content->name, 0);
	if (content->fd >= 0)
		close(content->fd);
	if (content->folder >= 0)
		close(content->folder);
	free(content);
}

/* ---- going -------------------------------------------------------------------------------- */

enum fault
content_drop(struct txn *txn, const char *sha256, struct why *why)
{
	uint64_t count = 1;
	int folder = -1;
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && !text_is_sha256(sha256))
		fault = why_set(why, FAULT_UNAVAILABLE, "no hash of a document");
	if (fault == FAULT_NONE)
		fault = attachment_with_count(txn, field_find(&attachment_table, "sha256"), sha256,
		    &count, why);
	if (fault != FAULT_NONE || count > 0)
		return fault;
	fault = folder_open(txn->store, false, &folder, why);
	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	if ((unlinkat(folder, sha256, 0) != 0 && errno != ENOENT) || fsync(folder) != 0)
		fault = folder_fault(why);
	close(folder);
	return fault;
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum fault
content_fault(const struct attachment *attachment, const char *what, struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the content of document %lu %s",
	    (unsigned long)attachment->number, what);
}

/* Never waits for what stands in the file's place. */
static enum fault
open_file(int folder, const struct attachment *attachment, int *fd, struct why *why)
{
	struct stat status;
	int opened = openat(folder, attachment->sha256,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (opened < 0)
		return content_fault(attachment, errno == ENOENT ? "is missing" : strerror(errno),
		    why);
	if (fstat(opened, &status) != 0 || !S_ISREG(status.st_mode) ||
	    status.st_size != (off_t)attachment->size) {
		close(opened);
		return content_fault(attachment, "is damaged", why);
	}
	*fd = opened;
	return FAULT_NONE;
}

enum fault
content_open(const struct store *store, const struct attachment *attachment, int *fd,
    struct why *why)
{
	int folder = -1;
	enum fault fault;

	if (attachment->sha256 == NULL || !text_is_sha256(attachment->sha256))
		return content_fault(attachment, "has no name", why);
	fault = folder_open(store, false, &folder, why);
	if (fault == FAULT_UNKNOWN)
		return content_fault(attachment, "is missing", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = open_file(folder, attachment, fd, why);
	close(folder);
	return fault;
}

int
content_hold(const struct store *store, const struct attachment *attachment)
{
	int fd = -1;

	if (content_open(store, attachment, &fd, NULL) == FAULT_NONE)
		(void)flock(fd, LOCK_EX | LOCK_NB); /* else another holds it, as well */
	return fd;
}

/* At most what the record says: a file that grows meanwhile is damaged, not endless. */
static enum fault
read_through(int fd, const struct attachment *attachment, struct crypto_sha256 *sum,
    bool (*take)(void *context, const void *data, size_t size), void *context, char *chunk,
    struct why *why)
{
	size_t left = attachment->size;
	ssize_t got = 0;

	while (left > 0 &&
	    (got = read(fd, chunk, left < CHUNK_BYTES ? left : CHUNK_BYTES)) > 0) {
		crypto_sha256_add(sum, chunk, (size_t)got);
		left -= (size_t)got;
		if (take != NULL && !take(context, chunk, (size_t)got))
			return why_set(why, FAULT_UNAVAILABLE, "what was read cannot be written");
	}
	if (got < 0)
		return content_fault(attachment, strerror(errno), why);
	return left == 0 ? FAULT_NONE : content_fault(attachment, "is damaged", why);
}

enum fault
content_read(int fd, const struct attachment *attachment,
    bool (*take)(void *context, const void *data, size_t size), void *context, struct why *why)
{
	struct crypto_sha256 *sum = crypto_sha256_begin();
	char *chunk = malloc(CHUNK_BYTES);
	char sha256[SHA256_TEXT_BYTES];
	enum fault fault = FAULT_NONE;

	if (sum == NULL || chunk == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE && lseek(fd, 0, SEEK_SET) != 0)
		fault = content_fault(attachment, strerror(errno), why);
	if (fault == FAULT_NONE)
		fault = read_through(fd, attachment, sum, take, context, chunk, why);
	crypto_sha256_end(sum, sha256);
	free(chunk);
	if (fault == FAULT_NONE && strcmp(sha256, attachment->sha256) != 0)
		fault = content_fault(attachment, "is damaged", why);
	return fault;
}
