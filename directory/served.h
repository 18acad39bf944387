/*
 * served.h - what NSS serves at all, whatever the published file says: ids (image_id_is_served() in
 * image.h), names and text.
 */
#ifndef HEXA_DIRECTORY_SERVED_H
#define HEXA_DIRECTORY_SERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest login or group name in bytes, as the policy has it. */
enum { SERVED_NAME_BYTES = 32 };

/* bytes[0..size) are [a-z_][a-z0-9_-]*, 1 to SERVED_NAME_BYTES of them, at least one a letter. */
bool served_name(const char *bytes, size_t size);

/*
 * True when bytes[0..size) are UTF-8 without control characters (C0, DEL, C1), bidirectional
 * controls, separators of lines, and ':', which would end a field of a passwd line.
 */
bool served_text(const char *bytes, size_t size);

/* In a user's list of groups the host's own may stand too (`adm`), but never 0. */
bool served_gid_in_list(uint32_t gid);

#endif
