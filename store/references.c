/*
 * references.c - users who name other users in their records: that those exist, and that a record
 * goes with whom it names when they are renamed or deleted.
 */
#include <string.h>

#include "store/internal.h"

static enum fault
check_row(struct txn *txn, const struct field *field, const char *name, struct why *why)
{
	enum holder holder;
	uint32_t uid;
	enum fault fault = name_holder(txn, T_NAMES, name, &holder, &uid, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && holder != HOLDER_USER))
		return why_field(why, FAULT_UNKNOWN, field->name, "%s: there is no user %s",
		    field->name, name);
	return fault;
}

/* Whom this row names; NULL: nobody, or it is of another kind. */
static const char *
named(const struct field *field, const struct user *user)
{
	return field->kind == K_USER ? field_string(field, user) : NULL;
}

enum fault
references_check(struct txn *txn, const struct user *user, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++) {
		const char *name = named(&user_table.rows[i], user);

		if (name != NULL)
			fault = check_row(txn, &user_table.rows[i], name, why);
	}
	return fault;
}

/* In all fields at once: what is written must name nobody who is gone. */
static enum fault
move_user(struct txn *txn, uint32_t uid, const char *old, const char *new, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_get(txn, uid, &user, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
		    table_names[T_FIELDS]);
	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++) {
		const char *name = named(&user_table.rows[i], &user);

		if (name != NULL && strcmp(name, old) == 0)
			fault = field_parse(&user_table.rows[i], &user, new, why);
	}
	if (fault == FAULT_NONE)
		fault = user_put(txn, &user, why);
	user_clear(&user);
	return fault;
}

static enum fault
move_row(struct txn *txn, const struct field *field, const char *old, const char *new,
    struct why *why)
{
	uint32_t uid = 0;

	for (;;) {
		enum fault fault = user_with_next(txn, field, old, uid, &uid, why);

		if (fault == FAULT_UNKNOWN)
			return FAULT_NONE;
		if (fault == FAULT_NONE)
			fault = move_user(txn, uid, old, new, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

enum fault
references_move(struct txn *txn, const char *old, const char *new, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++)
		if (user_table.rows[i].kind == K_USER)
			fault = move_row(txn, &user_table.rows[i], old, new, why);
	return fault;
}
