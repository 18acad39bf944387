/*
 * compile.c - from roles as they are written to what each comes to carry: a depth-first walk over
 * includes and ladders, with one bit for each permission that a role carries and one for each role
 * that it inherits from; then the bits as words.
 */
#include "policy/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The words that stand in one list of all permissions, each once and in order, and which of them
 * stand in each permission's.
 */
struct lexicon {
	const struct names *(*list)(const struct permission *permission);
	const char *what; /* for messages */
	size_t most;      /* so many words may there be, besides those of built-in permissions */
	bool by_whom;     /* what is made of a word says by which permission */
	struct names words;
	size_t *from;     /* of each permission: where its words begin in `place`; and the end */
	uint32_t *place;  /* of all permissions in turn: where their words stand in `words` */
	uint32_t *by;     /* of each type and word: the role's first permission for it, from 1 */
};

enum state { NOT_BEGUN = 0, UNDER_WAY, DONE };

/*
 * Whoever stands on a ladder goes through those below it from the lowest on, so that no rung leads
 * straight to another that has not been through its own: on the way down there is at most one step
 * along a ladder before each include, and one after the last.
 */
enum { PATH_MAX_ROLES = 2 * (INCLUDE_DEPTH_MAX + 1) };

struct compiler {
	const struct roles *roles;
	const struct rules *rules;
	unsigned char *state;  /* of each role: enum state */
	unsigned char *height; /* of each role: how deep it includes others */
	uint64_t *bits;        /* of each role: a row of `width`, a bit for each permission */
	size_t width;
	uint64_t *heirs;       /* of each role: a row of `breadth`, a bit for each role */
	size_t breadth;
	const struct role **rung; /* those that stand on ladders, by ladder and level */
	size_t rungs;
	size_t *foot;          /* of each role on a ladder: where that begins in `rung` */
	struct lexicon services;
	struct lexicon groups;
	size_t path[PATH_MAX_ROLES]; /* the roles under way */
	size_t depth;
	size_t includes;       /* how many includes lead along the path */
	size_t words;          /* how many came of it so far */
	struct misfit *misfit;
	struct why *why;
};

static const struct role *
role_at(const struct compiler *compiler, size_t at)
{
	return &compiler->roles->role[at];
}

static uint64_t *
bits_of(const struct compiler *compiler, size_t at)
{
	return compiler->bits + at * compiler->width;
}

static uint64_t *
heirs_of(const struct compiler *compiler, size_t at)
{
	return compiler->heirs + at * compiler->breadth;
}

