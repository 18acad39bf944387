/*
 * message_fuzz.c - any bytes as a question and as an answer: what is taken encodes to the same
 * bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "pam_hexa/message.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must_be_same(struct bytes *bytes, const uint8_t *data, size_t size)
{
	if (bytes->failed || bytes->size != size || memcmp(bytes->data, data, size) != 0)
		abort();
	bytes_clear(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct question question;
	static struct answer answer;
	struct bytes bytes = {0};

	if (question_decode(data, size, &question)) {
		question_encode(&question, &bytes);
		must_be_same(&bytes, data, size);
	}
	if (answer_decode(data, size, &answer)) {
		answer_encode(&answer, &bytes);
		must_be_same(&bytes, data, size);
	}
	return 0;
}
