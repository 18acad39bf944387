/*
 * key_wire.h - an SSH public key as it travels (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC
 * 8709 section 4, OpenSSH's PROTOCOL.u2f): what an authorized_keys line has in base64.
 */
#ifndef HEXA_POLICY_KEY_WIRE_H
#define HEXA_POLICY_KEY_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/fault.h"

/* In bits of the modulus. */
enum { RSA_BITS_LEAST = 2048, RSA_BITS_MOST = 16384 };

/* Bytes of the largest key that is allowed, an RSA key's, with room to spare. */
enum { KEY_WIRE_BYTES = 4096 };

/* A type of key by which users may log in. */
struct key_type {
	const char *name; /* ssh-ed25519, … */
	enum { FORM_ED25519, FORM_ECDSA, FORM_RSA } form;
	uint32_t bits;      /* RSA: 0, each key has its own */
	const char *curve;  /* of ECDSA */
	bool on_token;      /* the private key stays in a security key (sk-…) */
};

/* The type of this name, which has `size` bytes; NULL: there is none such, or none that may be. */
const struct key_type *key_type_find(const char *name, size_t size);

/*
 * Is this a key of the type, from the first byte to the last?  *bits is then its length, as
 * ssh-keygen(1) shows it.  That a point lies on its curve is for sshd to see, which takes no key
 * where it does not.  FAULT_INVALID, field "key": of another type, cut short, with something behind
 * it, not in the one form that there is for it, or weak.
 */
enum fault key_wire_read(const struct key_type *type, const void *data, size_t size,
    uint32_t *bits, struct why *why);

#endif
