/*
 * origins.c - where permissions come from, and the tree that their names make.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/roles.h"
#include "accounts/suggest.h"

void
origins_clear(struct origins *origins)
{
	for (size_t i = 0; i < origins->count; i++) {
		free(origins->origin[i].name);
		free(origins->origin[i].title);
		free(origins->origin[i].note);
	}
	free(origins->origin);
	*origins = (struct origins){0};
}

/* A tree that is being drawn; once memory ran out nothing is added. */
struct drawing {
	const struct document *document;
	bool *drawn; /* of each role: it stands higher up */
	struct origins tree;
	bool failed;
};

/* Its texts are copied; `note` is taken over. */
static void
draw(struct drawing *drawing, const struct origin *origin, struct bytes *note)
{
	struct origins *tree = &drawing->tree;
	struct origin *all = tree->origin;
	struct origin made = *origin;

	/* Twice as much room each time the count is a power of two. */
	if (!drawing->failed && (tree->count & (tree->count - 1)) == 0)
		all = reallocarray(all, tree->count == 0 ? 1 : 2 * tree->count, sizeof(*all));
	if (all != NULL)
		tree->origin = all;
	made.name = strdup(origin->name);
	made.title = strdup(origin->title);
	made.note = bytes_take_text(note);
	if (all == NULL || made.name == NULL || made.title == NULL || made.note == NULL)
		drawing->failed = true;
	if (!drawing->failed) {
		all[tree->count++] = made;
		return;
	}
	free(made.name);
	free(made.title);
	free(made.note);
}

static enum fault
finish(struct drawing *drawing, struct origins *tree, struct why *why)
{
	free(drawing->drawn);
	if (drawing->failed) {
		origins_clear(&drawing->tree);
		return why_memory(why);
	}
	*tree = drawing->tree;
	return FAULT_NONE;
}

/* A title that was left out is the name. */
static char *
titled(char *title, char *name)
{
	return title == NULL || *title == '\0' ? name : title;
}

/* ---- permissions -------------------------------------------------------------------------- */

static void
note_list(struct bytes *note, const char *what, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		if (i == 0)
			bytes_print(note, "%s%s ", note->size > 0 ? "; " : "", what);
		bytes_print(note, "%s%s", i > 0 ? ", " : "", names->item[i]);
	}
}

/* What it does on this host. */
static void
note_permission(struct bytes *note, const struct permission *permission)
{
	note_list(note, "services", &permission->services);
	note_list(note, "groups", &permission->unix_groups);
	note_list(note, "types", &permission->types);
}

/* `pattern` is how a role has it; NULL or its name: as itself. */
static void
draw_permission(struct drawing *drawing, const struct permission *permission,
    const char *pattern, unsigned depth)
{
	const struct origin origin = {.depth = depth, .name = permission->name,
	    .title = titled(permission->title, permission->name)};
	struct bytes note = {0};

	if (pattern == NULL || strcmp(pattern, permission->name) == 0)
		note_permission(&note, permission);
	else
		bytes_print(&note, "by %s", pattern);
	draw(drawing, &origin, &note);
}

/* ---- a role ------------------------------------------------------------------------------- */

static void
draw_own(struct drawing *drawing, const struct role *role, unsigned depth)
{
	const struct rules *rules = &drawing->document->rules;

	for (size_t i = 0; i < role->permissions.count; i++) {
		const char *pattern = role->permissions.item[i];
		size_t first, count = rules_covered(rules, pattern, &first);

		for (size_t j = first; j < first + count; j++)
			draw_permission(drawing, &rules->permission[j], pattern, depth);
	}
}

/* How a role comes to stand in the tree. */
enum how { HOW_ASKED, HOW_INCLUDED, HOW_LADDER };

static void draw_role(struct drawing *drawing, const struct role *role, enum how how,
    unsigned depth);

static bool
is_lower(const struct role *role, const struct role *other)
{
	return role->ladder != NULL && *role->ladder != '\0' && other->ladder != NULL &&
	    strcmp(role->ladder, other->ladder) == 0 && other->level < role->level;
}

/* The highest role of the ladder below `role` and below `bound` (NULL: none), in their order. */
static const struct role *
next_rung(const struct roles *roles, const struct role *role, const struct role *bound)
{
	const struct role *next = NULL;

	for (size_t i = 0; i < roles->count; i++) {
		const struct role *other = &roles->role[i];

		if (!is_lower(role, other) || (bound != NULL && (other->level > bound->level ||
		    (other->level == bound->level && strcmp(other->name, bound->name) <= 0))))
			continue;
		if (next == NULL || other->level > next->level)
			next = other;
	}
	return next;
}

/* From the highest down, side by side: each adds what is its own. */
static void
draw_ladder(struct drawing *drawing, const struct role *role, unsigned depth)
{
	const struct roles *roles = &drawing->document->roles;
	const struct role *rung = NULL;

	while ((rung = next_rung(roles, role, rung)) != NULL)
		draw_role(drawing, rung, HOW_LADDER, depth);
}

