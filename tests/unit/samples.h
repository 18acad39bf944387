/*
 * samples.h - for each kind of field a value that it takes and one that it refuses: tests that loop
 * over a record's rows need no line for a new one.
 */
#ifndef HEXA_TESTS_SAMPLES_H
#define HEXA_TESTS_SAMPLES_H

#include "policy/field.h"

/* A value of each kind that no other kind would print. */
__attribute__((unused)) static const char *
sample(const struct field *field)
{
	switch (field->kind) {
	case K_TEXT:
	case K_GECOS:
		return "Zoë of the Nørth";
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
		return "anna-b";
	case K_WORD:
		return "field.word";
	case K_EMAIL:
		return "anna.berg@example.org";
	case K_PHONE:
		return "+31612345678";
	case K_PATH:
		return "/home/anna";
	case K_UNIT:
		return "/sales/north";
	case K_SECRET:
		return "$argon2id$v=19$x";
	case K_ID:
		return "65536";
	case K_NUMBER:
		return "12";
	case K_VERSION:
		return "18446744073709551615";
	case K_BOOL:
		return "yes";
	case K_TIME:
	case K_END:
		return "2026-11-21T09:30:00Z";
	case K_CHOICE:
		return field->choices[1];
	case K_LOGINS:
		return "adm sudo";
	case K_PATTERNS:
		return "shell.login hexa.users.* *";
	case K_WORDS:
		return "shell.login technician";
	case K_SERVICES:
		return "sshd sudo-i";
	case K_ASSIGNMENTS:
		return "technician administrator@/sales/north technician@client:acme boss@/";
	case K_GRANTS:
		return "logs.read shell.*@2026-12-31T23:59:59Z *@2026-12-31T00:00:00Z";
	case K_CHOICES:
		return "integration client";
	case K_RANGES:
		return "65536-99999 1879048192-2147352575 1000-1000";
	case K_COMPILED:
		return "employee:sshd:shell.login client:adm";
	case K_HOME:
		return "/home/%u";
	case K_DURATION:
		return "36h";
	case K_SIZE:
		return "65MiB";
	case K_UUID:
		return "01234567-89ab-4def-8123-456789abcdef";
	}
	return NULL;
}

/* What a well-formed text must not be, for each kind that has such. */
__attribute__((unused)) static const char *
bad_sample(const struct field *field)
{
	switch (field->kind) {
	case K_TEXT:
	case K_SECRET:
		return "two\nlines";
	case K_GECOS:
		return "colon:root";
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
		return "Anna";
	case K_WORD:
	case K_WORDS:
		return "a/b";
	case K_EMAIL:
		return "anna@";
	case K_PHONE:
		return "0612345678";
	case K_PATH:
		return "/home/../etc";
	case K_UNIT:
		return "sales";
	case K_ID:
		return "4294967296";
	case K_NUMBER:
		return "-1";
	case K_VERSION:
		return "18446744073709551616";
	case K_BOOL:
		return "on";
	case K_TIME:
	case K_END:
		return "2026-02-30";
	case K_CHOICE:
		return "nobody";
	case K_LOGINS:
		return "a:b";
	case K_PATTERNS:
		return "*.users";
	case K_SERVICES:
		return "../sshd";
	case K_ASSIGNMENTS:
		return "technician@acme";
	case K_GRANTS:
		return "logs.read@soon";
	case K_CHOICES:
		return "client nobody";
	case K_RANGES:
		return "99999-65536";
	case K_COMPILED:
		return "word";
	case K_HOME:
		return "/home/everybody";
	case K_DURATION:
		return "36";
	case K_SIZE:
		return "64MB";
	case K_UUID:
		return "01234567-89ab-4def-8123-456789abcdeg";
	}
	return NULL;
}

#endif
