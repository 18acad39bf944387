/*
 * field.h - everything Hexa knows about a record stands in its field table.
 *
 * A row names the struct member, its on-disk id, its kind, its limits, its help and the rights on
 * it.  The codec, the command-line flags, list columns, JSON keys, the activity diff and the manual
 * loop over the table.  A new field costs a struct member and a row.
 */
#ifndef HEXA_POLICY_FIELD_H
#define HEXA_POLICY_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/bytes.h"
#include "policy/fault.h"
#include "policy/names.h"

/* A record's identity for ever: never reused, not even when the name is (RFC 4122, version 4). */
struct uuid {
	unsigned char byte[16];
};

enum { UUID_TEXT_BYTES = 37 };

enum kind {
	K_TEXT = 1, /* char *            plain text, text_is_plain()                 */
	K_GECOS,    /* char *            plain text that NSS publishes               */
	K_LOGIN,    /* char *            a login or group name                       */
	K_GROUP,    /* char *            a group name, or `no`                       */
	K_USER,     /* char *            another user, by login name; see field_parse() */
	K_WORD,     /* char *            a dotted word                               */
	K_EMAIL,    /* char *                                                        */
	K_PHONE,    /* char *            E.164                                       */
	K_PATH,     /* char *            an absolute path                            */
	K_UNIT,     /* char *            an organisational unit                      */
	K_SECRET,   /* char *            never shown; "set" or nothing               */
	K_ID,       /* uint32_t          a uid or gid                                */
	K_NUMBER,   /* uint32_t          0 is none                                   */
	K_VERSION,  /* uint64_t                                                      */
	K_BOOL,     /* bool                                                          */
	K_TIME,     /* int64_t           seconds since 1970, 0 is none               */
	K_END,      /* int64_t           as K_TIME; a bare date is that day's end    */
	K_CHOICE,   /* unsigned          an index into `choices`                     */
	K_LOGINS,   /* struct names      login names or role names                   */
	K_PATTERNS, /* struct names      permissions, `*` and `word.*` among them    */
	K_WORDS,    /* struct names      dotted words: services, permissions         */
	K_SERVICES, /* struct names      PAM services                                */
	K_ASSIGNMENTS, /* struct names   roles, with a scope or not (assignment.h)   */
	K_GRANTS,   /* struct names      permissions, with an end or not (grant.h)   */
	K_CHOICES,  /* struct names      words out of `choices`                      */
	K_RANGES,   /* struct names      ranges of ids, as 65536-99999               */
	K_COMPILED, /* struct names      Hexa's own: words joined by colons          */
	K_HOME,     /* char *            a path in which %u is the login name        */
	K_DURATION, /* uint32_t          seconds; 0 is none                          */
	K_SIZE,     /* uint64_t          bytes                                       */
	K_UUID,     /* struct uuid                                                   */
};

/* Rights on a field, and what else is true of it. */
enum {
	F_REQUIRED = 1 << 0,  /* refused when empty                                  */
	F_FIXED = 1 << 1,     /* set once, at creation                               */
	F_NOT_SELF = 1 << 2,  /* nobody edits it on their own account                */
	F_PUBLISHED = 1 << 3, /* travels to the world-readable directory             */
	F_HIDDEN = 1 << 4,    /* neither a flag nor a column: Hexa's own, or secret  */
	F_KEPT = 1 << 5,      /* Hexa sets it; shown, but no flag does               */
	F_UNIQUE = 1 << 6,    /* no two records share it                             */
	F_ASKED = 1 << 7,     /* refused when empty at creation; may be emptied later */
	F_SILENT = 1 << 8,    /* follows from the others: no line in the journal     */
	F_ZERO = 1 << 9,      /* of a number: 0 is written as 0, not as nothing      */
	F_INDEXED = 1 << 10,  /* the store finds who has a value without looking at all */
};

struct field {
	const char *name; /* the flag, the column, the JSON and YAML key          */
	uint16_t id;      /* on disk; never renumbered, never reused               */
	enum kind kind;
	unsigned rights;
	size_t offset;
	size_t max;       /* bytes of a text or of each name; the largest number   */
	size_t max_count; /* of a list                                             */
	const char *const *choices; /* NULL-ended; of K_CHOICE and K_CHOICES        */
	const char *help; /* usage text and manual line                            */
	size_t min;       /* the least number; "" is none all the same            */
	const char *add;    /* of a list: the flag that adds; NULL: made of the name */
	const char *remove; /* and the one that removes                             */
};