static void
set_bit(uint64_t *row, size_t bit)
{
	row[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool
has_bit(const uint64_t *row, size_t bit)
{
	return (row[bit / 64] >> bit % 64 & 1) != 0;
}

static void
add_bits(uint64_t *row, const uint64_t *other, size_t width)
{
	for (size_t i = 0; i < width; i++)
		row[i] |= other[i];
}

static void
note_misfit(const struct compiler *compiler, size_t at, const char *key, const char *name)
{
	if (compiler->misfit != NULL)
		*compiler->misfit = (struct misfit){role_at(compiler, at)->name, key, name};
}

/* Sets the bit of each permission that the pattern covers. */
static enum fault
mark_pattern(const struct compiler *compiler, size_t at, const char *pattern)
{
	size_t first;
	size_t count = rules_covered(compiler->rules, pattern, &first);

	for (size_t i = first; i < first + count; i++)
		set_bit(bits_of(compiler, at), i);
	if (count > 0)
		return FAULT_NONE;
	note_misfit(compiler, at, "permissions", pattern);
	return why_field(compiler->why, FAULT_INVALID, "permissions",
	    "role %s has %s, which is no permission", role_at(compiler, at)->name, pattern);
}

/* ---- from one role to another ------------------------------------------------------------- */

/* Names the roles of the circle that coming to `again`, which is under way, closes. */
static enum fault
refuse_circle(const struct compiler *compiler, const char *key, size_t again)
{
	size_t from = compiler->depth;
	struct bytes circle = {0};
	enum fault fault;

	while (from > 0 && compiler->path[from - 1] != again)
		from--;
	for (size_t i = from; i > 0 && i <= compiler->depth; i++)
		bytes_print(&circle, "%s, ", role_at(compiler, compiler->path[i - 1])->name);
	bytes_put_u8(&circle, 0);
	fault = why_field(compiler->why, FAULT_INVALID, key,
	    "roles include one another in a circle: %s%s",
	    circle.failed ? "" : (const char *)circle.data, role_at(compiler, again)->name);
	bytes_clear(&circle);
	return fault;
}

static enum fault compile_role(struct compiler *compiler, size_t at);

/*
 * Takes over what another role carries, which `at` includes by this name; or NULL: it stands lower
 * on the same ladder.
 */
static enum fault
take_over(struct compiler *compiler, size_t at, size_t other, const char *include)
{
	const char *key = include != NULL ? "includes" : "ladder";
	size_t step = include != NULL;
	enum fault fault = FAULT_NONE;

	if (compiler->state[other] == UNDER_WAY) {
		note_misfit(compiler, at, key, include);
		return refuse_circle(compiler, key, other);
	}
	if (compiler->state[other] == NOT_BEGUN &&
	    compiler->includes + step <= INCLUDE_DEPTH_MAX) {
		compiler->includes += step;
		fault = compile_role(compiler, other);
		compiler->includes -= step;
	}
	if (fault != FAULT_NONE)
		return fault;
	/* The same roles are too deep whichever of them the walk came to first. */
	if (compiler->state[other] == NOT_BEGUN ||
	    compiler->height[other] + step > INCLUDE_DEPTH_MAX) {
		note_misfit(compiler, at, key, include);
		return why_field(compiler->why, FAULT_INVALID, key,
		    "role %s includes %s: roles may include one another %d deep, no deeper",
		    role_at(compiler, at)->name, role_at(compiler, other)->name,
		    INCLUDE_DEPTH_MAX);
	}
	if (compiler->height[other] + step > compiler->height[at])
		compiler->height[at] = (unsigned char)(compiler->height[other] + step);
	set_bit(heirs_of(compiler, at), other);
	add_bits(heirs_of(compiler, at), heirs_of(compiler, other), compiler->breadth);
	if (!role_at(compiler, other)->disabled)
		add_bits(bits_of(compiler, at), bits_of(compiler, other), compiler->width);
	return FAULT_NONE;
}

static enum fault
take_includes(struct compiler *compiler, size_t at)
{
	const struct names *includes = &role_at(compiler, at)->includes;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < includes->count; i++) {
		const char *name = includes->item[i];
		const struct role *included = roles_find(compiler->roles, name);

		if (included == NULL) {
			note_misfit(compiler, at, "includes", name);
			return why_field(compiler->why, FAULT_INVALID, "includes",
			    "role %s includes %s, which is no role",
			    role_at(compiler, at)->name, name);
		}
		fault = take_over(compiler, at, (size_t)(included - compiler->roles->role), name);
	}
	return fault;
}

/* ---- ladders ------------------------------------------------------------------------------ */

static bool
stands_on_ladder(const struct role *role)
{
	return role->ladder != NULL && *role->ladder != '\0';
}

/* All that stand lower, not only the next: that one may be disabled. */
static enum fault
take_rungs(struct compiler *compiler, size_t at)
{
	const struct role *role = role_at(compiler, at);
	enum fault fault = FAULT_NONE;

	if (!stands_on_ladder(role))
		return FAULT_NONE;
	for (size_t i = compiler->foot[at];
	    fault == FAULT_NONE && compiler->rung[i]->level < role->level; i++)
		fault = take_over(compiler, at, (size_t)(compiler->rung[i] - compiler->roles->role),
		    NULL);
	return fault;
}

static int
rung_order(const void *a, const void *b)
{
	const struct role *one = *(const struct role *const *)a;
	const struct role *other = *(const struct role *const *)b;
	int order = strcmp(one->ladder, other->ladder);

	if (order == 0)
		order = (one->level > other->level) - (one->level < other->level);
	return order != 0 ? order : strcmp(one->name, other->name);
}

static enum fault
check_rung(const struct compiler *compiler, size_t at)
{
	const struct role *role = role_at(compiler, at);
	const char *key = role->level != 0 ? "level" : "ladder";

	if (stands_on_ladder(role) == (role->level != 0))
		return FAULT_NONE;
	note_misfit(compiler, at, key, NULL);
	return why_field(compiler->why, FAULT_INVALID, key, "role %s has a %s without a %s",
	    role->name, key, role->level != 0 ? "ladder" : "level");
}

/* Notes where each ladder begins. */
static enum fault
find_feet(struct compiler *compiler)
{
	const struct role *const *rung = compiler->rung;
	size_t foot = 0;

	for (size_t i = 0; i < compiler->rungs; i++) {
		size_t at = (size_t)(rung[i] - compiler->roles->role);

		if (strcmp(rung[foot]->ladder, rung[i]->ladder) != 0)
			foot = i;
		compiler->foot[at] = foot;
		if (i - foot < LADDER_ROLES_MAX)
			continue;
		note_misfit(compiler, at, "ladder", NULL);
		return why_field(compiler->why, FAULT_INVALID, "ladder",
		    "more than %d roles stand on the ladder %s", LADDER_ROLES_MAX, rung[i]->ladder);
	}
	return FAULT_NONE;
}

static enum fault
find_rungs(struct compiler *compiler)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < compiler->roles->count; i++) {
		fault = check_rung(compiler, i);
		if (stands_on_ladder(role_at(compiler, i)))
			compiler->rung[compiler->rungs++] = role_at(compiler, i);
	}
	if (fault != FAULT_NONE)
		return fault;
	qsort(compiler->rung, compiler->rungs, sizeof(*compiler->rung), rung_order);
	return find_feet(compiler);
}

