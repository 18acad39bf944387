/*
 * presets.h - the policies that come with Hexa, as this program carries them: those of
 * policy/presets/.
 */
#ifndef HEXA_ADMIN_PRESETS_H
#define HEXA_ADMIN_PRESETS_H

#include <stddef.h>

#include "policy/fault.h"

struct preset {
	const char *name;
	const unsigned char *yaml;
	size_t size;
};

/* By name.  The build makes them of the files (packaging/presets). */
extern const struct preset presets[];
extern const size_t preset_count;

/* FAULT_UNKNOWN: there is no such preset; with the nearest there is. */
enum fault preset_find(const char *name, const struct preset **preset, struct why *why);

enum { PRESET_ABOUT_BYTES = 256 };

/* What its first line says of it, without the comment's mark and its own name; "": nothing. */
void preset_about(const struct preset *preset, char about[PRESET_ABOUT_BYTES]);

#endif
