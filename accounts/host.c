/*
 * host.c - switching a host to Hexa and back.
 *
 * Every file that a switch may touch is read beforehand; when a step fails, or the files do not say
 * afterwards what they should, each is put back as it was.
 */
#include "accounts/host.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/hostfile.h"
#include "accounts/nsswitch.h"
#include "accounts/pamstack.h"
#include "accounts/parts.h"
#include "accounts/program.h"
#include "accounts/sshd.h"
#include "accounts/sudoers.h"
#include "directory/image.h"
#include "store/nscd.h"
#include "store/paths.h"
#include "store/store.h"

#define PAM_AUTH_UPDATE "/usr/sbin/pam-auth-update"

/* What was there before the switch. */
#define SAVED ".hexa-saved"

/*
 * What a switch may touch: nsswitch.conf, the PAM files, what pam-auth-update remembers of them,
 * which must fit them (else it takes its own lines for local changes), and the drop-in for sshd.
 */
enum { FILE_NSSWITCH, FILE_PAM, FILE_REMEMBERED = FILE_PAM + PAMSTACKS };

static const char *const touched[] = {
	[FILE_NSSWITCH] = NSSWITCH_FILE,
	[FILE_PAM + PAMSTACK_AUTH] = "/etc/pam.d/common-auth",
	[FILE_PAM + PAMSTACK_ACCOUNT] = "/etc/pam.d/common-account",
	[FILE_PAM + PAMSTACK_SESSION] = "/etc/pam.d/common-session",
	[FILE_PAM + PAMSTACK_NONINTERACTIVE] = "/etc/pam.d/common-session-noninteractive",
	[FILE_PAM + PAMSTACK_PASSWORD] = "/etc/pam.d/common-password",
	[FILE_REMEMBERED] = "/var/lib/pam/auth",
	"/var/lib/pam/account",
	"/var/lib/pam/session",
	"/var/lib/pam/session-noninteractive",
	"/var/lib/pam/password",
	"/var/lib/pam/seen",
	/* What it leaves lying when it fails on its way. */
	"/etc/pam.d/common-auth.pam-new",
	"/etc/pam.d/common-account.pam-new",
	"/etc/pam.d/common-session.pam-new",
	"/etc/pam.d/common-session-noninteractive.pam-new",
	"/etc/pam.d/common-password.pam-new",
	"/var/lib/pam/auth.new",
	"/var/lib/pam/account.new",
	"/var/lib/pam/session.new",
	"/var/lib/pam/session-noninteractive.new",
	"/var/lib/pam/password.new",
	SSHD_FILE,
};

enum { TOUCHED = sizeof(touched) / sizeof(touched[0]) };

/* The files as they were; text NULL: it was not there. */
struct before {
	const char *root;
	char *text[TOUCHED];
	size_t size[TOUCHED];
};

static void
before_clear(struct before *before)
{
	for (size_t i = 0; i < TOUCHED; i++)
		free(before->text[i]);
	*before = (struct before){ 0 };
}

static enum fault
before_read(const char *root, struct before *before, struct why *why)
{
	*before = (struct before){ .root = root };
	for (size_t i = 0; i < TOUCHED; i++) {
		enum fault fault = hostfile_read(root, touched[i], NSSWITCH_MAX, &before->text[i],
		    &before->size[i], why);

		if (fault != FAULT_NONE && fault != FAULT_UNKNOWN) {
			before_clear(before);
			return fault;
		}
	}
	return FAULT_NONE;
}

/* True when file `i` stands as it was. */
static bool
is_as_before(const struct before *before, size_t i)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault =
	    hostfile_read(before->root, touched[i], NSSWITCH_MAX, &text, &size, NULL);
	bool same = before->text[i] == NULL ? fault == FAULT_UNKNOWN
	                                    : fault == FAULT_NONE && size == before->size[i] &&
	                                          memcmp(text, before->text[i], size) == 0;

	free(text);
	return same;
}

static bool
nsswitch_is_on(const char *text, size_t size)
{
	struct nsswitch_state state[NSSWITCH_MAPS];

	return nsswitch_look(text, size, state, NULL) == FAULT_NONE &&
	    (state[NSSWITCH_PASSWD].on || state[NSSWITCH_GROUP].on);
}

