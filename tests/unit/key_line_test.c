/*
 * key_line_test.c - which lines are taken for a public key, and what is made of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <sodium.h>

#include "accounts/key_line.h"
#include "policy/key_wire.h"

/* ---- keys of the tests' own ------------------------------------------------------------ */

/* What travels in base64, put together by its parts. */
struct wire {
	unsigned char byte[KEY_WIRE_BYTES + 64];
	size_t size;
};

static void
add_bytes(struct wire *wire, const void *bytes, size_t size)
{
	assert_true(size <= sizeof(wire->byte) - wire->size);
	if (size > 0)
		memcpy(wire->byte + wire->size, bytes, size);
	wire->size += size;
}

static void
add_length(struct wire *wire, uint32_t length)
{
	const unsigned char byte[4] = {(unsigned char)(length >> 24), (unsigned char)(length >> 16),
	    (unsigned char)(length >> 8), (unsigned char)length};

	add_bytes(wire, byte, sizeof(byte));
}

static void
add(struct wire *wire, const void *bytes, size_t size)
{
	add_length(wire, (uint32_t)size);
	add_bytes(wire, bytes, size);
}

static void
add_word(struct wire *wire, const char *word)
{
	add(wire, word, strlen(word));
}

/* A number of `bits` bits whose last byte is `last`, with its leading zero where one is due. */
static void
add_number(struct wire *wire, size_t bits, unsigned char last)
{
	unsigned char byte[2100];
	size_t size = (bits + 7) / 8, start = bits % 8 == 0;

	memset(byte, 0x5a, sizeof(byte));
	byte[0] = 0;
	byte[start] = (unsigned char)(0x80 >> (8 * size - bits));
	byte[start + size - 1] = size == 1 ? (unsigned char)(byte[start] | last) : last;
	add(wire, byte, start + size);
}

static void
add_point(struct wire *wire, unsigned char form, size_t size)
{
	unsigned char byte[200];

	memset(byte, 0x17, sizeof(byte));
	byte[0] = form;
	add(wire, byte, size);
}

static struct wire
ed25519(void)
{
	struct wire wire = {.size = 0};

	add_word(&wire, "ssh-ed25519");
	add_point(&wire, 0x17, 32);
	return wire;
}

static struct wire
token_ed25519(const char *application)
{
	struct wire wire = {.size = 0};

	add_word(&wire, "sk-ssh-ed25519@openssh.com");
	add_point(&wire, 0x17, 32);
	add_word(&wire, application);
	return wire;
}

static struct wire
ecdsa(const char *type, const char *curve, size_t point)
{
	struct wire wire = {.size = 0};

	add_word(&wire, type);
	add_word(&wire, curve);
	add_point(&wire, 4, point);
	return wire;
}

static struct wire
rsa(size_t bits)
{
	struct wire wire = {.size = 0};

	add_word(&wire, "ssh-rsa");
	add(&wire, "\x01\x00\x01", 3);
	add_number(&wire, bits, 0x11);
	return wire;
}

/* `before` TYPE BASE64 `behind`, newly allocated. */
static char *
line_of(const char *before, const char *type, const struct wire *wire, const char *behind)
{
	size_t size = sodium_base64_ENCODED_LEN(wire->size, sodium_base64_VARIANT_ORIGINAL);
	char *text = malloc(size), *line = NULL;

	assert_non_null(text);
	sodium_bin2base64(text, size, wire->byte, wire->size, sodium_base64_VARIANT_ORIGINAL);
	assert_true(asprintf(&line, "%s%s %s%s", before, type, text, behind) > 0);
	free(text);
	return line;
}

/* ---- what comes of a line -------------------------------------------------------------- */

static struct key
taken_bytes(const char *line, size_t size)
{
	struct key key = {0};
	struct why why = {0};
	char *copy = malloc(size); /* exactly as large, so that a read behind its end is seen */

	memcpy(copy, line, size);
	if (key_parse(copy, size, &key, &why) != FAULT_NONE)
		fail_msg("refused: %s", why.text);
	free(copy);
	assert_int_equal(record_check(&key_table, &(struct key){.version = 1, .uid = 70001,
	    .fingerprint = key.fingerprint, .type = key.type, .bits = key.bits,
	    .options = key.options, .blob = key.blob, .comment = key.comment}, true, NULL),
	    FAULT_NONE);
	return key;
}

static struct key
taken(const char *line)
{
	return taken_bytes(line, strlen(line));
}

static void
refused_bytes(const char *line, size_t size, const char *saying)
{
	struct key key = {.bits = 7};
	struct why why = {0};
	char *copy = malloc(size + 1);

	memcpy(copy, line, size);
	copy[size] = '\0';
	copy = realloc(copy, size > 0 ? size : 1);
	if (key_parse(copy, size, &key, &why) != FAULT_INVALID)
		fail_msg("not refused (%s): %.*s", saying, (int)(size < 80 ? size : 80), line);
	assert_string_equal(why.field, "key");
	if (strstr(why.text, saying) == NULL)
		fail_msg("refused for another reason than \"%s\": %s", saying, why.text);
	/* Untouched, and nothing to free. */
	assert_int_equal(key.bits, 7);
	assert_null(key.fingerprint);
	free(copy);
}

