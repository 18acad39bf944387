/*
 * gates.c - finding what else on this host says no: going through the lines of PAM's services, with
 * those that they take in.
 */
#include "accounts/gates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/gate_rules.h"
#include "accounts/hostfile.h"
#include "accounts/pamstack.h"
#include "accounts/shells.h"
#include "policy/bytes.h"

/* Services that take in one another's lines; bytes of a file that a gate goes by. */
enum { DEPTH = 4, FILE_BYTES = 256 * 1024 };

/* ---- the lines of a service ---------------------------------------------------------------- */

/* Each line of a service, and those it takes in, in the order in which libpam has them. */
struct walk {
	const char *root;
	const char *type; /* of the lines that are looked at; NULL: all */
	char path[PAMSTACK_SERVICE_MAX + 16];
	void (*visit)(void *context, const char *path, const struct pam_line *line);
	void *context;
};

static bool
is_taken(const struct walk *walk, const struct pam_line *line)
{
	return walk->type == NULL || line->type[0] == '\0' || strcmp(walk->type, line->type) == 0;
}

/* False: there is no such service. */
static bool
walk_service(const struct walk *outer, const char *service, int depth)
{
	struct walk walk = *outer;
	struct pam_line line;
	char *text = NULL;
	const char *at;
	unsigned number = 0;
	size_t size = 0;

	snprintf(walk.path, sizeof(walk.path), "/etc/pam.d/%s", service);
	if (depth > DEPTH || strchr(service, '/') != NULL ||
	    hostfile_read(walk.root, walk.path, PAMSTACK_MAX, &text, &size, NULL) != FAULT_NONE)
		return false;
	at = text;
	while (pamstack_next(&at, text + size, &number, &line)) {
		if (!is_taken(&walk, &line))
			continue;
		walk.visit(walk.context, walk.path, &line);
		if (strcmp(line.control, "include") == 0) {
			struct walk inner = walk;

			if (line.type[0] != '\0')
				inner.type = line.type;
			walk_service(&inner, line.module, depth + 1);
		}
	}
	free(text);
	return true;
}

/* ---- does it come to Hexa ------------------------------------------------------------------ */

/* Their yes is for those alone whom Hexa does not know. */
static bool
is_of_locals(const char *module)
{
	return strcmp(module, "pam_localuser.so") == 0 || strcmp(module, "pam_rootok.so") == 0 ||
	    strcmp(module, "pam_usertype.so") == 0;
}

struct look {
	struct service_lines *lines;
	bool has_auth;
	bool denies; /* its auth lines are one that says no to all */
};

/* What is wrong in the common files is told by the look at those. */
static bool
is_hexas(const struct pam_line *line, const char *common)
{
	return strcmp(line->module, "pam_hexa.so") == 0 ||
	    (strcmp(line->control, "include") == 0 && strcmp(line->module, common) == 0);
}

static void
look_at_auth(struct look *look, const struct pam_line *line)
{
	look->has_auth |= strcmp(line->control, "include") != 0 &&
	    strcmp(line->module, "pam_env.so") != 0;
	look->denies |= strcmp(line->module, "pam_deny.so") == 0;
	look->lines->asks_password |= is_hexas(line, "common-auth");
}

static void
look_at_account(struct service_lines *lines, const char *path, const struct pam_line *line)
{
	if (lines->asks)
		return;
	lines->asks = is_hexas(line, "common-account");
	if (!lines->asks && pam_line_passes(line) && !is_of_locals(line->module) &&
	    lines->passed[0] == '\0')
		snprintf(lines->passed, sizeof(lines->passed), "%s, line %u", path, line->number);
}

/* `@include` has no type: it takes in lines of each. */
static void
look_at(void *context, const char *path, const struct pam_line *line)
{
	struct look *look = context;

	if (line->type[0] == '\0' || strcmp(line->type, "auth") == 0)
		look_at_auth(look, line);
	if (line->type[0] == '\0' || strcmp(line->type, "account") == 0)
		look_at_account(look->lines, path, line);
}

void
service_lines_look(const char *root, const char *service, struct service_lines *lines)
{
	struct look look = {.lines = lines};
	const struct walk walk = {.root = root, .visit = look_at, .context = &look};

	*lines = (struct service_lines){0};
	lines->there = walk_service(&walk, service, 0);
	if (!lines->asks)
		lines->passed[0] = '\0';
	lines->asks_password |= !look.has_auth || (look.denies && !lines->asks_password);
}

/* ---- the gates ----------------------------------------------------------------------------- */

