/*
 * sheet_test.c - files of users, CSV and JSON: which rows they come to, and where what is wrong
 * stands.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hexa-admin/csv.h"
#include "hexa-admin/json.h"
#include "hexa-admin/sheet.h"
#include "policy/bytes.h"

/* ---- a file as one text: L:C field=value|… of each row, and !L:C of each fault ------------ */

static enum fault
put_row(void *context, const struct import_row *row, struct why *why)
{
	struct bytes *out = context;

	(void)why;
	bytes_print(out, "%u:%u", row->line, row->column);
	for (size_t i = 0; i < row->count; i++)
		bytes_print(out, " %u:%u %s=%s|", row->cell[i].line, row->cell[i].column,
		    row->cell[i].field->name, row->cell[i].text);
	bytes_print(out, "%s\n", row->partial ? " partial" : "");
	return FAULT_NONE;
}

static enum fault
put_wrong(void *context, const struct why *wrong, struct why *why)
{
	struct bytes *out = context;

	(void)why;
	assert_int_equal(wrong->fault, FAULT_INVALID);
	assert_true(wrong->text[0] != '\0');
	bytes_print(out, "!%u:%u\n", wrong->line, wrong->column);
	return FAULT_NONE;
}

static void
assert_rows(const char *data, size_t size, const char *expected)
{
	struct bytes out = {0};
	const struct sheet_sink sink = {&out, put_row, put_wrong};
	/* Of exactly its size, so that a byte beyond is met. */
	char *copy = malloc(size + (size == 0)), *text;
	struct why why = {0};

	assert_non_null(copy);
	memcpy(copy, data, size);
	assert_int_equal(sheet_read(copy, size, &sink, &why), FAULT_NONE);
	text = bytes_take_text(&out);
	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
	free(copy);
}

#define READS(text, expected) assert_rows(text, sizeof(text) - 1, expected)

/* ---- CSV ---------------------------------------------------------------------------------- */

static void
csv_is_read(void **state)
{
	(void)state;
	READS("name,note\na,b\n", "2:1 2:1 name=a| 2:3 note=b|\n");
	READS("name,note\na,b", "2:1 2:1 name=a| 2:3 note=b|\n");
	READS("name,note\r\na,b\r\n\r\n c , d \r\n",
	    "2:1 2:1 name=a| 2:3 note=b|\n4:2 4:2 name=c| 4:6 note=d|\n");
	READS("name,note\ra,b\r", "2:1 2:1 name=a| 2:3 note=b|\n");
	READS("\xef\xbb\xbfname,note\na,", "2:1 2:1 name=a| 2:3 note=|\n");
	READS("name,note\n\n   \na,\"x, \"\"y\"\" \"\n", "4:1 4:1 name=a| 4:3 note=x, \"y\" |\n");
	READS("name,note\na,\"1\n2\"\nb,c\n",
	    "2:1 2:1 name=a| 2:3 note=1\n2|\n4:1 4:1 name=b| 4:3 note=c|\n");
	READS("name\n\"\"\n", "2:1 2:1 name=|\n");
	READS("name,note\n", "");
	READS("name\n\xc3\xa5\n", "2:1 2:1 name=\xc3\xa5|\n");
}

static void
wrong_csv_is_told(void **state)
{
	(void)state;
	READS("", "!1:1\n");
	READS("\n\n", "!1:1\n");
	READS("nam,uid,password,name,name,version\na,b,c,d,e,f\n",
	    "!1:1\n!1:5\n!1:9\n!1:23\n!1:28\n");
	READS("name;note\na;b\n", "!1:1\n");
	READS("name,note\na\nb,c,d\ne,f\n", "!2:1\n!3:5\n4:1 4:1 name=e| 4:3 note=f|\n");
	READS("name,note\na,b\"c\nd,e\n", "!2:4\n");
	READS("name,note\na,\"b\" c\nd,e\n", "!2:7\n");
	READS("name,note\na,\"b\nc,d\n", "!2:3\n");
}

/* Whatever else is wrong, it would be told of every row. */
static void
foreign_bytes_are_told_once(void **state)
{
	(void)state;
	READS("name,note\nJ\xc3\xbcrgen,b\nJ\xfcrgen,b\nJ\xfcrg,\n", "!3:2\n");
	READS("name,nam\r\na,b\rc,\xff\n", "!3:3\n");
	READS("\xef\xbb\xbfname\xe4\n", "!1:5\n");
	READS("name\n\xc3", "!2:1\n");
	READS("name,note\na,b\0c\n", "!2:4\n");
	READS("\xff\xfen\0a\0m\0e\0", "!1:1\n");
	READS("n\0a\0m\0e\0", "!1:2\n");
	READS("[{\"nam\": 1},\n\r {\"name\": \"J\xfcrgen\"}]", "!2:14\n");
	READS("[{\"name\": \"J\xc3\xbcrgen\"}]", "1:2 1:11 name=J\xc3\xbcrgen|\n");
}

static void
long_csv_has_an_end(void **state)
{
	enum { MUCH = 1 << 20 };
	char *text = malloc(MUCH);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', MUCH);
	memcpy(text, "name,note\na,\"", 13);
	assert_rows(text, MUCH, "!2:3\n");
	memset(text, ',', MUCH);
	memcpy(text, "name\n", 5);
	assert_rows(text, MUCH, "!2:4097\n");
	memset(text, 'x', MUCH);
	memcpy(text, "name,note\na,", 12);
	assert_rows(text, MUCH, "!2:3\n");
	free(text);
}