/* ---- one role ----------------------------------------------------------------------------- */

static enum fault
compile_role(struct compiler *compiler, size_t at)
{
	const struct role *role = role_at(compiler, at);
	enum fault fault = FAULT_NONE;

	compiler->state[at] = UNDER_WAY;
	compiler->path[compiler->depth++] = at;
	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		fault = mark_pattern(compiler, at, "*");
	for (size_t i = 0; fault == FAULT_NONE && i < role->permissions.count; i++)
		fault = mark_pattern(compiler, at, role->permissions.item[i]);
	if (fault == FAULT_NONE)
		fault = take_includes(compiler, at);
	if (fault == FAULT_NONE)
		fault = take_rungs(compiler, at);
	compiler->depth--;
	compiler->state[at] = DONE;
	return fault;
}

/* ---- the words that permissions name ------------------------------------------------------ */

/* A service's word ends in a colon, so that the words sort as what is made of them does. */
static void
word_of(const struct lexicon *lexicon, const char *name, char word[COMPILED_BYTES + 1])
{
	snprintf(word, COMPILED_BYTES + 1, "%s%s", name, lexicon->by_whom ? ":" : "");
}

static enum fault
collect_words(struct lexicon *lexicon, const struct rules *rules, size_t *mentions, struct why *why)
{
	char word[COMPILED_BYTES + 1];
	size_t most = lexicon->most;

	for (size_t i = 0; i < rules->count; i++) {
		const struct names *names = lexicon->list(&rules->permission[i]);
		size_t before = lexicon->words.count;

		for (size_t j = 0; j < names->count; j++) {
			word_of(lexicon, names->item[j], word);
			if (!names_insert(&lexicon->words, word))
				return why_memory(why);
		}
		*mentions += names->count;
		if (rules_is_builtin(rules->permission[i].name))
			most += lexicon->words.count - before;
		if (lexicon->words.count > most)
			return why_set(why, FAULT_INVALID,
			    "the permissions name more than %zu %s altogether", lexicon->most,
			    lexicon->what);
	}
	return FAULT_NONE;
}

static enum fault
lexicon_make(struct lexicon *lexicon, const struct rules *rules, struct why *why)
{
	char word[COMPILED_BYTES + 1];
	size_t mentions = 0, at = 0;
	enum fault fault = collect_words(lexicon, rules, &mentions, why);

	if (fault != FAULT_NONE)
		return fault;
	lexicon->from = calloc(rules->count + 1, sizeof(*lexicon->from));
	lexicon->place = calloc(mentions + 1, sizeof(*lexicon->place));
	lexicon->by = calloc(lexicon->words.count + 1, USER_TYPES * sizeof(*lexicon->by));
	if (lexicon->from == NULL || lexicon->place == NULL || lexicon->by == NULL)
		return why_memory(why);
	for (size_t i = 0; i < rules->count; i++) {
		const struct names *names = lexicon->list(&rules->permission[i]);

		lexicon->from[i] = at;
		for (size_t j = 0; j < names->count; j++) {
			word_of(lexicon, names->item[j], word);
			lexicon->place[at++] = (uint32_t)names_place(&lexicon->words, word);
		}
	}
	lexicon->from[rules->count] = at;
	return FAULT_NONE;
}

