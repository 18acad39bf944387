/*
 * json.h - the one file that knows jansson: values to be printed as JSON, and an array of objects
 * that is read.
 *
 * Every function that builds a value takes NULL and failed values, so that a caller builds a whole
 * document and hears of a want of memory once, when it prints.
 */
#ifndef HEXA_ADMIN_JSON_H
#define HEXA_ADMIN_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "policy/fault.h"
#include "policy/names.h"

struct json;

/* {} and []; freed by json_free(), or by what they are put into. */
struct json *json_map(void);
struct json *json_list(void);

/* Text, null for "" and NULL; the same with its line ends and tabs kept; an array of text. */
struct json *json_word(const char *text);
struct json *json_lines(const char *text);
struct json *json_names(const struct names *names);
void json_free(struct json *json);

/* Under `key` of a map; keys keep their order.  Text that is not plain has those bytes as \xNN. */
void json_put_text(struct json *map, const char *key, const char *text);
void json_put_number(struct json *map, const char *key, uint64_t number);
void json_put_bool(struct json *map, const char *key, bool truth);
/* null for "". */
void json_put_word(struct json *map, const char *key, const char *text);
/* The same, of a command that mends something (print.h). */
void json_put_mend(struct json *map, const char *key, const char *mend);
void json_put_names(struct json *map, const char *key, const struct names *names);
void json_put_null(struct json *map, const char *key);
void json_put(struct json *map, const char *key, struct json *value);

/* At the end of a list. */
void json_add_text(struct json *list, const char *text);
void json_add(struct json *list, struct json *value);

/* Prints the value, over several lines or (`compact`) on one, and frees it. */
enum fault json_print(struct json *json, bool compact, FILE *stream, struct why *why);

/* Prints a text as JSON has it, every byte of it kept.  False: it is no UTF-8, or memory is out. */
bool json_print_text(const char *text, FILE *stream);

/* Prints the value to stdout over several lines, the last one ended, and frees it. */
enum fault json_show(struct json *json, struct why *why);

/* ---- reading ---- */

enum member_kind {
	MEMBER_NULL = 1,
	MEMBER_TEXT,
	MEMBER_NUMBER, /* whole, and not negative */
	MEMBER_BOOL,
	MEMBER_LIST,   /* of text */
	MEMBER_OTHER,  /* another number, an object, a list of anything else */
};

/* What stands under a key of an object.  Places are 1-based, columns in bytes. */
struct json_member {
	const char *key;
	unsigned key_line, key_column;
	unsigned line, column; /* of the value */
	enum member_kind kind;
	const char *text;   /* the text, the number, `yes` or `no`; else "" */
	struct names list;  /* of MEMBER_LIST */
};

/* Is given an object, whose members live for the call; a fault ends the reading. */
typedef enum fault json_row(void *context, const struct json_member *member, size_t count,
    unsigned line, unsigned column, struct why *why);

/*
 * Reads a text that is one array of objects, an object at a time, so that no more memory is needed
 * for many.  A UTF-8 byte order mark at the beginning is left out.
 * FAULT_INVALID, with the place: no JSON (RFC 8259), a key that stands twice in an object, a NUL in
 * a text, an element that is no object, one of more than OBJECT_BYTES or OBJECT_MEMBERS members
 * (jansson takes many times the memory of its text), or anything behind the array.
 */
enum { OBJECT_BYTES = 1024 * 1024, OBJECT_MEMBERS = 4096 };
enum fault json_read(const void *data, size_t size, json_row *row, void *context, struct why *why);

/*
 * The same of a text that is objects one after the other, with nothing between them but white
 * space, each of up to `most` bytes.
 */
enum fault json_read_objects(const void *data, size_t size, size_t most, json_row *row,
    void *context, struct why *why);

#endif
