/*
 * command.h - a command is a datum and one function: the row says how the command is written, what
 * must be set up before it runs and what it takes; the function does one thing.
 */
#ifndef HEXA_ADMIN_COMMAND_H
#define HEXA_ADMIN_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accounts/admin.h"
#include "policy/field.h"

/* Every option that is not a record's field.  The first ones are global: any command takes them. */
enum option_id {
	OPTION_ROOT,
	OPTION_JSON,
	OPTION_QUIET,
	OPTION_YES,
	OPTION_AS,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_GLOBAL_COUNT,

	OPTION_COLUMNS = OPTION_GLOBAL_COUNT,
	OPTION_LIMIT,
	OPTION_SERVICE,
	OPTION_AT,
	OPTION_DATED,
	OPTION_USER,
	OPTION_ACTOR,
	OPTION_SINCE,
	OPTION_FROM,
	OPTION_PASSWORD_STDIN,
	OPTION_CLIENT,
	OPTION_SITE,
	OPTION_CLEAR,
	OPTION_PRESET,
	OPTION_TREE,
	OPTION_DRY_RUN,
	OPTION_SEARCH,
	OPTION_FILTER,
	OPTION_SORT,
	OPTION_CSV,
	OPTION_KILL,
	OPTION_UPDATE,
	OPTION_FORMAT,
	OPTION_EMAIL,
	OPTION_ROLE,
	OPTION_EXPIRING,
	OPTION_UNTIL,
	OPTION_ACTION,
	OPTION_MEND,
	OPTION_INVITE,
	OPTION_MAIL,
	OPTION_COUNT
};

#define OPTION_BIT(option) (UINT64_C(1) << (option))

/* Which options a command makes of its record table's rows. */
enum use {
	USE_NONE = 0,
	USE_CREATE, /* --FIELD V, and one value at a time of a list: --role R */
	USE_EDIT,   /* --FIELD V, --clear FIELD, --add-role R, --remove-role R */
	USE_SELF,   /* as USE_EDIT, of what somebody may change of their own account */
};

/* What main must set up first. */
enum need {
	NEED_NOTHING = 0, /* works whatever has become of the database */
	NEED_READ,        /* call->admin, read only */
	NEED_WRITE,       /* call->admin */
	NEED_IF_THERE,    /* call->admin, read only, when root calls and it can be had: is_open */
};

struct call;

struct command {
	const char *noun;
	const char *verb;      /* NULL: the noun is the whole command */
	const char *arguments; /* the synopsis of what stands beside the options */
	unsigned least, most;  /* how many of them */
	const struct table *table;
	enum use use;
	uint64_t options; /* OPTION_BITs besides the global ones */
	enum need need;
	bool root_only;         /* plain root's, whatever permissions somebody has */
	bool by_self;           /* whoever is not root runs it too, about themselves (self.h) */
	const char *permission; /* that the actor needs; NULL: none besides being let in */
	enum fault (*run)(struct call *call, struct why *why);
	const char *help; /* one line, without a full stop */
	const char *example;
};

enum { ANY_NUMBER = 1000000 };

extern const struct command commands[];
extern const size_t command_count;

/* What an option that may be repeated was given, in that order. */
struct values {
	const char **value;
	size_t count;
};

/* One invocation: what the line said, and what main has set up for it. */
struct call {
	const struct command *command;
	const char *option[OPTION_COUNT]; /* the value, "" of one that has none; NULL: not given */
	struct values values[OPTION_COUNT]; /* of those that may be repeated, all of them */
	struct edit *edit;                /* what the field options say, in their order */
	size_t edit_count;
	const char **word; /* the arguments, the command's own words left out */
	size_t word_count;

	char *root; /* the --root folder, resolved; "" for this host */
	bool bound; /* somebody is behind sudo: no other tree than this host's is looked at */
	struct admin admin;
	bool is_open;

	uint64_t logged;  /* the journal head that call_log() has told last */
	const char *visual; /* the environment's VISUAL and EDITOR; NULL: not set */
	const char *editor;
	const char *file; /* the FILE that a fault's line and column stand in; NULL: none */
	bool misused;     /* the fault is one of usage: exit 2 and the synopsis */
	bool left_running; /* --kill could not end what somebody runs, and it was said */
	bool unmailed;    /* --mail: the mail could not be sent, and it was said */
	size_t parts;     /* call_each() counts each user as so many; 0: as one */
	bool told;        /* all there is to say was said: only the exit status is left */
};

/* The exit status of a fault: scripts rely on these. */
int fault_exit_status(enum fault fault);

bool call_has(const struct call *call, enum option_id option);

/* The edits that the line asks for. */
struct edits call_edits(const struct call *call);

