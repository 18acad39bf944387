/*
 * editor.h - running the person's editor.
 */
#ifndef HEXA_ADMIN_EDITOR_H
#define HEXA_ADMIN_EDITOR_H

#include "hexa-admin/rights.h"

/*
 * Runs `wanted`, taken apart at spaces, with `file` as its last argument, and waits for its end;
 * NULL or empty: the first there is of sensible-editor, editor and vi.  No shell has a part in it.
 * It has the person's rights, this process's terminal and environment, with HOME, USER and LOGNAME
 * of theirs, and no descriptor but the standard ones.
 * While it runs ^C and ^\ are its own, ^Z stops both, and what would end this process ends the
 * editor first.
 * FAULT_RULE: it could not be run, or did not end with status 0.
 */
enum fault editor_run(const char *wanted, const struct rights *rights, const char *file,
    struct why *why);

#endif