static void
refused(const char *line, const char *saying)
{
	refused_bytes(line, strlen(line), saying);
}

/* Of the type, with these options before it; NULL: as it should come out, none. */
static void
options_are(const char *before, const char *options)
{
	struct wire wire = ed25519();
	char *line = line_of(before, "ssh-ed25519", &wire, "");
	struct key key = taken(line);

	if (options == NULL)
		assert_null(key.options);
	else
		assert_string_equal(key.options, options);
	key_clear(&key);
	free(line);
}

static void
options_refused(const char *before, const char *saying)
{
	struct wire wire = ed25519();
	char *line = line_of(before, "ssh-ed25519", &wire, "");

	refused(line, saying);
	free(line);
}

static void
wire_refused(const char *type, const struct wire *wire, const char *saying)
{
	char *line = line_of("", type, wire, " anna@laptop");

	refused(line, saying);
	free(line);
}

static void
wire_taken(const char *type, const struct wire *wire, uint32_t bits)
{
	char *line = line_of("", type, wire, " anna@laptop");
	struct key key = taken(line);

	assert_string_equal(key.type, type);
	assert_int_equal(key.bits, bits);
	assert_string_equal(key.comment, "anna@laptop");
	assert_true(key_is_fingerprint(key.fingerprint));
	key_clear(&key);
	free(line);
}

/* ---- types ----------------------------------------------------------------------------- */

/* Made by ssh-keygen, which also said the fingerprints and sizes. */
static void
known_keys(void **state)
{
	static const struct {
		const char *line, *fingerprint;
		uint32_t bits;
	} known[] = {
		{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHLAkLURF7/D44S8dIWNrcbgAnOxy68rdB/X"
		    "hI7HZvMT anna@laptop",
		    "SHA256:nu0X4IonWNEOIvhkXiGJchEZCV0XNvzfjRkcEMsp8Ig", 256},
		{"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB"
		    "BChvvfBfF0ewh28Bzw2NAjPMjjzS2cpMEJSvuBEYkf6b9na9/5IuRNgwMb8/Z4SWVkwc3mxP"
		    "9LfHH4hRx7MmOWE= anna@laptop",
		    "SHA256:fVwuT7ytPN0/2ejm85bQ42Re0PLAOsUyPaNFPdecLrY", 256},
		{"ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABh"
		    "BPsI2qNA6UJ9ZaRTpfIDduhT+4FjzdFeevco5aK2rwhc9iiyUt1TrzOdUaPYQmCaCzMTA/Eu"
		    "Xf9A7QvIPnYeQ3mbEK2O1gvVYpsHUXq8hP8y+iA4u8kX182Qdgj/SB4SYg== anna@laptop",
		    "SHA256:ept4JTDPswfT9/BhvDZ1XrvOFgWuBQc98aCByL/9ivY", 384},
		{"ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACF"
		    "BABivpN/PqDshuGykaEyFYelL3UMFe3nxx3xANTnIH8bpvmSbEgTRimvndozw/U3W+26uMXr"
		    "ASg/OXAlwOAkWHS2twBT5CZ8rdMLn0agP6kv0mGORNZ+uT8YcPVkAGhz3g9zziJMvvaG3CSU"
		    "/+2Wwiia2EIPMhvW2C0HZt4d1x2Zn+Nduw== anna@laptop",
		    "SHA256:DE7IisMlxjB5GWsqWNlEqOmjnahvS3e8wl2L9kbYCy4", 521},
		{"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC9MrX86lZ1hfgYM6QJ/3DvjpBy6gC8rNzX"
		    "KdkistwQF/YNBkhC0DyZubrHdTjj0cUuWxtebs21YCq9r4LYScibYfPF6LNFejx1mHvLYaHw"
		    "0B99KrruHRBTBK6C5bYTOO7Cinmo1BgPoDjQi8mkDPp9UaTWu/6/Fkhj9SL+N/NEZCdeCRRV"
		    "njp3Kb7Bt94t9YVb4oHGxBUZMqPG1RJmjimimBVfJP5uxOHZpEHhNz9/q06RtZ7O3LL3PQqV"
		    "EsKBRHx/5FiyCDCuR9oSA5bq5BzM4/avblraP4AGVVUjZsBiDI7Ndb0W3Xh2LrfX6ii/r+n2"
		    "4d1q8Yz84R+mEltTBvVf anna@laptop",
		    "SHA256:gX7qC1tSB/HQog+xMB8YMuU7tyn+LCP89E4RjtoWVc8", 2048},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct key key = taken(known[i].line);
		struct bytes out = {0};
		char *printed;

		assert_string_equal(key.fingerprint, known[i].fingerprint);
		assert_int_equal(key.bits, known[i].bits);
		assert_string_equal(key.comment, "anna@laptop");
		key_print(&key, &out);
		printed = bytes_take_text(&out);
		assert_memory_equal(printed, known[i].line, strlen(printed) - 1);
		assert_string_equal(known[i].line + strlen(printed) - 1, " anna@laptop");
		assert_int_equal(printed[strlen(printed) - 1], '\n');
		free(printed);
		key_clear(&key);
	}
}