static const struct {
	const char *module;
	enum gate_kind kind;
} modules[] = {
	{"pam_nologin.so", GATE_NOLOGIN},
	{"pam_access.so", GATE_ACCESS},
	{"pam_succeed_if.so", GATE_SUCCEED_IF},
	{"pam_listfile.so", GATE_LISTFILE},
	{"pam_shells.so", GATE_SHELLS},
};

/* Gates in the making. */
struct gathering {
	struct gates *gates;
	const char *service;
	bool is_full; /* memory is out */
};

static void
gate_clear(struct gate *gate)
{
	names_clear(&gate->services);
	free(gate->text);
}

void
gates_clear(struct gates *gates)
{
	for (size_t i = 0; i < gates->count; i++)
		gate_clear(&gates->gate[i]);
	free(gates->gate);
	sshd_access_clear(&gates->sshd);
	*gates = (struct gates){0};
}

/* The gate that was met on the way of another service, too. */
static struct gate *
gate_at(struct gates *gates, const char *place)
{
	for (size_t i = 0; i < gates->count; i++)
		if (strcmp(gates->gate[i].place, place) == 0)
			return &gates->gate[i];
	return NULL;
}

/* Takes the gate over; *gate is then empty. */
static struct gate *
gate_add(struct gathering *gathering, struct gate *gate)
{
	struct gates *gates = gathering->gates;
	struct gate *more = reallocarray(gates->gate, gates->count + 1, sizeof(*more));

	if (more == NULL) {
		gathering->is_full = true;
		gate_clear(gate);
		return NULL;
	}
	gates->gate = more;
	more[gates->count] = *gate;
	return &more[gates->count++];
}

/* The file that it goes by.  False: without it, it refuses nobody. */
static bool
find_file(const char *root, struct gate *gate)
{
	static const char *const nologin[] = {"/var/run/nologin", "/etc/nologin"};
	char path[PATH_MAX];
	size_t size;

	switch (gate->kind) {
	case GATE_NOLOGIN:
		if (rule_argument(gate->arguments, "file=", gate->file, sizeof(gate->file)))
			return hostfile_path(root, gate->file, path, NULL) == FAULT_NONE &&
			    access(path, F_OK) == 0;
		for (size_t i = 0; i < 2; i++) {
			snprintf(gate->file, sizeof(gate->file), "%s", nologin[i]);
			if (hostfile_path(root, gate->file, path, NULL) == FAULT_NONE &&
			    access(path, F_OK) == 0)
				return true;
		}
		return false;
	case GATE_ACCESS:
		if (!rule_argument(gate->arguments, "accessfile=", gate->file, sizeof(gate->file)))
			snprintf(gate->file, sizeof(gate->file), "/etc/security/access.conf");
		break;
	case GATE_LISTFILE:
		if (!rule_argument(gate->arguments, "file=", gate->file, sizeof(gate->file)))
			return false;
		break;
	case GATE_SUCCEED_IF:
	case GATE_SHELLS:
	case GATE_SSHD:
		return true;
	}
	return hostfile_read(root, gate->file, FILE_BYTES, &gate->text, &size, NULL) == FAULT_NONE;
}

static void
gather(void *context, const char *path, const struct pam_line *line)
{
	struct gathering *gathering = context;
	struct gate made = {0}, *gate;

	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		if (strcmp(modules[i].module, line->module) == 0)
			made.kind = modules[i].kind;
	if (made.kind == 0 || !pam_line_refuses(line) ||
	    (strcmp(line->type, "auth") != 0 && strcmp(line->type, "account") != 0))
		return;
	snprintf(made.place, sizeof(made.place), "%s, line %u", path, line->number);
	snprintf(made.arguments, sizeof(made.arguments), "%s", line->arguments);
	gate = gate_at(gathering->gates, made.place);
	if (gate == NULL && !find_file(gathering->gates->root, &made)) {
		gate_clear(&made);
		return;
	}
	if (gate == NULL)
		gate = gate_add(gathering, &made);
	if (gate != NULL && !names_insert(&gate->services, gathering->service))
		gathering->is_full = true;
}

static bool
has_lists(const struct sshd_access *access)
{
	return access->allow_users.count + access->deny_users.count + access->allow_groups.count +
	    access->deny_groups.count > 0;
}

static void
gather_sshd(struct gathering *gathering, const char *user)
{
	struct gates *gates = gathering->gates;
	struct gate made = {.kind = GATE_SSHD}, *gate;

	gates->has_sshd = sshd_is_there(gates->root) &&
	    sshd_ask_about(gates->root, user, &gates->settings, &gates->sshd, NULL) == FAULT_NONE;
	if (!gates->has_sshd || !has_lists(&gates->sshd))
		return;
	gate = gate_add(gathering, &made);
	if (gate != NULL && !names_insert(&gate->services, "sshd"))
		gathering->is_full = true;
}

