/*
 * doctor_documents.c - the doctor's look at documents: that each has its content, and that nothing
 * else lies beside them.  That a content is what it was is proved when it is read.
 *
 * Administrators may be at work meanwhile.  What looks wrong is therefore looked at again in a
 * newer moment of the database: a content is there before the commit that names it and goes after
 * the one that lets go of it, and stays locked until then.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "policy/bytes.h"
#include "store/attachments.h"
#include "store/contents.h"
#include "store/paths.h"

static const char check[] = "documents";

/* Findings that are told one by one; the others are counted. */
enum { TOLD_MAX = 10 };

struct documents {
	struct doctor *doctor;
	char path[PATH_MAX];
	DIR *folder; /* NULL: there is none */
	unsigned long wrong, beside;
};

/* The newest moment.  False when it cannot be had; then the doctor has none. */
static bool
look_again(struct doctor *doctor)
{
	struct why why = {0};

	store_end(doctor->txn);
	doctor->txn = NULL;
	if (store_read_begin(doctor->store, &doctor->txn, &why) == FAULT_NONE)
		return true;
	report_fault(doctor, FINDING_ERROR, check, &why);
	return false;
}

/* ---- each document's content --------------------------------------------------------------- */

/* What is wrong with it; NULL: nothing. */
static const char *
content_is(const struct documents *documents, const struct attachment *attachment)
{
	struct stat st;

	if (documents->folder == NULL || fstatat(dirfd(documents->folder), attachment->sha256, &st,
	        AT_SYMLINK_NOFOLLOW) < 0)
		return "missing";
	if (!S_ISREG(st.st_mode) || st.st_size != (off_t)attachment->size)
		return "damaged";
	return NULL;
}

static bool
is_still_there(struct doctor *doctor, uint32_t number)
{
	struct attachment attachment = {0};
	bool is_there = look_again(doctor) &&
	    attachment_get(doctor->txn, number, &attachment, NULL) == FAULT_NONE;

	attachment_clear(&attachment);
	return is_there;
}

static void
check_content(struct documents *documents, const struct attachment *attachment)
{
	const char *is = content_is(documents, attachment);

	if (is == NULL || !is_still_there(documents->doctor, attachment->number))
		return;
	if (++documents->wrong > TOLD_MAX)
		return;
	report(documents->doctor, FINDING_ERROR, check, NULL,
	    "the content of document %lu (of %s, file %.64s) is %s: put %s back from a backup, add "
	    "the same file once more, or give it up by `hexa-admin document remove %lu`",
	    (unsigned long)attachment->number, attachment->user,
	    attachment->file == NULL ? "-" : attachment->file, is, attachment->sha256,
	    (unsigned long)attachment->number);
}

static void
check_contents(struct documents *documents)
{
	struct doctor *doctor = documents->doctor;
	struct attachment attachment = {0};
	struct why why = {0};
	uint32_t number = 0;
	enum fault fault = FAULT_NONE;

	while (doctor->txn != NULL && (fault = attachment_next(doctor->txn, number, &attachment,
	    &why)) == FAULT_NONE) {
		number = attachment.number;
		check_content(documents, &attachment);
	}
	attachment_clear(&attachment);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN) {
		documents->wrong++;
		report_fault(doctor, FINDING_ERROR, check, &why);
	}
}

/* ---- what lies in the folder --------------------------------------------------------------- */

static bool
is_named(struct doctor *doctor, const char *name)
{
	uint64_t count = 0;

	return text_is_sha256(name) && doctor->txn != NULL &&
	    attachment_with_count(doctor->txn, field_find(&attachment_table, "sha256"), name,
	        &count, NULL) == FAULT_NONE && count > 0;
}

/* Is a command at work on it? */
static bool
is_in_work(const struct documents *documents, const char *name)
{
	int fd = openat(dirfd(documents->folder), name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool is_locked;

	if (fd < 0)
		return false;
	is_locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return is_locked;
}

/* COMMAND FILE; nothing when that does not fit. */
static const char *
mend_by(const struct documents *documents, const char *command, const char *name,
    char mend[WHY_MEND_MAX])
{
	char path[PATH_MAX];
	struct bytes line = {0};

	if (snprintf(path, sizeof(path), "%s/%s", documents->path, name) >= (int)sizeof(path))
		return NULL;
	bytes_print(&line, "%s ", command);
	bytes_put_quoted(&line, path);
	return bytes_take_into(&line, mend, WHY_MEND_MAX) ? mend : NULL;
}

static void
report_beside(struct documents *documents, const char *name)
{
	char mend[WHY_MEND_MAX];

	if (++documents->beside > TOLD_MAX)
		return;
	/* Another name than Hexa gives is somebody else's, and may be anything. */
	if (text_is_sha256(name) || strncmp(name, CONTENT_NEW, strlen(CONTENT_NEW)) == 0)
		report(documents->doctor, FINDING_WARNING, check,
		    mend_by(documents, "rm", name, mend),
		    "%.16s… belongs to no document: a command that was adding or removing one "
		    "did not come to its end",
		    name);
	else
		report(documents->doctor, FINDING_WARNING, check, NULL,
		    "%s holds something that is not Hexa's: move it elsewhere", documents->path);
}

static void
check_mode(struct documents *documents, const char *name)
{
	char mend[WHY_MEND_MAX];
	struct stat st;

	if (fstatat(dirfd(documents->folder), name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) || (st.st_uid == 0 && (st.st_mode & 07777) == 0600))
		return;
	if (++documents->beside > TOLD_MAX)
		return;
	report(documents->doctor, FINDING_WARNING, check,
	    mend_by(documents, st.st_uid == 0 ? "chmod 0600" : "chown root:root", name, mend),
	    "%.16s… has owner %u and mode %04o, not 0 and 0600", name, (unsigned)st.st_uid,
	    (unsigned)(st.st_mode & 07777));
}

static void
check_entry(struct documents *documents, const char *name)
{
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return;
	if (is_named(documents->doctor, name)) {
		check_mode(documents, name);
		return;
	}
	if (is_in_work(documents, name) || !look_again(documents->doctor) ||
	    is_named(documents->doctor, name))
		return;
	if (fstatat(dirfd(documents->folder), name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		report_beside(documents, name);
}

static void
check_folder(struct documents *documents)
{
	const struct dirent *entry;

	while (documents->folder != NULL && documents->doctor->txn != NULL &&
	    (entry = readdir(documents->folder)) != NULL)
		check_entry(documents, entry->d_name);
}

/* ---- the check ----------------------------------------------------------------------------- */

void
check_documents(struct doctor *doctor)
{
	struct documents documents = {.doctor = doctor};

	if (hostfile_path(doctor->root, DOCUMENTS_FOLDER, documents.path, NULL) != FAULT_NONE)
		return;
	documents.folder = opendir(documents.path);
	if (documents.folder == NULL && errno != ENOENT) {
		report(doctor, FINDING_ERROR, check, NULL, "%s: %s", documents.path,
		    strerror(errno));
		return;
	}
	check_contents(&documents);
	check_folder(&documents);
	if (documents.wrong > TOLD_MAX)
		report(doctor, FINDING_ERROR, check, NULL, "and %lu more without their content",
		    documents.wrong - TOLD_MAX);
	if (documents.beside > TOLD_MAX)
		report(doctor, FINDING_WARNING, check, NULL, "and %lu more files",
		    documents.beside - TOLD_MAX);
	if (documents.wrong == 0 && documents.beside == 0 && doctor->txn != NULL)
		report(doctor, FINDING_GOOD, check, NULL, "each document has its content");
	if (documents.folder != NULL)
		closedir(documents.folder);
}
