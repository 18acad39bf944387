/*
 * text_time.c - times and numbers as text.  The calendar is computed here because gmtime_r(3) reads
 * the host's time zone files.
 */
#include "policy/text.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIRST_YEAR = 1970, LAST_YEAR = 9999 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* `digits` decimal digits at *at, which then stands behind them. */
static bool
take_number(const char **at, int digits, int least, int most, int *number)
{
	int value = 0;

	for (; digits > 0; digits--, (*at)++) {
		if (!is_digit(**at))
			return false;
		value = value * 10 + (**at - '0');
	}
	*number = value;
	return value >= least && value <= most;
}

static bool
take_byte(const char **at, char byte)
{
	if (**at != byte)
		return false;
	(*at)++;
	return true;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* How many days of the year stand before a month (1-12; 13: the whole year). */
static int
days_before_month(int year, int month)
{
	static const int days[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

	return days[month - 1] + (month > 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first day of a year from 1970 on. */
static int
days_before_year(int year)
{
	int past = year - 1;

	return 365 * (year - FIRST_YEAR) + (past / 4 - past / 100 + past / 400) - 477;
}

/* YYYY-MM-DD, as the days since 1970. */
static bool
take_date(const char **at, int *days)
{
	int year;
	int month;
	int day;

	if (!take_number(at, 4, FIRST_YEAR, LAST_YEAR, &year) || !take_byte(at, '-') ||
	    !take_number(at, 2, 1, 12, &month) || !take_byte(at, '-') ||
	    !take_number(at, 2, 1, 31, &day))
		return false;
	*days = days_before_year(year) + days_before_month(year, month) + day - 1;
	return *days < days_before_year(year) + days_before_month(year, month + 1);
}

/* HH:MM:SS, as seconds of the day; a fraction is allowed and dropped. */
static bool
take_clock(const char **at, int *seconds)
{
	int hour;
	int minute;
	int second;

	if (!take_number(at, 2, 0, 23, &hour) || !take_byte(at, ':') ||
	    !take_number(at, 2, 0, 59, &minute) || !take_byte(at, ':') ||
	    !take_number(at, 2, 0, 59, &second))
		return false;
	*seconds = (hour * 60 + minute) * 60 + second;
	if (!take_byte(at, '.'))
		return true;
	if (!is_digit(**at))
		return false;
	while (is_digit(**at))
		(*at)++;
	return true;
}

/* Z or +HH:MM or -HH:MM, as the seconds that local time is ahead of UTC. */
static bool
take_offset(const char **at, int *ahead)
{
	int sign = **at == '-' ? -1 : 1;
	int hour;
	int minute;

	*ahead = 0;
	if (take_byte(at, 'Z') || take_byte(at, 'z'))
		return true;
	if ((!take_byte(at, '+') && !take_byte(at, '-')) || !take_number(at, 2, 0, 23, &hour) ||
	    !take_byte(at, ':') || !take_number(at, 2, 0, 59, &minute))
		return false;
	*ahead = sign * (hour * 60 + minute) * 60;
	return true;
}

/* A bare date is given the second `bare` of its day. */
static bool
to_time(const char *text, int bare, int64_t *seconds)
{
	int days;
	int clock = bare;
	int ahead = 0;
	int64_t value;

	if (!take_date(&text, &days))
		return false;
	if (*text != '\0' && ((!take_byte(&text, 'T') && !take_byte(&text, 't')) ||
	    !take_clock(&text, &clock) || !take_offset(&text, &ahead) || *text != '\0'))
		return false;
	value = (int64_t)days * SECONDS_PER_DAY + clock - ahead;
	if (value < 1 || value > TIME_LAST)
		return false;
	*seconds = value;
	return true;
}

bool
text_to_time(const char *text, int64_t *seconds)
{
	return to_time(text, 0, seconds);
}

bool
text_to_end_time(const char *text, int64_t *seconds)
{
	return to_time(text, SECONDS_PER_DAY - 1, seconds);
}

/* `digits` decimal digits and then `end`; where the next byte goes. */
static char *
put_number(char *at, int digits, int value, char end)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
	at[digits] = end;
	return at + digits + 1;
}

void
text_from_time(int64_t seconds, char out[TIME_TEXT_BYTES])
{
	int64_t days = seconds / SECONDS_PER_DAY;
	int clock = (int)(seconds % SECONDS_PER_DAY);
	int year = FIRST_YEAR;
	int month = 1;
	int day;

	if (seconds < 0 || seconds > TIME_LAST) {
		snprintf(out, TIME_TEXT_BYTES, "@%" PRId64, seconds);
		return;
	}
	/* No year is longer than 366 days, so this first guess is never too late. */
	for (year += (int)(days / 366); days_before_year(year + 1) <= days; year++)
		;
	day = (int)days - days_before_year(year);
	while (days_before_month(year, month + 1) <= day)
		month++;
	day -= days_before_month(year, month);
	out = put_number(out, 4, year, '-');
	out = put_number(out, 2, month, '-');
	out = put_number(out, 2, day + 1, 'T');
	out = put_number(out, 2, clock / 3600, ':');
	out = put_number(out, 2, clock / 60 % 60, ':');
	out = put_number(out, 2, clock % 60, 'Z');
	*out = '\0';
}

bool
text_to_number(const char *text, uint64_t max, uint64_t *number)
{
	uint64_t value = 0;

	if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
		return false;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (!is_digit(*text) || value > max / 10 || digit > max - value * 10)
			return false;
		value = value * 10 + digit;
	}
	*number = value;
	return true;
}
