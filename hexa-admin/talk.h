/*
 * talk.h - asking the helper about oneself, and reading its answer: for the commands that anybody
 * runs without sudo (self.h).
 */
#ifndef HEXA_ADMIN_TALK_H
#define HEXA_ADMIN_TALK_H

#include "hexa-admin/command.h"
#include "pam_hexa/message.h"

/* One question with its answer; too large for a stack. */
struct talk {
	struct question question;
	struct answer answer;
};

/* FAULT_DENIED: root has no account of Hexa's, and behind sudo it is not the person who asks. */
enum fault talk_needs_person(struct why *why);

/* A question to be filled in; talk_end() takes NULL, and wipes both. */
enum fault talk_begin(enum operation operation, struct talk **talk, struct why *why);
void talk_end(struct talk *talk);

/* Copies a text of the command line; FAULT_INVALID: longer than any that is right. */
enum fault talk_put(char *to, size_t room, const char *text, const char *what, struct why *why);

/* The answer, if it is one to be read: a refusal is a fault, and so is none. */
enum fault talk_ask(struct talk *talk, struct why *why);

/* ---- the lines of an answer, NAME=value ---- */

bool talk_line_is(const char *line, const char *name);
const char *talk_line_value(const char *line);

/*
 * Takes a line that is one of the table's fields, of which none is hidden, in the order of the rows
 * and each at most once: *row is the first that it may be, and then the one after it.
 */
bool talk_line_field(const char *line, const struct table *table, void *record, size_t *row);

/* Takes a line that is a notice to where call_tell_notices() looks. */
enum fault talk_line_notice(struct call *call, const char *line, struct why *why);

/* FAULT_UNAVAILABLE: the answer holds what none may. */
enum fault talk_garbled(struct why *why);

/* All lines, which are notices. */
enum fault talk_take_notices(struct call *call, const struct talk *talk, struct why *why);

#endif