static void
each_type_is_taken(void **state)
{
	struct wire wire;

	(void)state;
	wire = ed25519();
	wire_taken("ssh-ed25519", &wire, 256);
	wire = token_ed25519("ssh:");
	wire_taken("sk-ssh-ed25519@openssh.com", &wire, 256);
	wire = ecdsa("ecdsa-sha2-nistp256", "nistp256", 65);
	wire_taken("ecdsa-sha2-nistp256", &wire, 256);
	wire = ecdsa("ecdsa-sha2-nistp384", "nistp384", 97);
	wire_taken("ecdsa-sha2-nistp384", &wire, 384);
	wire = ecdsa("ecdsa-sha2-nistp521", "nistp521", 133);
	wire_taken("ecdsa-sha2-nistp521", &wire, 521);
	wire = ecdsa("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65);
	add_word(&wire, "ssh:work");
	wire_taken("sk-ecdsa-sha2-nistp256@openssh.com", &wire, 256);
	wire = rsa(2048);
	wire_taken("ssh-rsa", &wire, 2048);
	wire = rsa(16384);
	wire_taken("ssh-rsa", &wire, 16384);
	wire = rsa(3071);
	wire_taken("ssh-rsa", &wire, 3071);
}

static void
other_types_are_refused(void **state)
{
	static const char *const types[] = {"ssh-dss", "ssh-ed25519-cert-v01@openssh.com",
	    "ssh-rsa-cert-v01@openssh.com", "ecdsa-sha2-nistp224", "ecdsa-sha2-1.3.132.0.10",
	    "ssh-ed448", "rsa-sha2-512", "x509v3-ssh-rsa", "ssh-xmss@openssh.com", "SSH-ED25519",
	    "ssh-ed2551", "ssh-ed255199", "spki-sign-rsa", "pgp-sign-dss", "2048",
	    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct wire wire = {.size = 0};

		add_word(&wire, types[i]);
		add_point(&wire, 0x17, 32);
		wire_refused(types[i], &wire, "key: ");
	}
	refused("ssh-dss AAAAB3NzaC1kc3MAAACB", "DSA");
	refused("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate");
	refused("no-pty ssh-dss AAAAB3NzaC1kc3MAAACB", "DSA");
}

/* ---- the bytes of a key ------------------------------------------------------------------ */

/* Of each type: every shorter one, one byte more, each length wrong. */
static void
no_key_is_short_or_long(void **state)
{
	static const char *const types[] = {"ssh-ed25519", "sk-ssh-ed25519@openssh.com",
	    "ecdsa-sha2-nistp256", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-rsa"};
	struct wire whole[] = {ed25519(), token_ed25519("ssh:"),
	    ecdsa("ecdsa-sha2-nistp256", "nistp256", 65),
	    ecdsa("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65), rsa(2048)};

	(void)state;
	add_word(&whole[3], "ssh:");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct wire wire = whole[i];

		wire_taken(types[i], &wire, i == 4 ? 2048 : 256);
		for (wire.size = 0; wire.size < whole[i].size; wire.size++)
			wire_refused(types[i], &wire,
			    wire.size == 0 ? "base64" : "not a whole key");
		wire = whole[i];
		add_bytes(&wire, "\0", 1);
		wire_refused(types[i], &wire, "not a whole key");
		wire = whole[i];
		add_word(&wire, "");
		wire_refused(types[i], &wire, "not a whole key");
	}
}

/* A length that leads out of the key, up to one that would wrap around. */
static void
no_length_leads_out(void **state)
{
	static const uint32_t lengths[] = {0, 31, 33, 36, 37, 0x7fffffff, 0x80000000, 0xfffffffb,
	    0xfffffffc, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct wire wire = {.size = 0};

		add_word(&wire, "ssh-ed25519");
		add_length(&wire, lengths[i]);
		add_bytes(&wire, "................................", 32);
		wire_refused("ssh-ed25519", &wire, "not a whole key");
		wire = (struct wire){.size = 0};
		add_length(&wire, lengths[i]);
		add_bytes(&wire, "ssh-ed25519", 11);
		wire_refused("ssh-ed25519", &wire, "not a whole key");
	}
}

static void
the_inner_type_must_be_the_outer(void **state)
{
	struct wire wire;

	(void)state;
	wire = ed25519();
	wire_refused("ssh-rsa", &wire, "not a whole key of the type ssh-rsa");
	wire = rsa(2048);
	wire_refused("ssh-ed25519", &wire, "not a whole key");
	wire = ecdsa("ecdsa-sha2-nistp256", "nistp256", 65);
	wire_refused("ecdsa-sha2-nistp384", &wire, "not a whole key");
	wire = ecdsa("ecdsa-sha2-nistp256", "nistp384", 65);
	wire_refused("ecdsa-sha2-nistp256", &wire, "not a whole key");
	wire = ecdsa("ecdsa-sha2-nistp384", "nistp384", 65);
	wire_refused("ecdsa-sha2-nistp384", &wire, "not a whole key");
	/* Of the same form, and of none that is known. */
	wire = (struct wire){.size = 0};
	add_word(&wire, "ssh-ed25518");
	add_point(&wire, 0x17, 32);
	wire_refused("ssh-ed25519", &wire, "not a whole key");
}

static void
points_are_uncompressed(void **state)
{
	static const unsigned char forms[] = {0, 2, 3, 5, 6, 7, 0xff};

	(void)state;
	for (size_t i = 0; i < sizeof(forms); i++) {
		struct wire wire = {.size = 0};

		add_word(&wire, "ecdsa-sha2-nistp256");
		add_word(&wire, "nistp256");
		add_point(&wire, forms[i], forms[i] == 2 || forms[i] == 3 ? 33 : 65);
		wire_refused("ecdsa-sha2-nistp256", &wire, "not a whole key");
	}
}

static void
applications_are_words(void **state)
{
	char longest[256];
	struct wire wire;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	wire = token_ed25519("");
	wire_refused("sk-ssh-ed25519@openssh.com", &wire, "not a whole key");
	wire = token_ed25519("ssh:\n");
	wire_refused("sk-ssh-ed25519@openssh.com", &wire, "not a whole key");
	wire = (struct wire){.size = 0};
	add_word(&wire, "sk-ssh-ed25519@openssh.com");
	add_point(&wire, 0x17, 32);
	add(&wire, longest, sizeof(longest));
	wire_refused("sk-ssh-ed25519@openssh.com", &wire, "not a whole key");
	wire.size = 0;
	add_word(&wire, "sk-ssh-ed25519@openssh.com");
	add_point(&wire, 0x17, 32);
	add(&wire, longest, sizeof(longest) - 1);
	wire_taken("sk-ssh-ed25519@openssh.com", &wire, 256);
}

static void
rsa_keys_are_strong(void **state)
{
	static const size_t bits[] = {1, 512, 768, 1024, 2040, 2047, 16385, 16400};

	(void)state;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		struct wire wire = rsa(bits[i]);

		wire_refused("ssh-rsa", &wire, "allowed are 2048 to 16384");
	}
	for (unsigned last = 0x10; last < 0x14; last += 2) {
		struct wire wire = {.size = 0};

		add_word(&wire, "ssh-rsa");
		add(&wire, "\x01\x00\x01", 3);
		add_number(&wire, 2048, (unsigned char)last);
		wire_refused("ssh-rsa", &wire, "not a whole key");
	}
}

static void
exponents_are_odd_and_of_a_size(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *saying; /* NULL: taken */
	} exponents[] = {
		{"\x01\x00\x01", 3, NULL},
		{"\x03", 1, NULL},
		{"\x23", 1, NULL},
		{"\x00\x80\x00\x00\x00\x00\x00\x00\x01", 9, NULL},
		{"\x01", 1, "exponent"},
		{"\x01\x00\x02", 3, "exponent"},
		{"\x04", 1, "exponent"},
		{"\x01\x00\x00\x00\x00\x00\x00\x00\x01", 9, "exponent"},
		{"", 0, "not a whole key"},
		{"\x00", 1, "not a whole key"},
		{"\x00\x03", 2, "not a whole key"},
		{"\x00\x01\x00\x01", 4, "not a whole key"},
		{"\x81", 1, "not a whole key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(exponents) / sizeof(exponents[0]); i++) {
		struct wire wire = {.size = 0};

		add_word(&wire, "ssh-rsa");
		add(&wire, exponents[i].bytes, exponents[i].size);
		add_number(&wire, 2048, 0x11);
		if (exponents[i].saying == NULL)
			wire_taken("ssh-rsa", &wire, 2048);
		else
			wire_refused("ssh-rsa", &wire, exponents[i].saying);
	}
}

/* A modulus with a zero too many, or that reads as below zero: the same key would be two. */
static void
a_modulus_has_one_form(void **state)
{
	unsigned char byte[258];

	(void)state;
	memset(byte, 0x91, sizeof(byte));
	for (size_t zeros = 0; zeros < 3; zeros++) {
		struct wire wire = {.size = 0};

		memset(byte, 0, zeros);
		add_word(&wire, "ssh-rsa");
		add(&wire, "\x01\x00\x01", 3);
		add(&wire, byte, 256 + zeros);
		if (zeros == 1)
			wire_taken("ssh-rsa", &wire, 2048);
		else
			wire_refused("ssh-rsa", &wire, "not a whole key");
	}
}

/* Whatever byte is changed, it is refused or another key. */
static void
each_byte_counts(void **state)
{
	struct wire whole = ecdsa("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", 65);
	char *line;
	struct key first, key = {0};

	(void)state;
	add_word(&whole, "ssh:");
	line = line_of("", "sk-ecdsa-sha2-nistp256@openssh.com", &whole, "");
	first = taken(line);
	free(line);
	for (size_t i = 0; i < whole.size; i++) {
		struct wire wire = whole;

		wire.byte[i] ^= 0x40;
		line = line_of("", "sk-ecdsa-sha2-nistp256@openssh.com", &wire, "");
		if (key_parse(line, strlen(line), &key, NULL) == FAULT_NONE)
			assert_string_not_equal(key.fingerprint, first.fingerprint);
		free(line);
	}
	key_clear(&key);
	key_clear(&first);
}

/* ---- base64 ------------------------------------------------------------------------------ */

static void
base64_has_one_form(void **state)
{
	struct wire wire = ed25519();
	char *line = line_of("", "ssh-ed25519", &wire, "");
	size_t end = strlen(line);

	(void)state;
	assert_int_equal(wire.size % 3, 0);
	line[end - 1] = '\0';
	refused(line, "base64");
	line[end - 1] = '!';
	refused(line, "base64");
	line[end - 1] = '-'; /* the other alphabet */
	refused(line, "base64");
	free(line);

	wire = rsa(2048);
	assert_int_equal(wire.size % 3, 0);
	/* One byte more: two digits, of which the second has unused bits, and ==. */
	wire = rsa(2056);
	line = line_of("", "ssh-rsa", &wire, "");
	end = strlen(line);
	assert_string_equal(line + end - 2, "==");
	line[end - 3]++;
	refused(line, "base64");
	line[end - 3]--;
	line[end - 1] = '\0';
	refused(line, "base64");
	line[end - 2] = '\0';
	refused(line, "base64");
	free(line);
	refused("ssh-ed25519", "base64");
	refused("ssh-ed25519 ", "base64");
	refused("ssh-ed25519 ====", "base64");
}

/* ---- the line ---------------------------------------------------------------------------- */

static void
line_ends(void **state)
{
	static const char *const good[] = {"", "\n", "\r\n", " \n", " \t\r\n", "  anna\n"};
	static const char *const bad[] = {"\r", "\n\n", "\n\r\n", "\nx", "\r\r\n", " a\rb\n"};
	struct wire wire = ed25519();
	struct key plain, key;
	char *line = line_of("", "ssh-ed25519", &wire, "");

	(void)state;
	plain = taken(line);
	free(line);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		line = line_of(" \t", "ssh-ed25519", &wire, good[i]);
		key = taken(line);
		assert_string_equal(key.fingerprint, plain.fingerprint);
		assert_string_equal(key.blob, plain.blob);
		if (strstr(good[i], "anna") != NULL)
			assert_string_equal(key.comment, "anna");
		else
			assert_null(key.comment);
		key_clear(&key);
		free(line);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		line = line_of("", "ssh-ed25519", &wire, bad[i]);
		refused(line, "more than one line");
		free(line);
	}
	key_clear(&plain);
}

static void
nothing_is_no_key(void **state)
{
	(void)state;
	refused("", "no key");
	refused("\n", "no key");
	refused("   \t", "no key");
	refused("# ssh-ed25519 AAAA", "no key");
	refused("hello world", "begins neither");
	refused("-----BEGIN CERTIFICATE-----\nMIIB\n", "another form");
	refused("---- BEGIN SSH2 PUBLIC KEY ----\nComment: x\nAAAA\n", "another form");
	refused("-----BEGIN PUBLIC KEY-----\nMIIB\n", "another form");
}

static void
bytes_that_are_no_text(void **state)
{
	static const char controls[] = "\x01\x07\x08\x0b\x0c\x1b\x1f\x7f";
	struct wire wire = ed25519();
	char *line = line_of("", "ssh-ed25519", &wire, " anna@laptop");
	size_t size = strlen(line);

	(void)state;
	for (size_t i = 0; i < size; i++) {
		char byte = line[i];

		line[i] = '\0';
		refused_bytes(line, size, "no text");
		for (const char *control = controls; *control != '\0'; control++) {
			line[i] = *control;
			refused_bytes(line, size, "key: ");
		}
		for (unsigned beyond = 0x80; beyond <= 0xff; beyond++) {
			line[i] = (char)beyond;
			refused_bytes(line, size, "key: ");
		}
		line[i] = byte;
	}
	free(line);
}

static void
comments(void **state)
{
	struct wire wire = ed25519();
	char *line, *longest = calloc(1, 66000);
	struct key key;

	(void)state;
	longest[0] = ' ';
	memset(longest + 1, 'c', KEY_COMMENT_BYTES);
	line = line_of("", "ssh-ed25519", &wire, longest);
	key = taken(line);
	assert_int_equal(strlen(key.comment), KEY_COMMENT_BYTES);
	key_clear(&key);
	free(line);
	longest[KEY_COMMENT_BYTES + 1] = 'c';
	line = line_of("", "ssh-ed25519", &wire, longest);
	refused(line, "longer than 128");
	free(line);
	memset(longest + 1, 'c', 65536); /* 64 KiB */
	line = line_of("", "ssh-ed25519", &wire, longest);
	refused(line, "too long");
	free(line);
	line = line_of("", "ssh-ed25519", &wire, " Anna's  \xc3\xa5ngstr\xc3\xb6m # laptop ");
	key = taken(line);
	assert_string_equal(key.comment, "Anna's  \xc3\xa5ngstr\xc3\xb6m # laptop");
	key_clear(&key);
	free(line);
	line = line_of("", "ssh-ed25519", &wire, " a\xe2\x80\xae" "b"); /* right to left */
	refused(line, "no plain text");
	free(line);
	line = line_of("", "ssh-ed25519", &wire, " a\xc3"); /* half a character */
	refused(line, "no plain text");
	free(line);
	line = line_of("", "ssh-ed25519", &wire, " a\tb");
	refused(line, "no plain text");
	free(line);
	free(longest);
}

static void
one_key_in_a_line(void **state)
{
	struct wire wire = ed25519();
	char *one = line_of("", "ssh-ed25519", &wire, ""), *two = NULL;

	(void)state;
	assert_true(asprintf(&two, "%s %s", one, one) > 0);
	refused(two, "more than one key");
	free(two);
	assert_true(asprintf(&two, "%s laptop %s", one, one + strlen("ssh-ed25519 ")) > 0);
	refused(two, "more than one key");
	free(two);
	assert_true(asprintf(&two, "%s laptop ssh-rsa", one) > 0);
	refused(two, "more than one key");
	free(two);
	assert_true(asprintf(&two, "%s\n%s\n", one, one) > 0);
	refused(two, "more than one line");
	free(two);
	free(one);
}

/* ---- private keys ------------------------------------------------------------------------ */

static void
private_keys_are_told_and_not_shown(void **state)
{
	static const char *const keys[] = {
	    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n",
	    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAsecret\n",
	    "-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n\r\nsecret\r\n",
	    "-----BEGIN DSA PRIVATE KEY-----\nMIIBsecret\n",
	    "-----BEGIN EC PRIVATE KEY-----\nMHcCsecret\n",
	    "-----BEGIN PRIVATE KEY-----\nMIIEsecret\n",
	    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFsecret\n",
	    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"secret\"\n",
	    "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nsecret\n",
	    "Comment: anna\nPrivate-Lines: 1\nsecret\n",
	    "SSH PRIVATE KEY FILE FORMAT 1.1\n",
	    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABsecret",
	    "ssh-ed25519 b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABsecret anna",
	    "# my key\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUA\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct key key = {0};
		struct why why = {0};

		refused(keys[i], "this is a private key");
		assert_int_equal(key_parse(keys[i], strlen(keys[i]), &key, &why), FAULT_INVALID);
		assert_null(strstr(why.text, "secret"));
		assert_null(strstr(why.text, "MII"));
		assert_null(strstr(why.text, "b3Bl"));
	}
	refused_bytes("openssh-key-v1\0\0\0\0\4none", 23, "this is a private key");
}

/* What was pasted into the wrong place is shown to nobody, whatever it is. */
static void
nothing_of_the_line_is_shown(void **state)
{
	static const char *const lines[] = {"Hunter2Hunter2", "ssh-ed25519 Hunter2Hunter2",
	    "Hunter2=\"x\" ssh-ed25519 AAAA", "from=\"Hunter2 \" ssh-ed25519 AAAA",
	    "no-pty,Hunter2 ssh-ed25519 AAAA", "expiry-time=\"Hunter2\" ssh-ed25519 AAAA",
	    "\"Hunter2", "ssh-Hunter2 AAAA"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct key key = {0};
		struct why why = {0};

		assert_int_equal(key_parse(lines[i], strlen(lines[i]), &key, &why), FAULT_INVALID);
		assert_null(strstr(why.text, "Hunter2"));
		assert_null(strstr(why.mend, "Hunter2"));
	}
}

/* ---- options ----------------------------------------------------------------------------- */

static void
options_that_keep_from_something(void **state)
{
	(void)state;
	options_are("", NULL);
	options_are("restrict ", "restrict");
	options_are("no-pty ", "no-pty");
	options_are("no-port-forwarding ", "no-port-forwarding");
	options_are("no-agent-forwarding ", "no-agent-forwarding");
	options_are("no-X11-forwarding ", "no-X11-forwarding");
	options_are("no-user-rc ", "no-user-rc");
	options_are("No-PTY,RESTRICT\t ", "restrict,no-pty");
	options_are("no-x11-forwarding,expiry-time=\"20300101\",from=\"A.example\",restrict ",
	    "restrict,no-X11-forwarding,from=\"a.example\",expiry-time=\"20300101\"");
}

static void
options_that_give_something_are_refused(void **state)
{
	static const char *const names[] = {"command", "environment", "permitopen", "permitlisten",
	    "tunnel", "principals"};
	static const char *const flags[] = {"cert-authority", "pty", "user-rc", "agent-forwarding",
	    "port-forwarding", "X11-forwarding", "no-touch-required"};
	char before[64];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char saying[64];

		snprintf(saying, sizeof(saying), "option %s is not allowed", names[i]);
		snprintf(before, sizeof(before), "%s=\"x\" ", names[i]);
		options_refused(before, saying);
		snprintf(before, sizeof(before), "restrict,%s=\"a b, c\" ", names[i]);
		options_refused(before, saying);
		snprintf(before, sizeof(before), "%s=x ", names[i]);
		options_refused(before, saying);
	}
	options_refused("command=\"echo \\\"hi\\\"\" ", "option command is not allowed");
	options_refused("COMMAND=\"x\" ", "option command is not allowed");
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		snprintf(before, sizeof(before), "%s ", flags[i]);
		options_refused(before, "is not allowed");
		snprintf(before, sizeof(before), "no-pty,%s ", flags[i]);
		options_refused(before, "is not allowed");
	}
	options_refused("no-everything ", "neither");
	options_refused("no-pty,no-everything ", "neither");
}