/*
 * Puts everything back, after a failure that *why already tells of: a second failure is added to it
 * only when a file is not as it was.
 */
static void
put_back(const struct before *before, struct why *why)
{
	/* nsswitch.conf, which comes first, goes last when users are to be known again. */
	bool known = before->text[FILE_NSSWITCH] != NULL &&
	    nsswitch_is_on(before->text[FILE_NSSWITCH], before->size[FILE_NSSWITCH]);

	for (size_t at = 0; at < TOUCHED; at++) {
		size_t i = known ? TOUCHED - 1 - at : at;
		enum fault fault;

		if (is_as_before(before, i))
			continue;
		fault = before->text[i] == NULL
		    ? hostfile_remove(before->root, touched[i], NULL)
		    : hostfile_replace(before->root, touched[i], before->text[i], before->size[i],
		          NULL);
		if (fault != FAULT_NONE)
			why_set(why, FAULT_UNAVAILABLE,
			    "%s could not be put back as it was; see the copy beside it", touched[i]);
	}
}

/* ---- the copies that are kept -------------------------------------------------------------- */

static void
saved_name(size_t i, char out[PATH_MAX])
{
	size_t size = strlen(touched[i]);

	memcpy(out, touched[i], size);
	memcpy(out + size, SAVED, sizeof(SAVED));
}

/*
 * For the person who has to mend by hand.  A file that Hexa stands in already is not what was there
 * before the switch: its older copy is left.
 */
static enum fault
save(const struct before *before, size_t i, bool on, struct why *why)
{
	char name[PATH_MAX];

	if (on)
		return FAULT_NONE;
	saved_name(i, name);
	if (before->text[i] == NULL)
		return hostfile_remove(before->root, name, why);
	return hostfile_replace(before->root, name, before->text[i], before->size[i], why);
}

/* Takes away the copies that say no more than the files themselves; the others may be wanted. */
static void
drop_saved(const char *root)
{
	for (size_t i = 0; i < FILE_REMEMBERED; i++) {
		struct before saved = { .root = root };
		char name[PATH_MAX];

		saved_name(i, name);
		if (hostfile_read(root, name, NSSWITCH_MAX, &saved.text[i], &saved.size[i], NULL) ==
		        FAULT_NONE &&
		    is_as_before(&saved, i))
			hostfile_remove(root, name, NULL);
		before_clear(&saved);
	}
}

/* ---- PAM ----------------------------------------------------------------------------------- */

/* A missing file is FAULT_NONE with the zero state: nothing of Hexa's in it. */
static enum fault
look_at_stack(const char *root, enum pamstack stack, struct pamstack_state *state,
    struct why *why)
{
	char *text = NULL;
	size_t size = 0;
	enum fault fault =
	    hostfile_read(root, pamstack_file(stack), PAMSTACK_MAX, &text, &size, why);

