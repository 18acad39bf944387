/*
 * yaml.h - YAML as a stream of small items with their places, in and out.  The one file that knows
 * libyaml is yaml.c; it knows nothing of policies.
 *
 * What comes in is a strict part of YAML: one document of texts, lists and maps.  Refused, each
 * with its place: anchors, aliases, tags, directives, several documents, a byte-order mark, bytes
 * that are not UTF-8, and every character that text_is_plain_character() refuses, but line ends and
 * tabs between items.  A scalar is the text that stands there: `no`, `010` and `1e3` are letters
 * and digits.
 */
#ifndef HEXA_POLICY_YAML_H
#define HEXA_POLICY_YAML_H

#include <stdbool.h>

#include "policy/bytes.h"
#include "policy/fault.h"

/* ---- in ---- */

struct yaml;

/* A place in the text; both count from 0, the column in characters. */
struct place {
	size_t line;
	size_t column;
};

enum item_kind {
	ITEM_NOTHING = 0, /* where a value is left out, or is `~` or `null` without quotes */
	ITEM_TEXT,
	ITEM_LIST,
	ITEM_MAP,
	ITEM_END, /* of the list, the map or the document that was begun last */
};

struct item {
	enum item_kind kind;
	const char *text; /* of ITEM_TEXT and ITEM_NOTHING; lives until the next yaml_next() */
	struct place place;
	bool is_truth; /* without quotes, and yes or no to a reader of YAML 1.1 */
};

/*
 * Begins to read `size` bytes, which must stay until yaml_close().  FAULT_INVALID, with the place:
 * more than `max` bytes, or a byte that cannot stand in such a text.
 */
enum fault yaml_open(const char *text, size_t size, size_t max, struct yaml **yaml,
    struct why *why);

/* Frees it; NULL is allowed. */
void yaml_close(struct yaml *yaml);

/*
 * The next item: the document's own value, then what is inside it, each value of a map after its
 * key, then ITEM_END for the document itself.  FAULT_INVALID, with the place.
 */
enum fault yaml_next(struct yaml *yaml, struct item *item, struct why *why);

/* Deeper nothing is gone past. */
enum { SKIP_DEPTH_MAX = 64 };

/*
 * Passes over the rest of the list or map that *item, the last one, began; else over nothing.
 * FAULT_INVALID, with the place, as yaml_next(), and where more than SKIP_DEPTH_MAX of them stand in
 * one another.
 */
enum fault yaml_skip(struct yaml *yaml, const struct item *item, struct why *why);

/* FAULT_INVALID at a place of this text, as why_place(). */
enum fault yaml_refuse(const struct yaml *yaml, struct place place, struct why *why,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* ---- out ---- */

struct yaml_writer;

enum fault yaml_writer_new(struct yaml_writer **writer, struct why *why);
void yaml_writer_free(struct yaml_writer *writer);

/* How a map or a list stands: an item on each line, or all on one. */
enum yaml_form { FORM_LINES, FORM_LINE };

/*
 * Items in the order in which yaml_next() gives them.  A text that another reader of YAML could
 * take for something else (a number, yes, null) is quoted; yaml_put_word() writes such a word bare.
 * What stands inside something on one line stands on that line too.  Once something failed nothing
 * more is written.
 */
void yaml_put_text(struct yaml_writer *writer, const char *text);
void yaml_put_word(struct yaml_writer *writer, const char *word);
void yaml_put_map(struct yaml_writer *writer, enum yaml_form form);
void yaml_put_map_end(struct yaml_writer *writer);
void yaml_put_list(struct yaml_writer *writer, enum yaml_form form);
void yaml_put_list_end(struct yaml_writer *writer);

/* Ends the document and appends it to *out.  FAULT_UNAVAILABLE when memory ran out on the way. */
enum fault yaml_writer_finish(struct yaml_writer *writer, struct bytes *out, struct why *why);

#endif
