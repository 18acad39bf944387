/*
 * place.h - where the person acts from: for the journal.
 */
#ifndef HEXA_ACCOUNTS_PLACE_H
#define HEXA_ACCOUNTS_PLACE_H

#include <stddef.h>

/*
 * Writes the remote host of the login that this process belongs to, as utmp(5) has it; without one
 * the terminal's name, as pts/3; nothing when this process has no terminal.  sudo(8) gives its
 * commands a terminal of their own (use_pty), so the terminals of the ancestors are looked at too.
 * Nothing of it comes from the environment, which is the person's own to write.
 */
void place_find(char *out, size_t size);

/*
 * Writes a place, wherever it was learnt, so that it can stand in one line of the log with other
 * words: a `?` for each space, control byte, and byte beyond ASCII.  NULL: nothing.
 */
void place_put(char *out, size_t size, const char *place);

#endif
