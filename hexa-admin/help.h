/*
 * help.h - how commands are written, from their rows.
 */
#ifndef HEXA_ADMIN_HELP_H
#define HEXA_ADMIN_HELP_H

#include <stdio.h>

#include "hexa-admin/command.h"

/* `hexa-admin user add [NAME] [OPTION…]`, without a newline. */
void help_synopsis(FILE *stream, const struct command *command);

#endif
