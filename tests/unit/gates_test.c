/*
 * gates_test.c - what else on a host says no: PAM's modules and sshd's lists, in a tree made for
 * the test.  That sshd itself judges alike stands in host/cases/doctor.sh.
 */
#include "accounts/gates.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "accounts/gate_rules.h"

/* ---- the tree ------------------------------------------------------------------------------ */

static char root[64];

static void
put(const char *path, const char *text)
{
	char whole[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	for (char *slash = whole + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		assert_true(mkdir(whole, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int
make_tree(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/gates_test.XXXXXX");
	return mkdtemp(root) == NULL;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static int
remove_tree(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- anna ---------------------------------------------------------------------------------- */

static char name_anna[] = "anna", name_sudo[] = "sudo", name_technician[] = "technician",
            name_sshd[] = "sshd", name_login[] = "login";
static char *group_list[] = {name_anna, name_sudo, name_technician};
static char *service_list[] = {name_login, name_sshd};
static const struct names groups = {group_list, 3}, services = {service_list, 2};
static const struct person anna = {
    .name = "anna",
    .uid = 65536,
    .gid = 65536,
    .shell = "/bin/bash",
    .home = "/home/anna",
    .groups = &groups,
};

/* ---- rules --------------------------------------------------------------------------------- */

static const struct {
	const char *text, *arguments;
	unsigned line; /* that refuses; 0: none does */
} access_rows[] = {
	{"", "", 0},
	{"# - : ALL : ALL\n", "", 0},
	{"-:ALL:ALL\n", "", 1},
	{"+:root:ALL\n- : ALL : ALL\n", "", 2},
	{"+:root anna:ALL\n-:ALL:ALL\n", "", 0},
	{"+:root,anna:ALL\n-:ALL:ALL\n", "", 0},
	{"+:(technician):ALL\n-:ALL:ALL\n", "nodefgroup", 0},
	{"+:technician:ALL\n-:ALL:ALL\n", "", 0},
	{"+:technician:ALL\n-:ALL:ALL\n", "nodefgroup", 2},
	{"+:(painter):ALL\n-:ALL:ALL\n", "", 2},
	{"-:ALL EXCEPT root:ALL\n", "", 1},
	{"-:ALL EXCEPT root anna:ALL\n", "", 0},
	{"-:ALL EXCEPT (technician):ALL # x\n", "", 0},
	{"-:bob:ALL\n", "", 0},
	/* From somewhere alone. */
	{"-:anna:10.0.0.0/8\n", "", 0},
	{"-:anna:ALL EXCEPT LOCAL\n", "", 0},
	{"-:anna:2001:db8::/32\n", "", 0},
	{"+:anna:LOCAL\n-:ALL:ALL\n", "", 0},
	/* Not its to judge. */
	{"-|ALL|ALL\n", "fieldsep=|", 0},
	{"nonsense\n-:anna\n", "", 0},
};

static void
judges_access(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(access_rows) / sizeof(access_rows[0]); i++) {
		unsigned line = 0;
		bool refuses = access_refuses(access_rows[i].text, access_rows[i].arguments, &anna,
		    &line);

		if (refuses != (access_rows[i].line > 0) || line != access_rows[i].line)
			fail_msg("row %zu: %s", i, access_rows[i].text);
	}
}

static const struct {
	const char *arguments;
	bool succeeds;
} conditions[] = {
	{"", true},
	{"uid >= 1000 quiet", true}, /* no test of that module's */
	{"uid ge 1000 quiet", true},
	{"uid lt 1000", false},
	{"quiet uid le 60000", false},
	{"uid eq 65536", true},
	{"uid ne 65536", false},
	{"uid gt 65536", false},
	{"gid in 100:65536", true},
	{"user ingroup wheel", false},
	{"user ingroup wheel:technician", true},
	{"user notingroup technician", false},
	{"user notingroup wheel", true},
	{"user = anna", true},
	{"user != anna quiet_success", false},
	{"user in bob:annabel", false},
	{"user in bob:anna", true},
	{"user notin bob:anna", false},
	{"shell = /bin/bash", true},
	{"shell notin /bin/bash:/bin/sh", false},
	{"home = /root", false},
	{"service in sshd:ftp", true},
	{"service = ftp", false},
	{"uid ge 1000 user ingroup wheel", false},
	{"use_uid user ingroup wheel", true},
	{"tty = /dev/tty1", true},
	{"user innetgr staff", true},
	{"user", true},
};

static void
judges_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (succeeds_if(conditions[i].arguments, &anna, &services) !=
		    conditions[i].succeeds)
			fail_msg("%s", conditions[i].arguments);
}

static const struct {
	const char *text, *arguments;
	bool refuses;
} lists[] = {
	{"anna\n", "item=user sense=deny file=/x", true},
	{"bob\n", "item=user sense=deny file=/x", false},
	{"anna\n", "item=user sense=allow file=/x onerr=fail", false},
	{"bob\nannabel\n", "item=user sense=allow file=/x", true},
	{"technician\n", "sense=deny item=group file=/x", true},
	{"wheel\n", "sense=deny item=group file=/x", false},
	{"/bin/bash\n", "sense=deny item=shell file=/x", true},
	{"anna\n", "sense=deny item=tty file=/x", false},
	{"anna\n", "item=user file=/x", false},
};

static void
judges_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (listfile_refuses(lists[i].text, lists[i].arguments, &anna) != lists[i].refuses)
			fail_msg("row %zu", i);
}

/* ---- sshd's lists -------------------------------------------------------------------------- */

static const struct {
	const char *allow_users, *deny_users, *allow_groups, *deny_groups;
	const char *keyword; /* NULL: she is let in */
} sshd_rows[] = {
	{NULL, NULL, NULL, NULL, NULL},
	{"bob", NULL, NULL, NULL, "AllowUsers"},
	{"anna", NULL, NULL, NULL, NULL},
	{"an*", NULL, NULL, NULL, NULL},
	{"*a?*a", NULL, NULL, NULL, NULL},
	{"Anna", NULL, NULL, NULL, "AllowUsers"},
	{"anna@10.0.0.*", NULL, NULL, NULL, NULL},
	{NULL, "anna", NULL, NULL, "DenyUsers"},
	{NULL, "ann?", NULL, NULL, "DenyUsers"},
	{NULL, "ann", NULL, NULL, NULL},
	{NULL, "anna@10.0.0.*", NULL, NULL, NULL},
	{"anna", "anna", NULL, NULL, "DenyUsers"},
	{NULL, NULL, "wheel", NULL, "AllowGroups"},
	{NULL, NULL, "tech*", NULL, NULL},
	{NULL, NULL, "anna", NULL, NULL},
	{NULL, NULL, NULL, "technician", "DenyGroups"},
	{NULL, NULL, NULL, "[t]echnician", NULL},
	{NULL, NULL, "sudo", "sud?", "DenyGroups"},
};

static void
add(struct names *names, const char *pattern)
{
	assert_true(pattern == NULL || names_add(names, pattern));
}

static void
judges_sshd(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sshd_rows) / sizeof(sshd_rows[0]); i++) {
		struct sshd_access access = {0};
		const char *keyword;

		add(&access.allow_users, sshd_rows[i].allow_users);
		add(&access.deny_users, sshd_rows[i].deny_users);
		add(&access.allow_groups, sshd_rows[i].allow_groups);
		add(&access.deny_groups, sshd_rows[i].deny_groups);
		keyword = sshd_refuses(&access, "anna", &groups);
		if ((keyword == NULL) != (sshd_rows[i].keyword == NULL) ||
		    (keyword != NULL && strcmp(keyword, sshd_rows[i].keyword) != 0))
			fail_msg("row %zu: %s", i, keyword == NULL ? "let in" : keyword);
		sshd_access_clear(&access);
	}
}

/* ---- the lines of services ----------------------------------------------------------------- */

static const struct {
	const char *text;
	bool asks, asks_password;
	const char *passed; /* a line; NULL: none passes it by */
} service_rows[] = {
	{"@include common-auth\n@include common-account\n", true, true, NULL},
	{"account include common-account\n", true, true, NULL},
	{"account substack common-account\n", true, true, NULL},
	{"account required pam_hexa.so\n", true, true, NULL},
	{"account include inner\n", true, true, NULL},
	{"@include inner\n", true, false, NULL},
	{"", false, true, NULL},
	{"#@include common-account\n", false, true, NULL},
	{"auth include common-account\n", false, true, NULL},
	{"account required common-account\n", false, true, NULL},
	{"account include service\n", false, true, NULL},
	{"auth required pam_unix.so\n@include common-account\n", true, false, NULL},
	{"auth required pam_deny.so\n@include common-account\n", true, true, NULL},
	{"auth required pam_env.so\n@include common-account\n", true, true, NULL},
	/* Passed by. */
	{"account sufficient pam_x.so\n@include common-account\n", true, true,
	    "/etc/pam.d/service, line 1"},
	{"\naccount [success=done default=ignore] pam_x.so\n@include common-account\n", true, true,
	    "/etc/pam.d/service, line 2"},
	{"account [success=1 default=ignore] pam_x.so\n@include common-account\n", true, true,
	    "/etc/pam.d/service, line 1"},
	{"@include common-account\naccount sufficient pam_x.so\n", true, true, NULL},
	{"account sufficient pam_localuser.so\n@include common-account\n", true, true, NULL},
	{"auth sufficient pam_rootok.so\n@include common-auth\n@include common-account\n", true, true,
	    NULL},
	{"account required pam_nologin.so\n@include common-account\n", true, true, NULL},
};

static void
looks_at_services(void **state)
{
	struct service_lines lines;

	(void)state;
	put("/etc/pam.d/inner", "auth required pam_x.so\naccount include common-account\n");
	for (size_t i = 0; i < sizeof(service_rows) / sizeof(service_rows[0]); i++) {
		const char *passed = service_rows[i].passed == NULL ? "" : service_rows[i].passed;

		put("/etc/pam.d/service", service_rows[i].text);
		service_lines_look(root, "service", &lines);
		assert_true(lines.there);
		if (lines.asks != service_rows[i].asks ||
		    lines.asks_password != service_rows[i].asks_password ||
		    strcmp(lines.passed, passed) != 0)
			fail_msg("%s: %d %d %s", service_rows[i].text, lines.asks,
			    lines.asks_password, lines.passed);
	}
	service_lines_look(root, "none", &lines);
	assert_false(lines.there || lines.asks);
}

/* ---- the gates of a tree ------------------------------------------------------------------- */

/* How many gates there are, and whether any refuses her; its words are left in *refusal. */
static size_t
read_gates(bool *refuses, struct refusal *refusal)
{
	struct gates gates = {0};
	size_t count;

	assert_int_equal(gates_read(root, &services, NULL, &gates, NULL), FAULT_NONE);
	count = gates.count;
	*refuses = false;
	for (size_t i = 0; i < count && !*refuses; i++)
		*refuses = gate_refuses(&gates, &gates.gate[i], &anna, refusal);
	gates_clear(&gates);
	return count;
}

static const struct {
	const char *line;      /* of login's */
	const char *file;      /* that stands there too; NULL: none */
	const char *text;
	size_t count;
	const char *by, *mend; /* a word of each; NULL: she is let in */
} gate_rows[] = {
	{"account required pam_permit.so", NULL, NULL, 0, NULL, NULL},
	{"auth requisite pam_nologin.so", NULL, NULL, 0, NULL, NULL},
	{"auth requisite pam_nologin.so", "/etc/nologin", "", 1, "/etc/nologin", "rm /etc/nologin"},
	{"auth requisite pam_nologin.so", "/var/run/nologin", "", 1, "/var/run/nologin", "rm"},
	{"auth requisite pam_nologin.so file=/x", "/etc/nologin", "", 0, NULL, NULL},
	{"auth requisite pam_nologin.so file=/x", "/x", "", 1, "/x", "rm /x"},
	{"session required pam_nologin.so", "/etc/nologin", "", 0, NULL, NULL},
	{"account required pam_access.so", NULL, NULL, 0, NULL, NULL},
	{"account required pam_access.so", "/etc/security/access.conf", "-:anna:ALL\n", 1,
	    "access.conf, line 1", "/etc/security/access.conf"},
	{"account required pam_access.so", "/etc/security/access.conf", "-:bob:ALL\n", 1, NULL, NULL},
	{"account optional pam_access.so", "/etc/security/access.conf", "-:anna:ALL\n", 0, NULL, NULL},
	{"account required pam_access.so accessfile=/x", "/x", "-:anna:ALL\n", 1, "/x, line 1", "/x"},
	{"auth required pam_succeed_if.so user ingroup wheel", NULL, NULL, 1,
	    "login, line 1): user ingroup wheel", "/etc/pam.d/login"},
	{"auth [success=1 default=ignore] pam_succeed_if.so uid lt 1", NULL, NULL, 0, NULL, NULL},
	{"auth required pam_listfile.so item=user sense=deny file=/x", "/x", "anna\n", 1, "/x", "/x"},
	{"auth required pam_listfile.so item=user sense=deny file=/y", NULL, NULL, 0, NULL, NULL},
	{"auth required pam_shells.so", "/etc/shells", "/bin/sh\n", 1, "no line /bin/bash",
	    "echo /bin/bash >> /etc/shells"},
	{"auth required pam_shells.so", "/etc/shells", "/bin/sh\n/bin/bash\n", 1, NULL, NULL},
	{"auth requisite pam_nologin.so file=/x;y", "/x;y", "", 1, "/x;y", "rm '/x;y'"},
};

static void
finds_gates(void **state)
{
	char file[512];

	(void)state;
	for (size_t i = 0; i < sizeof(gate_rows) / sizeof(gate_rows[0]); i++) {
		struct refusal refusal;
		bool refuses;
		size_t count;

		put("/etc/pam.d/login", gate_rows[i].line);
		if (gate_rows[i].file != NULL)
			put(gate_rows[i].file, gate_rows[i].text);
		count = read_gates(&refuses, &refusal);
		if (count != gate_rows[i].count || refuses != (gate_rows[i].by != NULL))
			fail_msg("row %zu: %zu gates, refuses %d", i, count, refuses);
		if (refuses && (strstr(refusal.by, gate_rows[i].by) == NULL ||
		    strstr(refusal.mend, gate_rows[i].mend) == NULL))
			fail_msg("row %zu: %s; %s", i, refusal.by, refusal.mend);
		if (gate_rows[i].file != NULL) {
			snprintf(file, sizeof(file), "%s%s", root, gate_rows[i].file);
			assert_int_equal(unlink(file), 0);
		}
	}
}

/* One that several services come through is one gate. */
static void
shared_gates_are_one(void **state)
{
	struct refusal refusal;
	bool refuses;

	(void)state;
	put("/etc/security/access.conf", "-:anna:ALL\n");
	put("/etc/pam.d/common-account", "account required pam_access.so\n");
	put("/etc/pam.d/login", "@include common-account\n");
	put("/etc/pam.d/sshd", "account include common-account\naccount include sshd\n");
	assert_int_equal(read_gates(&refuses, &refusal), 1);
	assert_true(refuses);
}

/* sshd takes in files of whatever name; one that was cut is another's. */
static void
the_file_of_a_place_is_one_word(void **state)
{
	static const struct {
		const char *place, *mend;
	} rows[] = {
		{"/etc/pam.d/login, line 3", "vi /etc/pam.d/login"},
		{"/etc/ssh/sshd_config.d/a b;id.conf, line 12",
		    "vi '/etc/ssh/sshd_config.d/a b;id.conf'"},
		{"/etc/ssh/a, line 1, line 2", "vi '/etc/ssh/a, line 1'"},
		{"/etc/ssh/sshd_config.d/a", ""},
		{"", ""},
	};
	char mend[WHY_MEND_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		gate_mend_place("vi", rows[i].place, mend);
		assert_string_equal(mend, rows[i].mend);
	}
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_access),
		cmocka_unit_test(judges_conditions),
		cmocka_unit_test(judges_lists),
		cmocka_unit_test(judges_sshd),
		cmocka_unit_test(the_file_of_a_place_is_one_word),
		WITH_TREE(looks_at_services),
		WITH_TREE(finds_gates),
		WITH_TREE(shared_gates_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