static void
lexicon_clear(struct lexicon *lexicon)
{
	names_clear(&lexicon->words);
	free(lexicon->from);
	free(lexicon->place);
	free(lexicon->by);
}

static void
lexicon_begin(struct lexicon *lexicon)
{
	memset(lexicon->by, 0, lexicon->words.count * USER_TYPES * sizeof(*lexicon->by));
}

/* Notes by which permission users of this type come to each word: the first that is noted. */
static void
lexicon_note(struct lexicon *lexicon, enum user_type type, size_t permission)
{
	uint32_t *by = lexicon->by + type * lexicon->words.count;

	for (size_t i = lexicon->from[permission]; i < lexicon->from[permission + 1]; i++)
		if (by[lexicon->place[i]] == 0)
			by[lexicon->place[i]] = (uint32_t)permission + 1;
}

/* What was noted, as TYPE:GROUP or TYPE:SERVICE:PERMISSION. */
static bool
lexicon_write(const struct lexicon *lexicon, const struct rules *rules, enum user_type type,
    struct names *out)
{
	const uint32_t *by = lexicon->by + type * lexicon->words.count;
	char word[COMPILED_BYTES + 1];
	bool good = true;

	for (size_t i = 0; good && i < lexicon->words.count; i++) {
		if (by[i] == 0)
			continue;
		snprintf(word, sizeof(word), "%s:%s%s", user_types[type], lexicon->words.item[i],
		    lexicon->by_whom ? rules->permission[by[i] - 1].name : "");
		good = names_add(out, word);
	}
	return good;
}

/* ---- what comes of it --------------------------------------------------------------------- */

/* The types by name: in this order what is compiled comes out sorted. */
static const enum user_type types_by_name[] = {
	USER_CLIENT, USER_EMPLOYEE, USER_INTEGRATION, USER_SYSTEM,
};
_Static_assert(sizeof(types_by_name) / sizeof(types_by_name[0]) == USER_TYPES, "every type");

/* The lists of one role, until all are made. */
struct compiled {
	struct names closure;
	struct names inherits;
	struct names works;
	struct names services;
	struct names groups;
};

static void
compiled_swap(struct compiled *compiled, struct role *role)
{
	struct compiled old = {
	    role->closure, role->inherits, role->works, role->services, role->groups};

	role->closure = compiled->closure;
	role->inherits = compiled->inherits;
	role->works = compiled->works;
	role->services = compiled->services;
	role->groups = compiled->groups;
	*compiled = old;
}

static void
compiled_clear(struct compiled *compiled)
{
	names_clear(&compiled->closure);
	names_clear(&compiled->inherits);
	names_clear(&compiled->works);
	names_clear(&compiled->services);
	names_clear(&compiled->groups);
}

/* What one permission gives; `first` is the first that works for each type, from 1. */
static bool
add_permission(struct compiler *compiler, size_t at, size_t first[USER_TYPES],
    struct compiled *compiled)
{
	const struct permission *permission = &compiler->rules->permission[at];

	for (unsigned type = 0; type < USER_TYPES; type++) {
		if (!permission_works_for(permission, type))
			continue;
		if (first[type] == 0)
			first[type] = at + 1;
		lexicon_note(&compiler->services, type, at);
		lexicon_note(&compiler->groups, type, at);
	}
	return names_add(&compiled->closure, permission->name);
}

/* What the role comes to give users of one type. */
static bool
add_type(const struct compiler *compiler, enum user_type type, size_t first,
    struct compiled *compiled)
{
	const struct rules *rules = compiler->rules;
	char word[COMPILED_BYTES + 1];

	if (first == 0)
		return true;
	snprintf(word, sizeof(word), "%s:%s", user_types[type], rules->permission[first - 1].name);
	return names_add(&compiled->works, word) &&
	    lexicon_write(&compiler->services, rules, type, &compiled->services) &&
	    lexicon_write(&compiler->groups, rules, type, &compiled->groups);
}

