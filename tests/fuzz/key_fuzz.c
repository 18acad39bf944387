/*
 * key_fuzz.c - any bytes as the line of a public key, and as the key in it: what is taken is one
 * line that says the same when it is read again, and holds nothing that sshd was not to be given.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/key_line.h"
#include "policy/key_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool right)
{
	if (!right)
		abort();
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The options are of the allowed ones, whatever stood in the line. */
static void
check_options(const char *options)
{
	static const char *const never[] = {"command", "environment", "permit", "tunnel",
	    "principals", "cert-authority", "touch"};
	const char *value = strchr(options, '"');
	size_t names = value == NULL ? strlen(options) : (size_t)(value - options);

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		must(memmem(options, names, never[i], strlen(never[i])) == NULL);
	must(strlen(options) <= KEY_OPTIONS_BYTES);
}

static void
check_key(const struct key *key)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789+/=";
	struct key again = {0}, whole = *key;
	struct bytes out = {0};
	char *line;

	whole.uid = 70001;
	whole.version = 1;
	must(record_check(&key_table, &whole, true, NULL) == FAULT_NONE);
	must(key_is_fingerprint(key->fingerprint));
	must(strspn(key->blob, base64) == strlen(key->blob));
	must(key_type_find(key->type, strlen(key->type)) != NULL);
	if (key->options != NULL)
		check_options(key->options);
	key_print(key, &out);
	line = bytes_take_text(&out);
	must(line != NULL && strchr(line, '\n') == line + strlen(line) - 1);
	must(key_parse(line, strlen(line), &again, NULL) == FAULT_NONE);
	must(same(again.fingerprint, key->fingerprint) && same(again.options, key->options) &&
	    same(again.type, key->type) && same(again.blob, key->blob) && again.comment == NULL);
	key_clear(&again);
	free(line);
}

/* Of a key that is one there is no shorter and no longer one. */
static void
check_wire(const char *name, const uint8_t *data, size_t size)
{
	const struct key_type *type = key_type_find(name, strlen(name));
	uint32_t bits = 0;

	if (key_wire_read(type, data, size, &bits, NULL) != FAULT_NONE)
		return;
	must(bits == 256 || bits == 384 || bits == 521 ||
	    (type->form == FORM_RSA && bits >= RSA_BITS_LEAST && bits <= RSA_BITS_MOST));
	must(key_wire_read(type, data, size - 1, &bits, NULL) != FAULT_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"ssh-ed25519", "sk-ssh-ed25519@openssh.com",
	    "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
	    "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa"};
	struct key key = {0};
	struct why why = {0};

	if (key_parse((const char *)data, size, &key, &why) == FAULT_NONE)
		check_key(&key);
	else
		must(why.fault == FAULT_INVALID);
	key_clear(&key);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		check_wire(types[i], data, size);
	return 0;
}
