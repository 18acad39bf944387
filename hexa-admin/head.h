/*
 * head.h - the journal's head as text: SEQ:HASH, the hash in lower-case hexadecimal digits.
 */
#ifndef HEXA_ADMIN_HEAD_H
#define HEXA_ADMIN_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "store/crypto.h"

enum { HASH_TEXT_BYTES = 2 * CRYPTO_HASH_BYTES + 1 };

void hash_to_text(const unsigned char hash[CRYPTO_HASH_BYTES], char text[HASH_TEXT_BYTES]);

/* False, and nothing is written, when `text` is no head. */
bool head_from_text(const char *text, uint64_t *sequence, unsigned char hash[CRYPTO_HASH_BYTES]);

#endif
