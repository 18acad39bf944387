/*
 * text.h - what may stand in a field: login names, plain text, e-mail addresses, phone numbers.
 * Pure checks on strings; none looks at the host.
 */
#ifndef HEXA_POLICY_TEXT_H
#define HEXA_POLICY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest login or group name in bytes: what utmp, ps and useradd(8) take (LOGIN_NAME_MAX is larger). */
enum { LOGIN_NAME_BYTES = 32 };

/*
 * A login or group name that every Linux tool takes: [a-z_][a-z0-9_-]*, 1 to LOGIN_NAME_BYTES
 * bytes, with at least one letter.  No dot, no dollar, no capital: the strict rule of useradd(8).
 */
bool text_is_login(const char *text);

/* A role's or permission's word: as a login name, but dots may join words (`shell.login`). */
bool text_is_dotted(const char *text);

/* As text_is_dotted(), or `*`, or a dotted name that ends in `.*`. */
bool text_is_pattern(const char *text);

/*
 * True when `text` is valid UTF-8 of at most `max` bytes without control characters (C0, DEL, C1),
 * without bidirectional controls, line or paragraph separators, or noncharacters.
 */
bool text_is_plain(const char *text, size_t max);

/* As text_is_plain(), and without ':' ',' '=' and '&': what may travel in a passwd line's GECOS field. */
bool text_is_gecos(const char *text, size_t max);

/* An absolute path without `..`, `//`, ':' or a control byte, at most `max` bytes. */
bool text_is_path(const char *text, size_t max);

/* An organisational unit: /word/word, at most `max` bytes; "/" alone is the whole organisation. */
bool text_is_unit(const char *text, size_t max);

/* The largest e-mail address in bytes (RFC 5321 section 4.5.3.1.3, less the angle brackets). */
enum { EMAIL_BYTES = 254 };

/* One addr-spec: dot-atom local part of at most 64 bytes, a host name with a dot.  ASCII only. */
bool text_is_email(const char *text);

/* The largest phone number in bytes: '+' and 15 digits (ITU-T E.164). */
enum { PHONE_BYTES = 16 };

/* E.164: '+', a digit 1-9, then 6 to 14 digits. */
bool text_is_phone(const char *text);

/*
 * Lower-cases ASCII letters: how e-mail addresses are compared.  Newly allocated; NULL when memory
 * is out.
 */
char *text_lower(const char *text);

/*
 * The login name made from a first and a last name: first initial and last name, accents dropped,
 * ß→ss, æ→ae, ø→o, everything else left out, at most LOGIN_NAME_BYTES less 4 (room for a number).
 * Åsa Öberg → aoberg.  Newly allocated; NULL when memory is out or no letter is left.
 */
char *text_make_login(const char *first, const char *last);

/* RFC 3339 in UTC, or a bare date, which is the start of that day in UTC. */
bool text_to_time(const char *text, int64_t *seconds);

/*
 * As text_to_time(), where a bare date means the end of that day: for an END.
 */
bool text_to_end_time(const char *text, int64_t *seconds);

/* "2026-11-21T09:30:00Z"; `out` holds at least TIME_TEXT_BYTES. */
enum { TIME_TEXT_BYTES = 32 };
void text_from_time(int64_t seconds, char out[TIME_TEXT_BYTES]);

/* A decimal number without sign, spaces or leading zeros, at most `max`. */
bool text_to_number(const char *text, uint64_t max, uint64_t *number);

/*
 * The candidate nearest to `word` by edit distance, for "did you mean"; NULL when none is near.
 * `count` candidates.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
