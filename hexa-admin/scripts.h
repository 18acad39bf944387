/*
 * scripts.h - what makes shells complete the commands, as this program carries it: the files of
 * hexa-admin/completion/.
 */
#ifndef HEXA_ADMIN_SCRIPTS_H
#define HEXA_ADMIN_SCRIPTS_H

#include <stddef.h>

struct script {
	const char *name; /* the shell's */
	const unsigned char *text;
	size_t size;
};

/* The build makes them of the files (packaging/presets). */
extern const struct script scripts[];
extern const size_t script_count;

#endif