/* A record type: its struct and its rows.  `rows` are in the order in which they are shown. */
struct table {
	const char *noun;
	uint16_t schema; /* on disk, first in each record; another is refused */
	size_t size;     /* of the struct */
	const struct field *rows;
	size_t count;
};

/*
 * A row.  The union's member must have the C type of the kind, so that a wrong pairing does not
 * compile: FIELD(struct user, email, ...) takes the address of a null record's member as that type.
 */
#define FIELD_CHECKED(type, member, ctype) \
	(offsetof(type, member) + 0 * sizeof((ctype *)0 - &((type *)0)->member))
#define FIELD_TEXT(type, member)   FIELD_CHECKED(type, member, char *)
#define FIELD_U32(type, member)    FIELD_CHECKED(type, member, uint32_t)
#define FIELD_U64(type, member)    FIELD_CHECKED(type, member, uint64_t)
#define FIELD_BOOL(type, member)   FIELD_CHECKED(type, member, bool)
#define FIELD_TIME(type, member)   FIELD_CHECKED(type, member, int64_t)
#define FIELD_CHOICE(type, member) FIELD_CHECKED(type, member, unsigned)
#define FIELD_NAMES(type, member)  FIELD_CHECKED(type, member, struct names)
#define FIELD_UUID(type, member)   FIELD_CHECKED(type, member, struct uuid)

/* The size of the member of this kind in bytes. */
size_t field_size(const struct field *field);

/* True for a list: what field_add() and field_remove() take. */
bool field_is_list(const struct field *field);

/* The row with this name; NULL when there is none. */
const struct field *field_find(const struct table *table, const char *name);

/* True when the member holds its kind's nothing: no text, zero, an empty list. */
bool field_is_empty(const struct field *field, const void *record);

/*
 * Sets the member from what a person wrote.  A list takes its values apart at commas and spaces.
 * FAULT_INVALID names the field and what was expected; the record is then unchanged.  "" clears.
 * A K_USER member takes whatever names a user (text_is_user_argument()), as it was written: it is
 * for accounts/ to make the login name of it, the only thing that record_check() lets stand.
 */
enum fault field_parse(const struct field *field, void *record, const char *text, struct why *why);

/*
 * Adds one value to a list, or takes it out.  FAULT_CONFLICT: there already; FAULT_UNKNOWN: not
 * there.  A grant is known by its permission: adding it again replaces its end.
 */
enum fault field_add(const struct field *field, void *record, const char *text, struct why *why);
enum fault field_remove(const struct field *field, void *record, const char *text,
    struct why *why);

/*
 * Appends the member as text that field_parse() takes back; a secret as "set".  Lists by spaces.
 * Nothing for the kind's nothing, unless it is a word (`no`, a first choice) or F_ZERO.
 */
void field_print(const struct field *field, const void *record, struct bytes *out);

/* The member, as a newly allocated string; NULL when memory is out. */
char *field_text(const struct field *field, const void *record);

/* The text of a member that is one, which stays the record's; NULL: empty, secret or no text. */
const char *field_string(const struct field *field, const void *record);

bool field_same(const struct field *field, const void *a, const void *b);

/* Copies one member (freeing what *to held). */
enum fault field_copy(const struct field *field, void *to, const void *from, struct why *why);

/* Wipes what is secret, frees, and leaves the kind's nothing. */
void field_clear(const struct field *field, void *record);

/* All members. */
enum fault record_copy(const struct table *table, void *to, const void *from, struct why *why);
void record_clear(const struct table *table, void *record);

/*
 * Every required member is there (with `creating`, every F_ASKED one too), and every member stands
 * within its row's limits.  FAULT_INVALID names the field.
 */
enum fault record_check(const struct table *table, const void *record, bool creating,
    struct why *why);

/*
 * On disk: the schema word, the number of fields, then each field that is not empty as id, length
 * and bytes, in ascending order of id.
 */
void record_encode(const struct table *table, const void *record, struct bytes *out);

/*
 * Strict: another schema, an unknown, repeated or out-of-order id, a length that does not fit the
 * kind, a value that record_check() would refuse, or a byte left over is FAULT_UNAVAILABLE
 * ("damaged record").  *record (all zero, or cleared) is written only on success.
 */
enum fault record_decode(const struct table *table, void *record, const void *data, size_t size,
    struct why *why);

void uuid_to_text(const struct uuid *uuid, char out[UUID_TEXT_BYTES]);

#endif