/* A mistake in how the command was written; returns what the command should. */
enum fault call_misuse(struct call *call, struct why *why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The answer is no, and stands on stdout: exit 1 without a message. */
enum fault call_no(struct call *call);

/*
 * Does `one` for each word, each for itself: failures are reported as they come, and the first one's
 * fault is returned.  When some failed, or were done in part, how many were `done` ("suspended") is
 * said last, with the limits of the policy that stood in the way.
 */
enum fault call_each(struct call *call, const char *done,
    enum fault (*one)(struct call *call, const char *word, struct why *why), struct why *why);

/*
 * Of a change that was made: says how much of it was, and what stood in the way of the rest, and
 * returns FAULT_CONFLICT; FAULT_NONE when nothing was left undone.  call_each() asks it itself.
 */
enum fault call_shortfall(struct call *call);

/*
 * Tells the system's log what became of accounts (events.h), and the journal head that this command
 * has made, so that a tail cut off the journal shows.  Nothing when nothing was committed since the
 * last call, or on another tree.  Called by each commit (admin.h).
 */
void call_log(struct call *call);

/* FAULT_INVALID, a misuse: neither --yes nor anybody to ask; `what` is what --yes would do. */
enum fault call_needs_answer(struct call *call, const char *what, struct why *why);

/* Asks before something is deleted, unless --yes.  FAULT_RULE: the answer was no. */
enum fault call_confirm(struct call *call, const char *noun, const char *name, struct why *why);

/* Where the actor has the command's permission: who stands outside is left out of lists. */
enum fault call_reach(struct call *call, struct reach *reach, struct why *why);

/* Says what the newest change did beside what was asked, unless --quiet; once. */
void call_tell_notices(struct call *call);

/*
 * Says what is usually done next, to somebody at a terminal: a sentence, and behind a line end the
 * command.  Nothing with --quiet or where stderr is no terminal: a script knows what it does next.
 */
void call_hint(const struct call *call, const char *notice);

/* The moment that --at or --dated says, or `otherwise`. */
enum fault call_time(struct call *call, enum option_id option, int64_t otherwise, int64_t *when,
    struct why *why);

/*
 * What --since and --until say of the past: also a span back from now (text_to_duration()).  For
 * --until a bare date is the end of that day.  Not given: INT64_MIN and INT64_MAX.
 */
enum fault call_since(struct call *call, int64_t *when, struct why *why);
enum fault call_until(struct call *call, int64_t *when, struct why *why);

/* The number that --limit says; UINT64_MAX: there is none. */
enum fault call_limit(struct call *call, uint64_t *limit, struct why *why);

/* ---- the commands, by file ---- */

enum fault run_init(struct call *call, struct why *why);
enum fault run_doctor(struct call *call, struct why *why);
enum fault run_completion(struct call *call, struct why *why);
enum fault run_version(struct call *call, struct why *why);
enum fault run_help(struct call *call, struct why *why);

enum fault run_backup(struct call *call, struct why *why);
enum fault run_restore(struct call *call, struct why *why);
enum fault run_dump(struct call *call, struct why *why);
enum fault run_load(struct call *call, struct why *why);

enum fault run_host_show(struct call *call, struct why *why);
enum fault run_host_set(struct call *call, struct why *why);
enum fault run_host_enable(struct call *call, struct why *why);
enum fault run_host_disable(struct call *call, struct why *why);

enum fault run_user_add(struct call *call, struct why *why);
enum fault run_user_list(struct call *call, struct why *why);
enum fault run_user_show(struct call *call, struct why *why);
enum fault run_user_edit(struct call *call, struct why *why);
enum fault run_user_rename(struct call *call, struct why *why);
enum fault run_user_suspend(struct call *call, struct why *why);
enum fault run_user_resume(struct call *call, struct why *why);
enum fault run_user_delete(struct call *call, struct why *why);
enum fault run_user_revoke(struct call *call, struct why *why);
enum fault run_user_restore(struct call *call, struct why *why);
enum fault run_user_import(struct call *call, struct why *why);
enum fault run_user_export(struct call *call, struct why *why);
enum fault run_user_adopt(struct call *call, struct why *why);
enum fault run_user_password(struct call *call, struct why *why);
enum fault run_user_invite(struct call *call, struct why *why);
enum fault run_user_reset(struct call *call, struct why *why);
enum fault run_user_unlock(struct call *call, struct why *why);

enum fault run_user_check(struct call *call, struct why *why);
enum fault run_can(struct call *call, struct why *why);
enum fault run_who_can(struct call *call, struct why *why);

enum fault run_role_add(struct call *call, struct why *why);
enum fault run_role_list(struct call *call, struct why *why);
enum fault run_role_show(struct call *call, struct why *why);
enum fault run_role_edit(struct call *call, struct why *why);
enum fault run_role_enable(struct call *call, struct why *why);
enum fault run_role_disable(struct call *call, struct why *why);
enum fault run_role_delete(struct call *call, struct why *why);
enum fault run_role_members(struct call *call, struct why *why);

enum fault run_policy_show(struct call *call, struct why *why);
enum fault run_policy_check(struct call *call, struct why *why);
enum fault run_policy_diff(struct call *call, struct why *why);
enum fault run_policy_apply(struct call *call, struct why *why);
enum fault run_policy_edit(struct call *call, struct why *why);
enum fault run_policy_test(struct call *call, struct why *why);
enum fault run_policy_presets(struct call *call, struct why *why);

enum fault run_client_add(struct call *call, struct why *why);
enum fault run_client_list(struct call *call, struct why *why);
enum fault run_client_show(struct call *call, struct why *why);
enum fault run_client_edit(struct call *call, struct why *why);
enum fault run_client_delete(struct call *call, struct why *why);

enum fault run_site_add(struct call *call, struct why *why);
enum fault run_site_list(struct call *call, struct why *why);
enum fault run_site_delete(struct call *call, struct why *why);

enum fault run_key_add(struct call *call, struct why *why);
enum fault run_key_list(struct call *call, struct why *why);
enum fault run_key_remove(struct call *call, struct why *why);

enum fault run_document_add(struct call *call, struct why *why);
enum fault run_document_list(struct call *call, struct why *why);
enum fault run_document_get(struct call *call, struct why *why);
enum fault run_document_remove(struct call *call, struct why *why);

enum fault run_self_show(struct call *call, struct why *why);
enum fault run_self_edit(struct call *call, struct why *why);
enum fault run_self_password(struct call *call, struct why *why);
enum fault run_self_keys(struct call *call, struct why *why);

enum fault run_activity_list(struct call *call, struct why *why);
enum fault run_activity_verify(struct call *call, struct why *why);

#endif