static void
options_are_well_formed(void **state)
{
	(void)state;
	options_refused(", ", "neither");
	options_refused("no-pty, ", "neither");
	options_refused(",no-pty ", "neither");
	options_refused("no-pty,,restrict ", "neither");
	options_refused("no-pty=\"x\" ", "takes no value");
	options_refused("from ", "takes a value");
	options_refused("from= ", "not well formed");
	options_refused("from=a ", "not well formed");
	options_refused("from=\"a\"x ", "not well formed");
	options_refused("from=\"a\"restrict ", "not well formed");
	options_refused("from=\"a ", "quotes");
	options_refused("from=\"a\\\" ", "quotes");
	options_refused("no-pty,no-pty ", "twice");
	options_refused("from=\"a\",from=\"b\" ", "twice");
	options_refused("verify-required ", "security keys");
}

static void
a_token_may_ask_for_more(void **state)
{
	struct wire wire = token_ed25519("ssh:");
	char *line = line_of("verify-required,no-pty ", "sk-ssh-ed25519@openssh.com", &wire, "");
	struct key key = taken(line);

	(void)state;
	assert_string_equal(key.options, "no-pty,verify-required");
	key_clear(&key);
	free(line);
}

static void
from_takes_names_and_addresses(void **state)
{
	static const char *const good[] = {"host.example.org", "*.example.org", "192.0.2.7",
	    "192.0.2.*", "192.0.2.0/24", "0.0.0.0/0", "192.0.2.7/32", "2001:db8::/32", "::1",
	    "::/0",
	    "!bad.example,*.example", "a,b,c", "host_1", "2001:db8::7/128"};
	static const char *const bad[] = {"", ",", "a,", ",a", "a,,b", "a b", "192.0.2.1/24",
	    "192.0.2.0/33", "192.0.2.0/", "/24", "192.0.2.0/-1", "192.0.2.0/024", "a/24",
	    "192.0.2.0/24/8", "2001:db8::1/32", "2001:db8::/129", "a;b", "a$b", "!",
	    "1111:2222:3333:4444:5555:6666:7777:8888:9999/16"};
	char before[1200], canonical[1200];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(before, sizeof(before), "from=\"%s\" ", good[i]);
		snprintf(canonical, sizeof(canonical), "from=\"%s\"", good[i]);
		options_are(before, canonical);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(before, sizeof(before), "from=\"%s\" ", bad[i]);
		options_refused(before, "from=");
	}
	options_refused("from=\"a\\\"b\" ", "not well formed");
	options_refused("from=\"!a,!b\" ", "lets nobody in");
	memset(before, 'a', sizeof(before));
	memcpy(before, "from=\"", 6);
	memcpy(before + KEY_OPTIONS_BYTES - 1, "\" ", 3);
	memcpy(canonical, before, KEY_OPTIONS_BYTES);
	canonical[KEY_OPTIONS_BYTES] = '\0';
	options_are(before, canonical);
	memset(before + 6, 'a', sizeof(before) - 6);
	memcpy(before + KEY_OPTIONS_BYTES, "\" ", 3);
	options_refused(before, "longer than 1024");
}