/* What is written comes back, whatever it is that text may hold. */
static void
csv_comes_back(void **state)
{
	static const char *const cells[] = {"", "a", " a", "a ", "a,b", "\"", "a\"b", "\"\"", "'", " ",
	    "\xc3\x85sa, \"\xc3\x96\"", "-", "a;b", "\\n", "x y  z"};
	enum { CELLS = sizeof(cells) / sizeof(cells[0]) };

	(void)state;
	for (size_t i = 0; i < CELLS; i++) {
		for (size_t j = 0; j < CELLS; j++) {
			const char *head[] = {"name", "note"}, *row[] = {cells[i], cells[j]};
			struct bytes out = {0};
			const struct sheet_sink sink = {&out, put_row, put_wrong};
			char *text = NULL, *read, wanted[128];
			size_t size = 0;
			FILE *file = open_memstream(&text, &size);

			assert_non_null(file);
			assert_true(csv_print(file, head, 2) && csv_print(file, row, 2));
			assert_int_equal(fclose(file), 0);
			assert_int_equal(sheet_read(text, size, &sink, NULL), FAULT_NONE);
			read = bytes_take_text(&out);
			assert_non_null(read);
			snprintf(wanted, sizeof(wanted), "name=%s|", cells[i]);
			assert_non_null(strstr(read, wanted));
			snprintf(wanted, sizeof(wanted), "note=%s|\n", cells[j]);
			assert_non_null(strstr(read, wanted));
			free(read);
			free(text);
		}
	}
}

/* ---- JSON --------------------------------------------------------------------------------- */

static void
json_is_read(void **state)
{
	(void)state;
	READS("[]", "");
	READS(" \n[ ] \n", "");
	READS("\xef\xbb\xbf[{}]", "1:2\n"); /* the mark is no column */
	READS("[{\"name\": \"a\", \"roles\": [\"x\", \"y\"],\n \"access-back\" :12,\"note\":null}]",
	    "1:2 1:11 name=a| 1:25 roles=x y| 2:17 access-back=12| 2:27 note=|\n");
	READS("[{\"note\":\"\\u00e9 \\\"]}\\\\\",\"name\":\"b\"},\n{\"roles\":[]}]",
	    "1:2 1:10 note=\xc3\xa9 \"]}\\| 1:33 name=b|\n2:1 2:10 roles=|\n");
}

static void
wrong_json_is_told(void **state)
{
	(void)state;
	READS("{\"name\":\"a\"}", "!1:1\n");
	READS("[1]", "!1:2\n");
	READS("[{\"name\":\"a\"},]", "1:2 1:10 name=a|\n!1:15\n");
	READS("[{\"name\":\"a\"} {}]", "1:2 1:10 name=a|\n!1:15\n");
	READS("[{}]x", "1:2\n!1:5\n");
	READS("[{}", "1:2\n!1:4\n");
	READS("[\n{\"name\":\"a\",\n\"name\":\"b\"}]", "!3:6\n");
	READS("[{\"nam\":1,\"name\":2,\"note\":{\"x\":[\"}\"]},\"roles\":[1],\"unit\":[\"a\"]}]",
	    "!1:3\n!1:18\n!1:27\n!1:47\n!1:58\n1:2 partial\n");
	READS("[{\"roles\":[\"a b\"]},{\"roles\":[\"\"]},{\"grants\":[\"a,b\"]}]",
	    "!1:11\n1:2 partial\n!1:29\n1:20 partial\n!1:45\n1:35 partial\n");
	/* A key that no user has once; what is wrong with a value each time. */
	READS("[{\"nam\":1},{\"nam\":2,\"note\":3},{\"note\":4,\"uid\":5}]",
	    "!1:3\n1:2 partial\n!1:28\n1:12 partial\n!1:39\n!1:41\n1:31 partial\n");
	READS("[{\"access-back\":-1},{\"access-back\":1.5}]",
	    "!1:17\n1:2 partial\n!1:36\n1:21 partial\n");
}

/* An object as long as may be is looked into; with a byte more it is not. */
static void
long_json_has_an_end(void **state)
{
	static const char head[] = "[{\"x\":\"", tail[] = "\"}]";
	enum { FRAME = 8 /* of an object with one empty text */, MUCH = OBJECT_BYTES - FRAME };
	char *text = malloc(sizeof(head) + MUCH + sizeof(tail));

	(void)state;
	assert_non_null(text);
	for (size_t more = 0; more < 2; more++) {
		size_t size = sizeof(head) - 1;

		memcpy(text, head, size);
		memset(text + size, 'y', MUCH + more);
		size += MUCH + more;
		memcpy(text + size, tail, sizeof(tail) - 1);
		assert_rows(text, size + sizeof(tail) - 1,
		    more == 0 ? "!1:3\n1:2 partial\n" : "!1:2\n");
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv_is_read),
	    cmocka_unit_test(wrong_csv_is_told),
	    cmocka_unit_test(foreign_bytes_are_told_once),
	    cmocka_unit_test(long_csv_has_an_end),
	    cmocka_unit_test(csv_comes_back),
	    cmocka_unit_test(json_is_read),
	    cmocka_unit_test(wrong_json_is_told),
	    cmocka_unit_test(long_json_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
