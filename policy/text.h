/*
 * text.h - what may stand in a field: login names, plain text, e-mail addresses, phone numbers.
 * Pure checks on strings; none looks at the host.
 */
#ifndef HEXA_POLICY_TEXT_H
#define HEXA_POLICY_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Longest login or group name in bytes: what utmp, ps and useradd(8) take (LOGIN_NAME_MAX: more).
 */
enum { LOGIN_NAME_BYTES = 32 };

/*
 * A login or group name that every Linux tool takes: [a-z_][a-z0-9_-]*, 1 to LOGIN_NAME_BYTES
 * bytes, with at least one letter.  No dot, no dollar, no capital: the strict rule of useradd(8).
 */
bool text_is_login(const char *text);

/* The longest name of a role or permission in bytes: buffers of 64 keep one with its final NUL. */
enum { WORD_BYTES = 63 };

/*
 * A role's or permission's word: login names joined by single dots (`shell.login`), at most
 * WORD_BYTES bytes.
 */
bool text_is_dotted(const char *text);

/* As text_is_dotted(), or `*`, or a dotted name that ends in `.*`. */
bool text_is_pattern(const char *text);

/* The longest name of a PAM service in bytes. */
enum { SERVICE_BYTES = 64 };

/*
 * The name of a PAM service, which is a file name in /etc/pam.d: [a-z0-9_.-], without a leading dot
 * or dash, 1 to SERVICE_BYTES bytes.  No capitals: pam_start(3) lower-cases the name, so `SSHD`
 * would name a service that nobody ever asks for, and leave sshd unnamed.
 */
bool text_is_service(const char *text);

/*
 * The character at `text`, of which `left` bytes are there: its length in bytes and, in *code, its
 * code point.  0 for anything but well-formed UTF-8 (RFC 3629: no overlong form, no surrogate).
 */
size_t text_character(const char *text, size_t left, uint32_t *code);

/* True unless it is a control, a bidirectional control, a separator or a noncharacter. */
bool text_is_plain_character(uint32_t code);

/*
 * True when `text` is valid UTF-8 of at most `max` bytes without control characters (C0, DEL, C1),
 * without bidirectional controls, line or paragraph separators, or noncharacters.
 */
bool text_is_plain(const char *text, size_t max);

/*
 * As text_is_plain(), without ':' ',' '=' and '&': what may travel in a passwd line's GECOS
 * field.
 */
bool text_is_gecos(const char *text, size_t max);

/* An absolute path in plain text, without a `..` in it, `//` or ':', at most `max` bytes. */
bool text_is_path(const char *text, size_t max);

/*
 * An organisational unit: /word/word, at most `max` bytes; "/" alone is the whole organisation.
 * A word is [a-z0-9_-], without a leading dash.
 */
bool text_is_unit(const char *text, size_t max);

/* The largest e-mail address in bytes (RFC 5321 section 4.5.3.1.3, less the angle brackets). */
enum { EMAIL_BYTES = 254 };

/*
 * One addr-spec: dot-atom local part of at most 64 bytes without a leading dash (which would read
 * as an option of sendmail), a host name with a dot.  ASCII only.
 */
bool text_is_email(const char *text);

/* A phone number in bytes, the '+' included: at most 15 digits (ITU-T E.164). */
enum { PHONE_LEAST_BYTES = 8, PHONE_BYTES = 16 };

/* E.164: '+', a digit 1-9, then 6 to 14 digits. */
bool text_is_phone(const char *text);

/* What names a user on a command line: a login name, `uid:N`, an e-mail address, a phone number. */
bool text_is_user_argument(const char *text);

/*
 * Lower-cases ASCII letters: how e-mail addresses are compared.  Newly allocated; NULL when memory
 * is out.
 */
char *text_lower(const char *text);

/* What text_make_login() leaves free in bytes, so that a number can be added. */
enum { MADE_LOGIN_SPARE = 4 };

/*
 * The login name made from a first and a last name: first initial and last name, accents dropped,
 * ß→ss, æ→ae, ø→o, everything else left out, at most LOGIN_NAME_BYTES less MADE_LOGIN_SPARE.
 * Åsa Öberg → aoberg.  Newly allocated; NULL when memory is out or no letter is left.
 */
char *text_make_login(const char *first, const char *last);

/*
 * What a login name looks like: 0 is written o, 1 and i are l, _ is -, rn is m and vv is w.  Names
 * with the same look are easily taken for one another.  `out` is never longer than `name`, of
 * which LOGIN_NAME_BYTES are looked at.
 */
void text_look(const char *name, char out[LOGIN_NAME_BYTES + 1]);

/*
 * RFC 3339 (`2026-11-21T09:30:00Z`, `2026-11-21T10:30:00+01:00`; a fraction of a second is
 * dropped), or a bare date, which is the start of that day in UTC.  From 1970-01-01T00:00:01Z,
 * because 0 is "no time" in every record, to TIME_LAST.
 */
bool text_to_time(const char *text, int64_t *seconds);

/* 9999-12-31T23:59:59Z: the last time that RFC 3339 can write. */
#define TIME_LAST INT64_C(253402300799)

/*
 * As text_to_time(), where a bare date means the last second of that day: for an END, which is
 * still inside what it ends.
 */
bool text_to_end_time(const char *text, int64_t *seconds);

/*
 * "2026-11-21T09:30:00Z"; `out` holds at least TIME_TEXT_BYTES.  A number before 1970 or after the
 * year 9999, which no record holds, becomes "@" and the number.
 */
enum { TIME_TEXT_BYTES = 32, SECONDS_PER_DAY = 24 * 60 * 60 };
void text_from_time(int64_t seconds, char out[TIME_TEXT_BYTES]);

/* A decimal number without sign, spaces or leading zeros, at most `max`. */
bool text_to_number(const char *text, uint64_t max, uint64_t *number);

/* Any of the measures below as text, in bytes with the final NUL. */
enum { MEASURE_TEXT_BYTES = 32 };

/*
 * A time as a whole number and its unit, s m h d or w ("90s", "15m", "72h", "365d", "2w"), up to
 * `max` seconds.  Printed in the largest unit that leaves no rest, weeks as days.
 */
bool text_to_duration(const char *text, uint64_t max, uint64_t *seconds);
void text_from_duration(uint64_t seconds, char out[MEASURE_TEXT_BYTES]);

/*
 * As text_to_duration() for KiB, MiB and GiB.  Printed, what is no whole number of KiB loses its
 * rest.
 */
bool text_to_size(const char *text, uint64_t max, uint64_t *bytes);
void text_from_size(uint64_t bytes, char out[MEASURE_TEXT_BYTES]);

/* The least uid or gid that Hexa gives out: below, they are the host's own (login.defs(5)). */
enum { ID_LEAST = 1000 };

/* "FIRST-LAST" of ids, both within, from ID_LEAST to 2^31-1. */
bool text_to_range(const char *text, uint32_t *first, uint32_t *last);

/* A path in which %u, at least once, stands for a login name, and no other % stands. */
bool text_is_home(const char *text);

/*
 * The candidate nearest to `word` by edit distance, for "did you mean"; NULL when none is near.
 * `count` candidates.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