static void
expiry_is_a_time(void **state)
{
	static const char *const good[] = {"20301231", "20301231Z", "203012312359",
	    "20301231235959Z", "20280229", "20000101"};
	static const char *const bad[] = {"", "Z", "2030123", "203012311", "20301301", "20301232",
	    "20290229", "203012312400", "203012312360", "20301231235960", "+1d", "2030-12-31",
	    "20301231ZZ", " 20301231", "203012312359599", "00001231", "2030123a"};
	char before[80], canonical[80];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(before, sizeof(before), "expiry-time=\"%s\" ", good[i]);
		snprintf(canonical, sizeof(canonical), "expiry-time=\"%s\"", good[i]);
		options_are(before, canonical);
	}
	options_are("expiry-time=\"20301231z\" ", "expiry-time=\"20301231Z\"");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(before, sizeof(before), "expiry-time=\"%s\" ", bad[i]);
		options_refused(before, "expiry-time= takes");
	}
}

/* What comes out is taken again, and comes out the same. */
static void
the_canonical_form_is_its_own(void **state)
{
	struct wire wire = ed25519();
	char *line = line_of("FROM=\"*.Example,!192.0.2.0/24\",Restrict,expiry-time=\"20300101z\" ",
	    "ssh-ed25519", &wire, " anna");
	struct key first = taken(line), again;
	struct bytes out = {0};
	char *printed;

	(void)state;
	key_print(&first, &out);
	printed = bytes_take_text(&out);
	again = taken(printed);
	assert_string_equal(first.options,
	    "restrict,from=\"*.example,!192.0.2.0/24\",expiry-time=\"20300101Z\"");
	assert_string_equal(again.options, first.options);
	assert_string_equal(again.fingerprint, first.fingerprint);
	assert_null(again.comment);
	key_clear(&first);
	key_clear(&again);
	free(printed);
	free(line);
}