enum fault
gates_read(const char *root, const struct names *services, const char *user, struct gates *gates,
    struct why *why)
{
	struct gathering gathering = {.gates = gates};
	const struct walk walk = {.root = root, .visit = gather, .context = &gathering};

	gates->root = root;
	for (size_t i = 0; i < services->count; i++) {
		gathering.service = services->item[i];
		walk_service(&walk, services->item[i], 0);
		if (strcmp(services->item[i], "sshd") == 0)
			gather_sshd(&gathering, user);
	}
	return gathering.is_full ? why_memory(why) : FAULT_NONE;
}

/* ---- judging ------------------------------------------------------------------------------- */

void
gate_mend(const char *command, const char *file, char mend[WHY_MEND_MAX])
{
	struct bytes line = {0};

	bytes_print(&line, "%s ", command);
	bytes_put_quoted(&line, file);
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

void
gate_mend_place(const char *command, const char *place, char mend[WHY_MEND_MAX])
{
	static const char behind[] = ", line ";
	const char *end = NULL;
	char *file;

	/* The file's own name may have a comma. */
	for (const char *at = strstr(place, behind); at != NULL; at = strstr(at + 1, behind))
		end = at;
	file = end == NULL ? NULL : strndup(place, (size_t)(end - place));
	mend[0] = '\0';
	if (file != NULL)
		gate_mend(command, file, mend);
	free(file);
}

static bool
refused_by_shell(const struct gates *gates, const struct gate *gate,
    const struct person *person, struct refusal *refusal)
{
	struct bytes line = {0};
	bool is_listed = true;

	if (person->shell == NULL ||
	    shell_is_listed(gates->root, person->shell, &is_listed, NULL) != FAULT_NONE ||
	    is_listed)
		return false;
	snprintf(refusal->by, sizeof(refusal->by),
	    "pam_shells (%s), for /etc/shells has no line %s", gate->place, person->shell);
	/* Some shells' echo reads a backslash as more than itself. */
	if (strchr(person->shell, '\\') == NULL) {
		bytes_print(&line, "echo ");
		bytes_put_quoted(&line, person->shell);
		bytes_print(&line, " >> /etc/shells");
	}
	bytes_take_into(&line, refusal->mend, sizeof(refusal->mend));
	return true;
}

static bool
refused_by_sshd(const struct gates *gates, const struct person *person, struct refusal *refusal)
{
	const char *keyword = sshd_refuses(&gates->sshd, person->name, person->groups);
	struct sshd_place place;

	if (keyword == NULL)
		return false;
	sshd_config_find(gates->root, keyword, &place);
	snprintf(refusal->by, sizeof(refusal->by), "sshd's %s%s%s%s", keyword,
	    place.text[0] == '\0' ? "" : " (", place.text, place.text[0] == '\0' ? "" : ")");
	if (place.text[0] == '\0')
		gate_mend(EDITOR, SSHD_CONFIG, refusal->mend);
	else
		gate_mend_place(EDITOR, place.text, refusal->mend);
	return true;
}

bool
gate_refuses(const struct gates *gates, const struct gate *gate, const struct person *person,
    struct refusal *refusal)
{
	unsigned line;

	*refusal = (struct refusal){0};
	switch (gate->kind) {
	case GATE_NOLOGIN:
		snprintf(refusal->by, sizeof(refusal->by),
		    "pam_nologin, which lets in root alone while %s is there", gate->file);
		gate_mend("rm", gate->file, refusal->mend);
		return true;
	case GATE_ACCESS:
		if (!access_refuses(gate->text, gate->arguments, person, &line))
			return false;
		snprintf(refusal->by, sizeof(refusal->by), "pam_access (%s, line %u)", gate->file,
		    line);
		gate_mend(EDITOR, gate->file, refusal->mend);
		return true;
	case GATE_SUCCEED_IF:
		if (succeeds_if(gate->arguments, person, &gate->services))
			return false;
		snprintf(refusal->by, sizeof(refusal->by), "pam_succeed_if (%s): %.180s",
		    gate->place, gate->arguments);
		/* The line of the module itself. */
		gate_mend_place(EDITOR, gate->place, refusal->mend);
		return true;
	case GATE_LISTFILE:
		if (!listfile_refuses(gate->text, gate->arguments, person))
			return false;
		snprintf(refusal->by, sizeof(refusal->by), "pam_listfile (%s), which goes by %s",
		    gate->place, gate->file);
		gate_mend(EDITOR, gate->file, refusal->mend);
		return true;
	case GATE_SHELLS:
		return refused_by_shell(gates, gate, person, refusal);
	case GATE_SSHD:
		return refused_by_sshd(gates, person, refusal);
	}
	return false;
}