/* What is marked, as words. */
static enum fault
fill(struct compiler *compiler, size_t at, struct compiled *compiled)
{
	size_t first[USER_TYPES] = {0};
	bool good = true;

	lexicon_begin(&compiler->services);
	lexicon_begin(&compiler->groups);
	for (size_t i = 0; good && i < compiler->rules->count; i++)
		if (has_bit(bits_of(compiler, at), i))
			good = add_permission(compiler, i, first, compiled);
	for (size_t i = 0; good && i < USER_TYPES; i++)
		good = add_type(compiler, types_by_name[i], first[types_by_name[i]], compiled);
	for (size_t i = 0; good && i < compiler->roles->count; i++)
		if (has_bit(heirs_of(compiler, at), i))
			good = names_add(&compiled->inherits, role_at(compiler, i)->name);
	if (!good)
		return why_memory(compiler->why);
	compiler->words += compiled->closure.count + compiled->inherits.count +
	    compiled->services.count + compiled->groups.count;
	if (compiler->words > COMPILED_MAX)
		return why_set(compiler->why, FAULT_INVALID,
		    "all roles together come to more than %d permissions, roles, services and "
		    "Unix groups", COMPILED_MAX);
	return FAULT_NONE;
}

static enum fault
compile_all(struct compiler *compiler, struct compiled *compiled)
{
	enum fault fault = find_rungs(compiler);

	for (size_t i = 0; fault == FAULT_NONE && i < compiler->roles->count; i++)
		if (compiler->state[i] == NOT_BEGUN)
			fault = compile_role(compiler, i);
	if (fault == FAULT_NONE)
		fault = lexicon_make(&compiler->services, compiler->rules, compiler->why);
	if (fault == FAULT_NONE)
		fault = lexicon_make(&compiler->groups, compiler->rules, compiler->why);
	for (size_t i = 0; fault == FAULT_NONE && i < compiler->roles->count; i++)
		fault = fill(compiler, i, &compiled[i]);
	return fault;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static bool
compiler_open(struct compiler *compiler, const struct roles *roles, const struct rules *rules)
{
	size_t count = roles->count + 1;

	*compiler = (struct compiler){
		.roles = roles,
		.rules = rules,
		.width = rules->count / 64 + 1,
		.breadth = roles->count / 64 + 1,
		.state = calloc(count, sizeof(*compiler->state)),
		.height = calloc(count, sizeof(*compiler->height)),
		.rung = calloc(count, sizeof(*compiler->rung)),
		.foot = calloc(count, sizeof(*compiler->foot)),
		.services = {.list = permission_services, .what = "services",
		    .most = SERVICES_NAMED_MAX, .by_whom = true},
		.groups = {.list = permission_groups, .what = "Unix groups",
		    .most = GROUPS_NAMED_MAX},
	};
	compiler->bits = calloc(count, compiler->width * sizeof(*compiler->bits));
	compiler->heirs = calloc(count, compiler->breadth * sizeof(*compiler->heirs));
	return compiler->state != NULL && compiler->height != NULL && compiler->rung != NULL &&
	    compiler->foot != NULL && compiler->bits != NULL && compiler->heirs != NULL;
}

static void
compiler_close(struct compiler *compiler)
{
	lexicon_clear(&compiler->services);
	lexicon_clear(&compiler->groups);
	free(compiler->state);
	free(compiler->height);
	free(compiler->rung);
	free(compiler->foot);
	free(compiler->bits);
	free(compiler->heirs);
}

enum fault
roles_compile(struct roles *roles, const struct rules *rules, struct misfit *misfit,
    struct why *why)
{
	struct compiled *compiled = calloc(roles->count + 1, sizeof(*compiled));
	struct compiler compiler;
	enum fault fault;

	if (!compiler_open(&compiler, roles, rules) || compiled == NULL) {
		fault = why_memory(why);
	} else {
		compiler.misfit = misfit;
		compiler.why = why;
		fault = compile_all(&compiler, compiled);
	}
	for (size_t i = 0; compiled != NULL && i < roles->count; i++) {
		if (fault == FAULT_NONE)
			compiled_swap(&compiled[i], &roles->role[i]);
		compiled_clear(&compiled[i]);
	}
	free(compiled);
	compiler_close(&compiler);
	return fault;
}
