/*
 * password.c - what a password may be, and the three members of the user record that tell of it.
 */
#include "accounts/password.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

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
password_check(const char *password, const struct settings *settings, struct why *why)
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
	return FAULT_NONE;
}

struct crypto_cost
password_cost(const struct settings *settings)
{
	return (struct crypto_cost){settings->argon2_operations, (size_t)settings->argon2_memory};
}

enum fault
password_hash(const char *password, const struct settings *settings, char **hash, struct why *why)
{
	const struct crypto_cost cost = password_cost(settings);
	enum fault fault = password_check(password, settings, why);

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

void
password_drop(struct user *user)
{
	field_clear(field_find(&user_table, "password"), user);
	user->password_set = 0;
	user->must_change = false;
}

enum fault
password_put(struct user *user, const char *hash, int64_t now, struct why *why)
{
	char *copy;

	if (!password_is_for(user))
		return why_field(why, FAULT_RULE, "password",
		    "a user of this type never has a password");
	copy = strdup(hash);
	if (copy == NULL)
		return why_memory(why);
	password_drop(user);
	user->password = copy;
	user->password_set = now;
	return FAULT_NONE;
}