	*state = (struct pamstack_state){ 0 };
	if (fault == FAULT_NONE)
		fault = pamstack_look(stack, text, size, state, why);
	free(text);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* Says which file is not as it should be with Hexa in (`on`) or out of it. */
static enum fault
check_stacks(const char *root, bool on, struct why *why)
{
	for (int stack = 0; stack < PAMSTACKS; stack++) {
		const char *file = pamstack_file((enum pamstack)stack);
		struct pamstack_state state;
		enum fault fault = look_at_stack(root, (enum pamstack)stack, &state, why);

		if (fault != FAULT_NONE)
			return fault;
		if (on ? pamstack_problem(&state) == NULL : state.lines == 0)
			continue;
		/* All it ever leaves undone without saying so. */
		if (on == (state.lines == 0))
			why_set(why, FAULT_UNAVAILABLE,
			    "pam-auth-update left %s as it is, for it has local changes (--force drops "
			    "them)",
			    file);
		else
			why_set(why, FAULT_UNAVAILABLE, "%s: %s", file, pamstack_problem(&state));
		why_mend(why, on ? PAMSTACK_ANEW
		                 : "pam-auth-update --force --remove hexa hexa-password");
		return FAULT_UNAVAILABLE;
	}
	return FAULT_NONE;
}

/* "--enable" or "--remove" of both profiles. */
static enum fault
run_pam_auth_update(const char *root, const char *what, struct why *why)
{
	const char *const argv[] = { PAM_AUTH_UPDATE, "--package", what, "hexa", "hexa-password",
		NULL };
	char path[PATH_MAX];
	enum fault fault = hostfile_path(root, PAM_AUTH_UPDATE, path, why);

	if (fault != FAULT_NONE)
		return fault;
	if (access(path, X_OK) < 0)
		return why_set(why, FAULT_UNAVAILABLE,
		    "%s is not there: Hexa's lines in /etc/pam.d are switched by it alone", path);
	return program_run(root, argv, why);
}

static enum fault
save_stacks(const struct before *before, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (int stack = 0; stack < PAMSTACKS && fault == FAULT_NONE; stack++) {
		struct pamstack_state state;

		fault = look_at_stack(before->root, (enum pamstack)stack, &state, why);
		if (fault == FAULT_NONE)
			fault = save(before, FILE_PAM + (size_t)stack, state.lines > 0, why);
	}
	return fault;
}

static enum fault
pam_on(const struct before *before, struct why *why)
{
	enum fault fault;

	if (check_stacks(before->root, true, NULL) == FAULT_NONE)
		return FAULT_NONE;
	fault = save_stacks(before, why);
	if (fault == FAULT_NONE)
		fault = run_pam_auth_update(before->root, "--enable", why);
	return fault == FAULT_NONE ? check_stacks(before->root, true, why) : fault;
}

static enum fault
pam_off(const char *root, struct why *why)
{
	enum fault fault;

	if (check_stacks(root, false, NULL) == FAULT_NONE)
		return FAULT_NONE;
	fault = run_pam_auth_update(root, "--remove", why);
	return fault == FAULT_NONE ? check_stacks(root, false, why) : fault;
}

/* ---- nsswitch.conf ------------------------------------------------------------------------- */

typedef enum fault nsswitch_edit(const char *, size_t, struct bytes *, struct why *);

/* Nothing is written when nothing changes. */
static enum fault
nsswitch_apply(const struct before *before, nsswitch_edit *edit, struct why *why)
{
	const char *text = before->text[FILE_NSSWITCH] != NULL ? before->text[FILE_NSSWITCH] : "";
	size_t size = before->size[FILE_NSSWITCH];
	struct bytes out = { 0 };
	enum fault fault = edit(text, size, &out, why);

	if (fault == FAULT_NONE &&
	    (out.size != size || (size > 0 && memcmp(out.data, text, size) != 0))) {
		fault = save(before, FILE_NSSWITCH, nsswitch_is_on(text, size), why);
		if (fault == FAULT_NONE)
			fault = hostfile_replace(before->root, NSSWITCH_FILE, (char *)out.data,
			    out.size, why);
	}
	bytes_clear(&out);
	return fault;
}

/* ---- the switch ---------------------------------------------------------------------------- */

/*
 * Nothing is switched on that could not answer: a module that does not load refuses root, and
 * without a database nobody who is not of /etc/passwd gets in, whatever other source knows them.
 */
static enum fault
check_ready(const char *root, struct why *why)
{
	struct store *store = NULL;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < part_count && fault == FAULT_NONE; i++)
		fault = part_check(root, &parts[i], why);
	if (fault == FAULT_NONE)
		fault = store_open(root, STORE_READ_ONLY, &store, why);
	if (store != NULL)
		store_close(store);
	return fault;
}

/* nscd goes on with what the sources before the switch have answered. */
static void
forget_answers(const char *root)
{
	if (root[0] == '\0')
		nscd_forget();
}

