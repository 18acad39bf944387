/*
 * doctor_mends.c - commands that name somebody or something that nobody has yet: another name, or
 * another id.
 */
#include <stdio.h>
#include <string.h>

#include "accounts/doctor_checks.h"
#include "accounts/host_view.h"
#include "policy/bytes.h"

/* Numbers that are tried behind a name; and where ids of the host's own stand (login.defs(5)). */
enum { NAMES_TRIED = 99, IDS_FIRST = 1000, IDS_LAST = 59999 };

void
mend_by_rename(struct doctor *doctor, const char *name, char mend[WHY_MEND_MAX])
{
	char other[128];
	struct bytes line = {0};

	mend[0] = '\0';
	for (int i = 2; i <= NAMES_TRIED; i++) {
		bool has = false;

		snprintf(other, sizeof(other), "%.28s%d", name, i);
		if (name_is_free(doctor->txn, other, NULL) != FAULT_NONE ||
			host_has_user(doctor->root, other, &has, NULL) != FAULT_NONE || has)
			continue;
		bytes_print(&line, "hexa-admin user rename ");
		bytes_put_quoted(&line, name);
		bytes_print(&line, " ");
		bytes_put_quoted(&line, other);
		bytes_take_into(&line, mend, WHY_MEND_MAX);
		return;
	}
}

/* 0: there is none, or it cannot be told. */
static uint32_t
free_id(struct doctor *doctor)
{
	struct host_view *view = host_view_open(doctor->root);
	uint32_t found = 0;

	for (uint32_t id = IDS_FIRST; view != NULL && id <= IDS_LAST && found == 0; id++) {
		bool given = true, has = true;

		if (id_was_given(doctor->txn, id, &given, NULL) != FAULT_NONE ||
			host_view_has_id(view, id, &has, NULL) != FAULT_NONE)
			break;
		if (!given && !has)
			found = id;
	}
	host_view_close(view);
	return found;
}

void
mend_by_uid(struct doctor *doctor, const char *name, char mend[WHY_MEND_MAX])
{
	uint32_t id = free_id(doctor);
	struct bytes line = {0};

	mend[0] = '\0';
	if (id == 0)
		return;
	bytes_print(&line, "usermod --uid %lu ", (unsigned long)id);
	bytes_put_quoted(&line, name);
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

/* Not groupmod(8), which looks for the line in /etc/passwd of everybody whose group it is. */
void
mend_by_gid(struct doctor *doctor, const char *name, uint32_t gid, char mend[WHY_MEND_MAX])
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	uint32_t id = free_id(doctor);

	mend[0] = '\0';
	if (id == 0 || name[strspn(name, plain)] != '\0')
		return;
	snprintf(mend, WHY_MEND_MAX,
		"sed -i 's/^%.64s:\\([^:]*\\):%lu:/%.64s:\\1:%lu:/' /etc/group", name,
		(unsigned long)gid, name, (unsigned long)id);
}