static void
fingerprints(void **state)
{
	static const char good[] = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
	char text[sizeof(good) + 1];

	(void)state;
	assert_true(key_is_fingerprint(good));
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		strcpy(text, good);
		text[i] = i < 7 ? 'x' : '=';
		assert_false(key_is_fingerprint(text));
		text[i] = '\0';
		assert_false(key_is_fingerprint(text));
	}
	snprintf(text, sizeof(text), "%sx", good);
	assert_false(key_is_fingerprint(text));
	assert_false(key_is_fingerprint("MD5:00:11"));
}

/* ---- ssh-keygen says the same, where it is installed ------------------------------------- */

static void
ssh_keygen_agrees(void **state)
{
	static const struct {
		const char *type, *bits;
	} kinds[] = {{"ed25519", "256"}, {"rsa", "2048"}, {"rsa", "3072"}, {"rsa", "2049"},
	    {"ecdsa", "256"}, {"ecdsa", "384"}, {"ecdsa", "521"}};
	char folder[] = "/tmp/hexa-keys-XXXXXX", command[256], line[8192], said[512], expected[512];

	(void)state;
	if (system("command -v ssh-keygen >/dev/null 2>&1") != 0) {
		skip();
		return;
	}
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct key key;
		FILE *file;

		snprintf(command, sizeof(command), "cd %s && rm -f k k.pub && ssh-keygen -q -N '' "
		    "-C 'anna berg' -t %s -b %s -f k && cat k.pub && ssh-keygen -lf k.pub", folder,
		    kinds[i].type, kinds[i].bits);
		file = popen(command, "r");
		assert_non_null(file);
		assert_non_null(fgets(line, sizeof(line), file));
		assert_non_null(fgets(said, sizeof(said), file));
		assert_int_equal(pclose(file), 0);
		key = taken(line);
		snprintf(expected, sizeof(expected), "%lu %s %s (", (unsigned long)key.bits,
		    key.fingerprint, key.comment);
		assert_memory_equal(said, expected, strlen(expected));
		key_clear(&key);
	}
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_keys),
	    cmocka_unit_test(each_type_is_taken),
	    cmocka_unit_test(other_types_are_refused),
	    cmocka_unit_test(no_key_is_short_or_long),
	    cmocka_unit_test(no_length_leads_out),
	    cmocka_unit_test(the_inner_type_must_be_the_outer),
	    cmocka_unit_test(points_are_uncompressed),
	    cmocka_unit_test(applications_are_words),
	    cmocka_unit_test(rsa_keys_are_strong),
	    cmocka_unit_test(exponents_are_odd_and_of_a_size),
	    cmocka_unit_test(a_modulus_has_one_form),
	    cmocka_unit_test(each_byte_counts),
	    cmocka_unit_test(base64_has_one_form),
	    cmocka_unit_test(line_ends),
	    cmocka_unit_test(nothing_is_no_key),
	    cmocka_unit_test(bytes_that_are_no_text),
	    cmocka_unit_test(comments),
	    cmocka_unit_test(one_key_in_a_line),
	    cmocka_unit_test(private_keys_are_told_and_not_shown),
	    cmocka_unit_test(nothing_of_the_line_is_shown),
	    cmocka_unit_test(options_that_keep_from_something),
	    cmocka_unit_test(options_that_give_something_are_refused),
	    cmocka_unit_test(options_are_well_formed),
	    cmocka_unit_test(a_token_may_ask_for_more),
	    cmocka_unit_test(from_takes_names_and_addresses),
	    cmocka_unit_test(expiry_is_a_time),
	    cmocka_unit_test(the_canonical_form_is_its_own),
	    cmocka_unit_test(fingerprints),
	    cmocka_unit_test(ssh_keygen_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
