/*
 * password.c - what a password may be, and the members of the user record that tell of it.
 */
#include "accounts/password.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/code.h"
#include "accounts/password_weak.h"
#include "policy/decide.h"
#include "policy/text.h"
#include "store/shadow_hash.h"

/* Characters, not bytes: a password in another script is no longer for it. */
static size_t
count_characters(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

enum fault
password_check(const char *password, const struct user *user, const struct settings *settings,
    struct why *why)
{
	if (strnlen(password, PASSWORD_BYTES + 1) > PASSWORD_BYTES)
		return why_field(why, FAULT_INVALID, "password",
		    "the password is longer than %d bytes", PASSWORD_BYTES);
	if (!text_is_plain(password, PASSWORD_BYTES))
		return why_field(why, FAULT_INVALID, "password",
		    "the password holds a control character, or is not UTF-8");
	if (count_characters(password) < settings->password_min_length)
		return why_field(why, FAULT_INVALID, "password",
		    "the password is shorter than %lu characters",
		    (unsigned long)settings->password_min_length);
	return password_weak_check(password, user, why);
}

struct crypto_cost
password_cost(const struct settings *settings)
{
	return (struct crypto_cost){settings->argon2_operations, (size_t)settings->argon2_memory};
}

enum fault
password_hash(const char *password, const struct user *user, const struct settings *settings,
    char **hash, struct why *why)
{
	const struct crypto_cost cost = password_cost(settings);
	enum fault fault = password_check(password, user, settings, why);

	return fault == FAULT_NONE ? crypto_password_hash(password, &cost, hash, why) : fault;
}

void
password_free(char *hash)
{
	if (hash != NULL)
		crypto_wipe(hash, strlen(hash));
	free(hash);
}

bool
password_is_for(const struct user *user)
{
	return user->type == USER_EMPLOYEE || user->type == USER_CLIENT;
}

bool
password_needs_rehash(const char *hash, const struct settings *settings)
{
	const struct crypto_cost cost = password_cost(settings);

	return hash != NULL && hash[0] != '\0' && !crypto_password_is_of_cost(hash, &cost);
}

uint32_t
password_days_left(const struct user *user, const struct settings *settings, int64_t now)
{
	int64_t end = password_end(user, settings);
	uint64_t left;

	if (user->password == NULL || settings->password_max_age == 0 || now >= end)
		return 0;
	left = (uint64_t)end - (uint64_t)now;
	if (left > settings->password_warn)
		return 0;
	return (uint32_t)((left + SECONDS_PER_DAY - 1) / SECONDS_PER_DAY);
}

/* ---- earlier passwords -------------------------------------------------------------------- */

/* The bytes of the first `count` words. */
static size_t
size_of_words(const char *text, uint32_t count)
{
	size_t size = 0;

	for (; count > 0 && text[size] != '\0'; count--) {
		size += text[size] == ' ';
		size += strcspn(text + size, " ");
	}
	return size;
}

/*
 * The history with the current password's hash before the others, as far as the policy goes; NULL:
 * nothing is kept.  False: no memory.
 */
static bool
make_history(const struct user *user, const struct settings *settings, char **history)
{
	const char *first = user->password == NULL ? "" : user->password;
	const char *rest = user->history == NULL ? "" : user->history;
	uint32_t most = settings->password_history;
	size_t first_size = most == 0 ? 0 : strlen(first), rest_size;
	bool both;

	rest_size = size_of_words(rest, first_size == 0 ? most : most - 1);
	both = first_size > 0 && rest_size > 0;
	*history = NULL;
	if (first_size == 0 && rest_size == 0)
		return true;
	*history = malloc(first_size + both + rest_size + 1);
	if (*history == NULL)
		return false;
	memcpy(*history, first, first_size);
	if (both)
		(*history)[first_size] = ' ';
	memcpy(*history + first_size + both, rest, rest_size);
	(*history)[first_size + both + rest_size] = '\0';
	return true;
}

/* A hash of which *work can still be spent. */
static bool
is_affordable(const char *hash, uint64_t *work)
{
	uint64_t once = crypto_password_work(hash);

	if (once > *work)
		return false;
	*work -= once;
	return true;
}

static bool
fits(const char *password, const char *hash, const struct settings *settings, bool *failed)
{
	const struct crypto_cost cost = password_cost(settings);

	return shadow_hash_is_one(hash) ? shadow_hash_fits(hash, password, failed)
	                                : crypto_password_verify(hash, &cost, password, failed);
}

/* Is it one of the last so many?  `history` is taken apart. */
static bool
fits_any(const char *password, char *history, const struct settings *settings, bool *failed)
{
	uint64_t work = SETTINGS_HISTORY_WORK;
	char *rest = NULL;
	const char *hash = strtok_r(history, " ", &rest);

	for (uint32_t left = settings->password_history; left > 0 && hash != NULL; left--) {
		if (!is_affordable(hash, &work))
			return false;
		if (fits(password, hash, settings, failed) || *failed)
			return !*failed;
		hash = strtok_r(NULL, " ", &rest);
	}
	return false;
}

enum fault
password_is_new(const char *fresh, const struct user *user, const struct settings *settings,
    struct why *why)
{
	char *history = strdup(user->history == NULL ? "" : user->history);
	bool failed = false, is_current = false, was_one = false;
	enum fault fault = history == NULL ? why_memory(why) : crypto_start(why);

	if (fault == FAULT_NONE && user->password != NULL)
		is_current = fits(fresh, user->password, settings, &failed);
	if (fault == FAULT_NONE && !is_current && !failed)
		was_one = fits_any(fresh, history, settings, &failed);
	password_free(history);
	if (fault != FAULT_NONE)
		return fault;
	if (failed)
		return why_set(why, FAULT_UNAVAILABLE, "no memory to compare a password");
	if (is_current)
		return why_field(why, FAULT_INVALID, "password",
		    "the new password is the one in use");
	if (was_one)
		return why_field(why, FAULT_INVALID, "password",
		    "the new password is one of your last %lu",
		    (unsigned long)settings->password_history + 1);
	return FAULT_NONE;
}

/* ---- the record --------------------------------------------------------------------------- */

static void
clear(struct user *user, const char *name)
{
	field_clear(field_find(&user_table, name), user);
}

void
password_drop(struct user *user)
{
	clear(user, "password");
	clear(user, "history");
	user->password_set = 0;
	user->must_change = false;
}

enum fault
password_put(struct user *user, const char *hash, const struct settings *settings, int64_t now,
    struct why *why)
{
	char *copy, *history;

	if (!password_is_for(user))
		return why_field(why, FAULT_RULE, "password",
		    "a user of this type never has a password");
	copy = strdup(hash);
	if (copy == NULL || !make_history(user, settings, &history)) {
		password_free(copy);
		return why_memory(why);
	}
	password_drop(user);
	code_drop(user);
	user->password = copy;
	user->history = history;
	user->password_set = now;
	return FAULT_NONE;
}