static void
draw_includes(struct drawing *drawing, const struct role *role, unsigned depth)
{
	for (size_t i = 0; i < role->includes.count; i++) {
		const struct role *included =
		    roles_find(&drawing->document->roles, role->includes.item[i]);

		if (included != NULL)
			draw_role(drawing, included, HOW_INCLUDED, depth);
	}
}

/* Roles include one another INCLUDE_DEPTH_MAX deep at most: so deep does this call itself. */
static void
draw_role(struct drawing *drawing, const struct role *role, enum how how, unsigned depth)
{
	bool *drawn = &drawing->drawn[role - drawing->document->roles.role];
	const struct origin origin = {.depth = depth, .is_role = true,
	    .is_disabled = role->disabled, .is_repeated = *drawn, .name = role->name,
	    .title = titled(role->title, role->name)};
	struct bytes note = {0};

	if (how == HOW_INCLUDED)
		bytes_print(&note, "included");
	else if (how == HOW_LADDER)
		bytes_print(&note, "ladder %s %lu", role->ladder, (unsigned long)role->level);
	draw(drawing, &origin, &note);
	/* A disabled role is shown with what it has only to who asks about itself. */
	if (*drawn || (role->disabled && how != HOW_ASKED))
		return;
	*drawn = true;
	draw_own(drawing, role, depth + 1);
	draw_includes(drawing, role, depth + 1);
	if (how != HOW_LADDER)
		draw_ladder(drawing, role, depth + 1);
}

/* ---- the operations ----------------------------------------------------------------------- */

static enum fault
load(struct admin *admin, const char *permission, struct document *document, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, txn, permission, why);
	if (fault == FAULT_NONE)
		fault = document_load(txn, document, why);
	store_end(txn);
	return fault;
}

enum fault
role_origins(struct admin *admin, const char *name, struct origins *origins, struct why *why)
{
	struct document document = {0};
	struct drawing drawing = {.document = &document};
	const struct role *role = NULL;
	enum fault fault = load(admin, "hexa.roles.view", &document, why);

	if (fault == FAULT_NONE) {
		role = roles_find(&document.roles, name);
		if (role == NULL)
			fault = suggest_role(name, &document.roles, why);
	}
	if (fault == FAULT_NONE) {
		drawing.drawn = calloc(document.roles.count, sizeof(*drawing.drawn));
		drawing.failed = drawing.drawn == NULL;
		if (!drawing.failed)
			draw_role(&drawing, role, HOW_ASKED, 0);
		fault = finish(&drawing, origins, why);
	}
	document_clear(&document);
	return fault;
}

/* The words of `name` up to its `dot`th dot, or all of it; the size of that. */
static size_t
stem_of(const char *name, unsigned dot)
{
	size_t size = 0;

	for (; name[size] != '\0'; size++)
		if (name[size] == '.' && dot-- == 0)
			break;
	return size;
}

/* The words above a permission that neither are the one before it nor stand above that. */
static void
draw_inner(struct drawing *drawing, const char *before, const char *name)
{
	for (unsigned depth = 0; name[stem_of(name, depth)] != '\0'; depth++) {
		size_t size = stem_of(name, depth);
		char word[WORD_BYTES + 1];
		const struct origin inner = {.depth = depth, .name = word, .title = (char *)""};
		struct bytes note = {0};

		snprintf(word, sizeof(word), "%.*s", (int)size, name);
		if (strncmp(before, word, size) == 0 &&
		    (before[size] == '.' || before[size] == '\0'))
			continue;
		draw(drawing, &inner, &note);
	}
}

static unsigned
depth_of(const char *name)
{
	unsigned depth = 0;

	for (; *name != '\0'; name++)
		depth += *name == '.';
	return depth;
}

/* A dot comes before all else, so that what is below a word stands next to it. */
static int
tree_order(const void *a, const void *b)
{
	const unsigned char *one = (const void *)(*(const struct permission *const *)a)->name;
	const unsigned char *other = (const void *)(*(const struct permission *const *)b)->name;

	while (*one != '\0' && *one == *other) {
		one++;
		other++;
	}
	return (*one == '.' ? 1 : *one) - (*other == '.' ? 1 : *other);
}

static void
draw_tree(struct drawing *drawing, const struct rules *rules)
{
	const struct permission **permission = calloc(rules->count + 1, sizeof(*permission));
	const char *before = "";

	drawing->failed |= permission == NULL;
	if (permission == NULL)
		return;
	for (size_t i = 0; i < rules->count; i++)
		permission[i] = &rules->permission[i];
	qsort(permission, rules->count, sizeof(*permission), tree_order);
	for (size_t i = 0; i < rules->count; i++) {
		draw_inner(drawing, before, permission[i]->name);
		draw_permission(drawing, permission[i], NULL, depth_of(permission[i]->name));
		before = permission[i]->name;
	}
	free(permission);
}

enum fault
permission_tree(struct admin *admin, struct origins *tree, struct why *why)
{
	struct document document = {0};
	struct drawing drawing = {.document = &document};
	enum fault fault = load(admin, "hexa.policy.view", &document, why);

	if (fault != FAULT_NONE)
		return fault;
	draw_tree(&drawing, &document.rules);
	fault = finish(&drawing, tree, why);
	document_clear(&document);
	return fault;
}
