/*
 * file.c - opens, examines and reads the published file.
 */
#define _FILE_OFFSET_BITS 64 /* 32-bit processes see the same inode numbers, sizes and times */
#define _TIME_BITS        64

#include "directory/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "directory/format.h"

static void
file_describe(struct file *file, const struct stat *stat)
{
	file->device = stat->st_dev;
	file->inode = stat->st_ino;
	file->size = stat->st_size > 0 ? (uint64_t)stat->st_size : 0;
	file->changed = (uint32_t)stat->st_mtim.tv_sec * 1000003U ^ (uint32_t)stat->st_mtim.tv_nsec;
}

/* Looks at both metas, so that nothing replaces a good mapping that is not as good. */
static bool
file_is_published(struct file *file)
{
	struct meta meta, other;
	uint32_t page_size;

	if (!file_read(file, PAGE_HEAD, &meta, sizeof(meta)))
		return false;
	page_size = meta.free.pad;
	if (meta.magic != META_MAGIC || meta.version != META_VERSION)
		return false;
	if (page_size < PAGE_SIZE_MIN || page_size > PAGE_SIZE_MAX ||
		(page_size & (page_size - 1)) != 0)
		return false;
	if (!file_read(file, page_size + PAGE_HEAD, &other, sizeof(other)))
		return false;
	file->page_size = page_size;
	file->txn = (uint32_t)(other.txn > meta.txn ? other.txn : meta.txn);
	return other.magic == META_MAGIC && other.version == META_VERSION &&
	       other.free.pad == page_size;
}

static enum lookup
open_failed(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case EPERM:
		return LOOKUP_MISSING;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return LOOKUP_AGAIN;
	default:
		return LOOKUP_UNAVAILABLE;
	}
}

enum lookup
file_open(struct file *file, const char *path)
{
	struct stat stat;

	do
		file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	while (file->fd < 0 && errno == EINTR);
	if (file->fd < 0)
		return open_failed(errno);
	if (fstat(file->fd, &stat) == 0 && S_ISREG(stat.st_mode)) {
		file_describe(file, &stat);
		if (file_is_published(file))
			return LOOKUP_FOUND;
	}
	file_close(file);
	return LOOKUP_UNAVAILABLE;
}

void
file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

bool
file_look(struct file *file, const char *path)
{
	struct stat stat;

	if (lstat(path, &stat) != 0 || !S_ISREG(stat.st_mode))
		return false;
	file->fd = -1;
	file_describe(file, &stat);
	return true;
}

bool
file_is_same(const struct file *a, const struct file *b)
{
	return a->device == b->device && a->inode == b->inode;
}

bool
file_read(const struct file *file, uint64_t at, void *to, size_t size)
{
	unsigned char *next = to;
	ssize_t got;

	while (size > 0) {
		if (at > INT64_MAX)
			return false;
		got = pread(file->fd, next, size, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		next += got;
		at += (uint64_t)got;
		size -= (size_t)got;
	}
	return true;
}