enum fault
host_enable(const char *root, struct names *notices, struct why *why)
{
	struct before before;
	enum fault fault = check_ready(root, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = before_read(root, &before, why);
	if (fault != FAULT_NONE)
		return fault;
	/*
	 * Whoever is known and not asked about comes in by a key: so PAM is the first to be on, and
	 * the last.
	 */
	fault = pam_on(&before, why);
	if (fault == FAULT_NONE)
		fault = nsswitch_apply(&before, nsswitch_add, why);
	if (fault == FAULT_NONE)
		fault = sshd_put(root, notices, why);
	/* The last step, which undoes itself. */
	if (fault == FAULT_NONE)
		fault = sudoers_put(root, notices, why);
	if (fault != FAULT_NONE) {
		put_back(&before, why);
		drop_saved(root);
	}
	before_clear(&before);
	forget_answers(root);
	return fault;
}

enum fault
host_disable(const char *root, struct names *notices, struct why *why)
{
	struct before before;
	enum fault fault = before_read(root, &before, why);

	if (fault != FAULT_NONE)
		return fault;
	if (before.text[FILE_NSSWITCH] != NULL)
		fault = nsswitch_apply(&before, nsswitch_remove, why);
	if (fault == FAULT_NONE)
		fault = pam_off(root, why);
	if (fault != FAULT_NONE)
		put_back(&before, why);
	if (fault == FAULT_NONE)
		fault = sudoers_remove(root, notices, why);
	if (fault == FAULT_NONE)
		fault = sshd_remove(root, notices, why);
	if (fault == FAULT_NONE)
		drop_saved(root);
	before_clear(&before);
	forget_answers(root);
	return fault;
}

/* ---- what is switched on ------------------------------------------------------------------- */

static enum fault
look_at_nsswitch(const char *root, struct host_state *state, struct why *why)
{
	struct nsswitch_state maps[NSSWITCH_MAPS] = { { 0 } };
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read(root, NSSWITCH_FILE, NSSWITCH_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = nsswitch_look(text, size, maps, why);
	free(text);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	state->nss_passwd = maps[NSSWITCH_PASSWD].on;
	state->nss_group = maps[NSSWITCH_GROUP].on;
	/* Without a line of its own, glibc takes the one of groups. */
	state->nss_initgroups =
	    maps[maps[NSSWITCH_INITGROUPS].present ? NSSWITCH_INITGROUPS : NSSWITCH_GROUP].on;
	return FAULT_NONE;
}

enum fault
host_state(const char *root, struct host_state *state, struct why *why)
{
	struct pamstack_state stack[PAMSTACKS];
	struct sudoers_state sudoers = { 0 };
	struct sshd_settings sshd = { 0 };
	struct host_state found = { 0 };
	enum fault fault = look_at_nsswitch(root, &found, why);

	for (int i = 0; i < PAMSTACKS && fault == FAULT_NONE; i++)
		fault = look_at_stack(root, (enum pamstack)i, &stack[i], why);
	if (fault == FAULT_NONE)
		fault = sudoers_look(root, &sudoers, why);
	if (fault != FAULT_NONE)
		return fault;
	found.pam_login = stack[PAMSTACK_AUTH].lines > 0 && stack[PAMSTACK_ACCOUNT].lines > 0 &&
	    stack[PAMSTACK_SESSION].lines > 0;
	found.pam_password = stack[PAMSTACK_PASSWORD].lines > 0;
	found.sudoers = sudoers.there;
	/* An sshd that cannot be asked would not start: then it takes nothing. */
	if (sshd_is_there(root) && sshd_ask(root, &sshd, NULL) == FAULT_NONE) {
		found.sshd_keys = sshd_command_is_ours(sshd.command);
		found.sshd_password = sshd.pam && sshd.password;
		found.sshd_keyboard = sshd.pam && sshd.keyboard;
	}
	*state = found;
	return FAULT_NONE;
}

static bool
was_in_use(const char *root)
{
	struct pamstack_state stack = { 0 };
	char path[PATH_MAX];

	if (hostfile_path(root, DIRECTORY_FILE, path, NULL) == FAULT_NONE &&
	    access(path, F_OK) == 0)
		return true;
	return look_at_stack(root, PAMSTACK_AUTH, &stack, NULL) == FAULT_NONE && stack.lines > 0;
}

void
host_mend_missing(const char *root, struct why *why)
{
	if (why == NULL || strcmp(why->mend, "hexa-admin init") != 0 || !was_in_use(root))
		return;
	why_add(why, ", and Hexa was in use here: a new database would know nobody");
	why_mend(why, "hexa-admin restore FILE");
}
