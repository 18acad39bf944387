/*
 * compile.c - from roles as they are written to what each comes to carry: a depth-first walk over
 * includes, with one bit for each permission that a role carries.
 */
#include "policy/rules.h"

#include <stdlib.h>
#include <string.h>

struct compiler {
	const struct roles *roles;
	const struct rules *rules;
	unsigned char *state;   /* of each role: 0 not begun, UNDER_WAY, or its height + 1 */
	unsigned char *bits;    /* of each role: a row of `width` bytes, a bit for a permission */
	size_t width;
	size_t path[INCLUDE_DEPTH_MAX + 1]; /* the roles under way, by index */
	size_t depth;
	struct misfit *misfit;
	struct why *why;
};

enum { UNDER_WAY = 255 };
_Static_assert(INCLUDE_DEPTH_MAX + 1 < UNDER_WAY, "a height fits in a state");

static const struct role *
role_at(const struct compiler *compiler, size_t at)
{
	return &compiler->roles->role[at];
}

static unsigned char *
bits_of(const struct compiler *compiler, size_t at)
{
	return compiler->bits + at * compiler->width;
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
		bits_of(compiler, at)[i / 8] |= (unsigned char)(1u << i % 8);
	if (count > 0)
		return FAULT_NONE;
	note_misfit(compiler, at, "permissions", pattern);
	return why_field(compiler->why, FAULT_INVALID, "permissions",
	    "role %s has %s, which is no permission", role_at(compiler, at)->name, pattern);
}

/* Names the roles of the circle that including `again`, which is under way, closes. */
static enum fault
refuse_circle(const struct compiler *compiler, size_t again)
{
	size_t from = compiler->depth;
	struct bytes circle = {0};
	enum fault fault;

	while (from > 0 && compiler->path[from - 1] != again)
		from--;
	for (size_t i = from; i > 0 && i <= compiler->depth; i++)
		bytes_print(&circle, "%s, ", role_at(compiler, compiler->path[i - 1])->name);
	bytes_put_u8(&circle, 0);
	fault = why_field(compiler->why, FAULT_INVALID, "includes",
	    "roles include one another in a circle: %s%s",
	    circle.failed ? "" : (const char *)circle.data, role_at(compiler, again)->name);
	bytes_clear(&circle);
	return fault;
}

static enum fault compile_role(struct compiler *compiler, size_t at);

/* Compiles the role that `at` includes by this name; *other is its index. */
static enum fault
compile_include(struct compiler *compiler, size_t at, const char *name, size_t *other)
{
	const struct role *included = roles_find(compiler->roles, name);

	note_misfit(compiler, at, "includes", name);
	if (included == NULL)
		return why_field(compiler->why, FAULT_INVALID, "includes",
		    "role %s includes %s, which is no role", role_at(compiler, at)->name, name);
	*other = (size_t)(included - compiler->roles->role);
	if (compiler->state[*other] == UNDER_WAY)
		return refuse_circle(compiler, *other);
	if (compiler->state[*other] == 0 && compiler->depth <= INCLUDE_DEPTH_MAX) {
		enum fault fault = compile_role(compiler, *other);

		if (fault != FAULT_NONE)
			return fault;
		note_misfit(compiler, at, "includes", name);
	}
	/* The same roles are too deep whichever of them the walk came to first. */
	if (compiler->state[*other] == 0 || compiler->state[*other] > INCLUDE_DEPTH_MAX)
		return why_field(compiler->why, FAULT_INVALID, "includes",
		    "role %s includes %s: roles may include one another %d deep, no deeper",
		    role_at(compiler, at)->name, name, INCLUDE_DEPTH_MAX);
	return FAULT_NONE;
}

static enum fault
compile_role(struct compiler *compiler, size_t at)
{
	const struct role *role = role_at(compiler, at);
	enum fault fault = FAULT_NONE;
	unsigned char height = 0;

	compiler->state[at] = UNDER_WAY;
	compiler->path[compiler->depth++] = at;
	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		fault = mark_pattern(compiler, at, "*");
	for (size_t i = 0; fault == FAULT_NONE && i < role->permissions.count; i++)
		fault = mark_pattern(compiler, at, role->permissions.item[i]);
	for (size_t i = 0; fault == FAULT_NONE && i < role->includes.count; i++) {
		size_t other;

		fault = compile_include(compiler, at, role->includes.item[i], &other);
		if (fault != FAULT_NONE)
			break;
		if (compiler->state[other] > height)
			height = compiler->state[other];
		for (size_t j = 0; j < compiler->width && !role_at(compiler, other)->disabled; j++)
			bits_of(compiler, at)[j] |= bits_of(compiler, other)[j];
	}
	compiler->depth--;
	compiler->state[at] = (unsigned char)(height + 1);
	return fault;
}

/* ---- closures ----------------------------------------------------------------------------- */

static enum fault
check_size(const struct compiler *compiler)
{
	size_t total = 0;

	for (size_t i = 0; i < compiler->roles->count * compiler->width; i++)
		total += (size_t)__builtin_popcount(compiler->bits[i]);
	if (total <= CLOSURES_MAX)
		return FAULT_NONE;
	return why_set(compiler->why, FAULT_INVALID,
	    "all roles together come to carry more than %d permissions", CLOSURES_MAX);
}

/* What is marked, as names. */
static enum fault
fill_closure(const struct compiler *compiler, size_t at, struct names *closure)
{
	const unsigned char *bits = bits_of(compiler, at);

	for (size_t i = 0; i < compiler->rules->count; i++) {
		if ((bits[i / 8] >> i % 8 & 1) != 0 &&
		    !names_add(closure, compiler->rules->permission[i].name))
			return why_memory(compiler->why);
	}
	return FAULT_NONE;
}

static enum fault
compile_all(struct compiler *compiler, struct names *closures)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < compiler->roles->count; i++) {
		if (compiler->state[i] == 0)
			fault = compile_role(compiler, i);
	}
	if (fault != FAULT_NONE)
		return fault;
	if (compiler->misfit != NULL)
		*compiler->misfit = (struct misfit){0};
	fault = check_size(compiler);
	for (size_t i = 0; fault == FAULT_NONE && i < compiler->roles->count; i++)
		fault = fill_closure(compiler, i, &closures[i]);
	return fault;
}

enum fault
roles_compile(struct roles *roles, const struct rules *rules, struct misfit *misfit,
    struct why *why)
{
	size_t width = rules->count / 8 + 1;
	struct compiler compiler = {
		.roles = roles,
		.rules = rules,
		.width = width,
		.state = calloc(roles->count + 1, 1),
		.bits = calloc(roles->count + 1, width),
		.misfit = misfit,
		.why = why,
	};
	struct names *closures = calloc(roles->count + 1, sizeof(*closures));
	enum fault fault;

	if (compiler.state == NULL || compiler.bits == NULL || closures == NULL)
		fault = why_memory(why);
	else
		fault = compile_all(&compiler, closures);
	for (size_t i = 0; closures != NULL && i < roles->count; i++) {
		struct names old = roles->role[i].closure;

		if (fault == FAULT_NONE) {
			roles->role[i].closure = closures[i];
			closures[i] = old;
		}
		names_clear(&closures[i]);
	}
	free(closures);
	free(compiler.bits);
	free(compiler.state);
	return fault;
}
