/*
 * audit_test.c - what libaudit is given of an event.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <libaudit.h>
#include <stdio.h>
#include <string.h>

/* The newest message: "TYPE DOING NAME ADDRESS". */
static char sent[256];
static unsigned sent_count;

static int
fake_message(int fd, int type, const char *program, const char *doing, const char *name,
    unsigned id, const char *host, const char *address, const char *tty, int result)
{
	assert_int_equal(fd, 5);
	assert_null(program);
	assert_int_equal(id, (unsigned)-1);
	/* A host's name would be asked of the DNS. */
	assert_null(host);
	assert_null(tty);
	assert_int_equal(result, 1);
	snprintf(sent, sizeof(sent), "%d %s %s %s", type, doing, name,
	    address == NULL ? "-" : address);
	sent_count++;
	return 1;
}

#define audit_log_acct_message fake_message
#include "hexa-admin/audit.c"
#undef audit_log_acct_message

static void
events_have_the_shadow_utilities_types(void **state)
{
	static const struct {
		enum audit_event event;
		int type;
	} rows[] = {
		{AUDIT_EVENT_USER_ADDED, 1114},
		{AUDIT_EVENT_USER_DELETED, 1115},
		{AUDIT_EVENT_USER_CHANGED, 1102},
		{AUDIT_EVENT_PASSWORD_CHANGED, 1108},
		{AUDIT_EVENT_GROUP_ADDED, 1116},
		{AUDIT_EVENT_GROUP_DELETED, 1117},
		{AUDIT_EVENT_GROUP_CHANGED, 1132},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char expected[64];

		audit_send(5, rows[i].event, "changing-roles", "anna", "192.0.2.7");
		snprintf(expected, sizeof(expected), "%d changing-roles anna 192.0.2.7",
		    rows[i].type);
		assert_string_equal(sent, expected);
	}
}

static void
only_an_address_is_sent_as_one(void **state)
{
	(void)state;
	audit_send(5, AUDIT_EVENT_USER_ADDED, "add-user", "anna", "2001:db8::7");
	assert_string_equal(sent, "1114 add-user anna 2001:db8::7");
	audit_send(5, AUDIT_EVENT_USER_ADDED, "add-user", "anna", "host.example.org");
	assert_string_equal(sent, "1114 add-user anna -");
	audit_send(5, AUDIT_EVENT_USER_ADDED, "add-user", "anna", "pts/3");
	assert_string_equal(sent, "1114 add-user anna -");
}

static void
a_kernel_without_audit_is_left_alone(void **state)
{
	unsigned before = sent_count;

	(void)state;
	audit_send(-1, AUDIT_EVENT_USER_ADDED, "add-user", "anna", "");
	audit_send(5, AUDIT_EVENT_NONE, "nothing", "anna", "");
	assert_int_equal(sent_count, before);
	audit_end(-1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_have_the_shadow_utilities_types),
		cmocka_unit_test(only_an_address_is_sent_as_one),
		cmocka_unit_test(a_kernel_without_audit_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
