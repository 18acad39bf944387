/*
 * key_line.c - the line of a public key, taken apart.
 */
#include "accounts/key_line.h"

#include <stdlib.h>
#include <string.h>

#include "policy/key_options.h"
#include "policy/key_wire.h"
#include "policy/text.h"
#include "store/crypto.h"

static const char fingerprint_prefix[] = "SHA256:";

static enum fault
invalid(struct why *why, const char *what)
{
	return why_field(why, FAULT_INVALID, "key", "key: %s", what);
}

/* ---- what is no line of a key at all -------------------------------------------------------- */

static bool
has(const char *line, size_t size, const char *what)
{
	return memmem(line, size, what, strlen(what)) != NULL;
}

/*
 * How private keys begin: PEM in all its kinds (RFC 7468; of OpenSSH; encrypted ones too), PuTTY's,
 * ssh.com's, and those of OpenSSH and of PKCS in base64 or in bytes without their first line.
 */
static bool
is_private(const char *line, size_t size)
{
	static const char *const marks[] = {"PRIVATE KEY", "PuTTY-User-Key-File", "openssh-key-v1",
	    "b3BlbnNzaC1rZXktdjE", "Private-Lines:", "SSH PRIVATE KEY FILE FORMAT"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (has(line, size, marks[i]))
			return true;
	return false;
}

static enum fault
refuse_other_forms(const char *line, size_t size, struct why *why)
{
	if (is_private(line, size))
		return invalid(why, "this is a private key; give the public one, which stands in a "
		    "file with .pub at its end, and show this one to nobody");
	if (has(line, size, "---- BEGIN ") || has(line, size, "-----BEGIN"))
		return invalid(why, "this is another form of key; ssh-keygen -i -f FILE makes a "
		    "line of it");
	return FAULT_NONE;
}

static enum fault
refuse_bytes(const char *line, size_t size, struct why *why)
{
	if (memchr(line, '\0', size) != NULL)
		return invalid(why, "this is no text");
	if (memchr(line, '\n', size) != NULL || memchr(line, '\r', size) != NULL)
		return invalid(why, "there is more than one line; one key at a time");
	if (size > KEY_LINE_BYTES)
		return invalid(why, "the line is too long for a key");
	return FAULT_NONE;
}

/* ---- words -------------------------------------------------------------------------------- */

/* What is left of the line. */
struct rest {
	const char *at;
	size_t size;
};

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static void
skip(struct rest *rest, size_t size)
{
	rest->at += size;
	rest->size -= size;
	while (rest->size > 0 && is_blank(*rest->at)) {
		rest->at++;
		rest->size--;
	}
}

static size_t
word_size(const struct rest *rest)
{
	size_t size = 0;

	while (size < rest->size && !is_blank(rest->at[size]))
		size++;
	return size;
}

static bool
ends_in(const struct rest *rest, size_t size, const char *end)
{
	return size >= strlen(end) &&
	    memcmp(rest->at + size - strlen(end), end, strlen(end)) == 0;
}

/* A type that sshd knows and Hexa does not take; nothing is shown of what is no type at all. */
static enum fault
refuse_type(const struct rest *rest, size_t size, struct why *why)
{
	if (ends_in(rest, size, "-cert-v01@openssh.com"))
		return invalid(why, "this is a certificate, not a key");
	if (size == strlen("ssh-dss") && memcmp(rest->at, "ssh-dss", size) == 0)
		return invalid(why, "DSA keys are not allowed; ssh-keygen -t ed25519 makes one "
		    "that is");
	return FAULT_NONE;
}

/* The type, and before it the options; *rest then begins with the key itself. */
static enum fault
read_type(struct rest *rest, const struct key_type **type, char **options, struct why *why)
{
	struct rest before = *rest;
	size_t size = word_size(rest);
	enum fault fault = refuse_type(rest, size, why);

	*type = key_type_find(rest->at, size);
	if (fault == FAULT_NONE && *type == NULL) {
		size_t options_size = key_options_size(rest->at, rest->size);

		before.size = options_size;
		skip(rest, options_size);
		size = word_size(rest);
		if (options_size > 0)
			*type = key_type_find(rest->at, size);
		fault = options_size > 0 ? refuse_type(rest, size, why)
		                         : invalid(why, "quotes are not closed in its options");
		/* Its options say best what is wrong with a line whose type is not to be found. */
		if (fault == FAULT_NONE)
			fault = key_options_read(before.at, before.size,
			    *type != NULL && (*type)->on_token, options, why);
	}
	if (fault == FAULT_NONE && *type == NULL)
		fault = invalid(why, "there is no type of key that is allowed: ssh-ed25519, ecdsa, "
		    "ssh-rsa, or sk- for one in a security key");
	if (fault == FAULT_NONE)
		skip(rest, size);
	return fault;
}

/* The key itself, whose type it must say too, and its fingerprint. */
static enum fault
read_blob(struct rest *rest, const struct key_type *type, struct key *key, struct why *why)
{
	unsigned char wire[KEY_WIRE_BYTES];
	char digest[CRYPTO_FINGERPRINT_BYTES];
	struct bytes text = {0};
	size_t size = word_size(rest), wire_size = 0;
	enum fault fault;

	if (size == 0 || !crypto_base64_decode(rest->at, size, wire, sizeof(wire), &wire_size))
		return invalid(why, "what stands behind its type is no key in base64, or no whole "
		    "one");
	fault = key_wire_read(type, wire, wire_size, &key->bits, why);
	if (fault != FAULT_NONE)
		return fault;
	crypto_fingerprint(wire, wire_size, digest);
	bytes_print(&text, "%s%s", fingerprint_prefix, digest);
	key->fingerprint = bytes_take_text(&text);
	key->type = strdup(type->name);
	key->blob = strndup(rest->at, size);
	if (key->fingerprint == NULL || key->type == NULL || key->blob == NULL)
		return why_memory(why);
	skip(rest, size);
	return FAULT_NONE;
}

/* ---- the comment -------------------------------------------------------------------------- */

/* What begins as a key in base64 does: the length of its type, which is short. */
static const char blob_start[] = "AAAA";

/* A second key behind the first would be a comment to sshd, and taken for a key by its owner. */
static bool
has_key(const char *comment)
{
	for (size_t size; *comment != '\0'; comment += size + (comment[size] != '\0')) {
		size = strcspn(comment, " ");
		if (key_type_find(comment, size) != NULL ||
		    strncmp(comment, blob_start, strlen(blob_start)) == 0)
			return true;
	}
	return false;
}

static enum fault
read_comment(struct rest *rest, struct key *key, struct why *why)
{
	while (rest->size > 0 && is_blank(rest->at[rest->size - 1]))
		rest->size--;
	if (rest->size == 0)
		return FAULT_NONE;
	if (rest->size > KEY_COMMENT_BYTES)
		return why_field(why, FAULT_INVALID, "key",
		    "key: its comment is longer than %d bytes", KEY_COMMENT_BYTES);
	key->comment = strndup(rest->at, rest->size);
	if (key->comment == NULL)
		return why_memory(why);
	if (!text_is_plain(key->comment, KEY_COMMENT_BYTES))
		return invalid(why, "its comment is no plain text");
	if (has_key(key->comment))
		return invalid(why, "there is more than one key; one at a time");
	return FAULT_NONE;
}

/* ---- the line ----------------------------------------------------------------------------- */

static size_t
without_line_end(const char *line, size_t size)
{
	if (size > 0 && line[size - 1] == '\n')
		size -= size > 1 && line[size - 2] == '\r' ? 2 : 1;
	return size;
}

enum fault
key_parse(const char *line, size_t size, struct key *key, struct why *why)
{
	struct rest rest = {line, without_line_end(line, size)};
	const struct key_type *type = NULL;
	struct key read = {0};
	enum fault fault = crypto_start(why);

	/* Of nothing there may not even be a pointer. */
	if (size == 0)
		return invalid(why, "there is no key");
	if (fault == FAULT_NONE)
		fault = refuse_other_forms(line, size, why);
	if (fault == FAULT_NONE)
		fault = refuse_bytes(rest.at, rest.size, why);
	skip(&rest, 0);
	if (fault == FAULT_NONE && (rest.size == 0 || *rest.at == '#'))
		fault = invalid(why, "there is no key");
	if (fault == FAULT_NONE)
		fault = read_type(&rest, &type, &read.options, why);
	if (fault == FAULT_NONE)
		fault = read_blob(&rest, type, &read, why);
	if (fault == FAULT_NONE)
		fault = read_comment(&rest, &read, why);
	if (fault != FAULT_NONE) {
		key_clear(&read);
		return fault;
	}
	key_clear(key);
	*key = read;
	return FAULT_NONE;
}

bool
key_is_fingerprint(const char *text)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789+/";
	size_t prefix = strlen(fingerprint_prefix);

	return strncmp(text, fingerprint_prefix, prefix) == 0 &&
	    strspn(text + prefix, base64) == CRYPTO_FINGERPRINT_BYTES - 1 &&
	    text[prefix + CRYPTO_FINGERPRINT_BYTES - 1] == '\0';
}
