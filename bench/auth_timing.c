/*
 * auth_timing.c - does the time of a refusal tell one kind of refusal from another?
 *
 *   auth_timing SAMPLES NAME…     asks the installed helper, as root, SAMPLES times about each NAME
 *
 * The first NAME is what the others are compared with.  The password of all is the first line of
 * standard input.  Each round comes from a remote host of its own, where nobody has failed yet; only
 * who is written as locked:NAME has just been asked about from there once before, with the same
 * password, which a policy with `lockout: {failures: 1}` locks out.  The order within each round is drawn anew, so that what the machine does besides
 * falls on all alike.  Prints for each the median, mean and standard deviation in microseconds, and
 * Welch's t against the first; the slowest twentieth of each is left out, being the scheduler's.
 */
#include <stdio.h>

#include "bench/clock.h"
#include "pam_hexa/ask.c"
#include "pam_hexa/message.c"

enum { SAMPLES_MAX = 5000, NAMES_MAX = 16 };

static uint64_t times[NAMES_MAX][SAMPLES_MAX];

static const char locked[] = "locked:";

static bool
sample(const char *name, const char *password, unsigned long round, uint64_t *time)
{
	static struct question question;
	static struct answer answer;
	uint64_t began;

	question = (struct question){
	    .operation = OPERATION_AUTHENTICATE, .account = MESSAGE_NO_ACCOUNT, .service = "sshd"};
	snprintf(question.user, sizeof(question.user), "%s", name);
	snprintf(question.rhost, sizeof(question.rhost), "198.18.%lu.%lu", round / 250 + 1,
	    round % 250 + 1);
	snprintf(question.password, sizeof(question.password), "%s", password);
	began = now_ns();
	if (helper_ask(&question, &answer, NULL) != FAULT_NONE)
		return false;
	*time = now_ns() - began;
	return true;
}

/* Newton's: the benches link no libm. */
static double
square_root(double square)
{
	double root = square > 1 ? square : 1;

	for (int i = 0; i < 100; i++)
		root = (root + square / root) / 2;
	return root;
}

/* One refusal of this kind: what has to come before it is not timed. */
static bool
refusal(const char *name, const char *password, unsigned long round, uint64_t *time)
{
	size_t prefix = sizeof(locked) - 1;

	if (strncmp(name, locked, prefix) != 0)
		return sample(name, password, round, time);
	return sample(name + prefix, password, round, time) &&
	    sample(name + prefix, password, round, time);
}

struct moments {
	double mean;
	double variance;
};

static struct moments
moments_of(const uint64_t *time, unsigned count)
{
	struct moments moments = {0, 0};

	for (unsigned i = 0; i < count; i++)
		moments.mean += (double)time[i] / 1000 / count;
	for (unsigned i = 0; i < count; i++) {
		double off = (double)time[i] / 1000 - moments.mean;

		moments.variance += off * off / (count - 1);
	}
	return moments;
}

static void
print_rows(int count, char **names, unsigned samples)
{
	unsigned kept = samples - samples / 20;
	struct moments first = {0, 0};

	for (int i = 0; i < count; i++) {
		uint64_t median = median_of(times[i], samples); /* sorts them */
		struct moments moments = moments_of(times[i], kept);
		double error;

		if (i == 0)
			first = moments;
		error = square_root(first.variance / kept + moments.variance / kept);
		printf("%-24s median %9.1f  mean %9.1f  sd %8.1f  t %6.2f\n", names[i],
		    (double)median / 1000, moments.mean, square_root(moments.variance),
		    (moments.mean - first.mean) / error);
	}
}

int
main(int argc, char **argv)
{
	char password[PASSWORD_BYTES + 2] = "";
	unsigned long samples = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	int names = argc - 2;

	if (samples < 40 || samples > SAMPLES_MAX || names < 2 || names > NAMES_MAX ||
	    fgets(password, sizeof(password), stdin) == NULL) {
		fputs("usage: auth_timing SAMPLES NAME NAME…, a password on stdin\n", stderr);
		return 2;
	}
	password[strcspn(password, "\n")] = '\0';
	for (unsigned long round = 0; round < samples; round++) {
		bool done[NAMES_MAX] = {false};

		for (int left = names; left > 0; left--) {
			int at = (int)(random() % left);
			int i = 0;

			while (done[i] || at-- > 0)
				i++;
			done[i] = true;
			if (!refusal(argv[2 + i], password, round, &times[i][round])) {
				fprintf(stderr, "no answer about %s\n", argv[2 + i]);
				return 1;
			}
		}
	}
	print_rows(names, argv + 2, (unsigned)samples);
	return 0;
}
