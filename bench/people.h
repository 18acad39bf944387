/*
 * people.h - who is in the databases that are measured: person I of any number of them, by rule, so
 * that what fills a database and what checks its answers agree.
 */
#ifndef HEXA_BENCH_PEOPLE_H
#define HEXA_BENCH_PEOPLE_H

#include <stdio.h>

enum { PEOPLE_MAX = 1000000, ROLES = 100, ROLES_EACH = 3 };
enum { NAME_ROOM = 24, HOME_ROOM = 32 };

#define PEOPLE_PASSWORD "correct horse battery"

/* Two in the middle, where a file is half read on the way to them, have a password. */
enum password { PASSWORD_NONE, PASSWORD_USUAL, PASSWORD_LEAST };

static inline enum password
person_password(unsigned person, unsigned count)
{
	if (person == count / 2)
		return PASSWORD_USUAL; /* hashed at the usual cost */
	return person == count / 2 + 1 ? PASSWORD_LEAST /* at next to none */ : PASSWORD_NONE;
}

static inline void
person_name(unsigned person, char name[NAME_ROOM])
{
	static const char *const first[] = {"anna", "bob", "carla", "david", "eva", "fred", "greta",
	    "hugo", "ines", "jan", "karin", "lars", "maria", "nils", "olga", "per"};

	snprintf(name, NAME_ROOM, "%s%u", first[person % 16], person);
}

static inline void
person_home(const char *name, char home[HOME_ROOM])
{
	snprintf(home, HOME_ROOM, "/home/%s", name);
}

static inline void
role_name(unsigned role, char name[NAME_ROOM])
{
	snprintf(name, NAME_ROOM, "team%02u", role);
}

/* Three different roles; each role gets 3 people in 100. */
static inline void
person_roles(unsigned person, unsigned roles[ROLES_EACH])
{
	roles[0] = person % ROLES;
	roles[1] = (roles[0] + 1 + person / ROLES % 49) % ROLES;
	roles[2] = (roles[1] + 1 + person / ROLES / 49 % 49) % ROLES;
}

#endif
