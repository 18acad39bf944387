/*
 * logins.c - what a login takes on PAM's side:
 *
 *   logins CONFDIR SERVICE USER RUNS   whole transactions: start, auth, account, open session, end
 *   logins --hashes RUNS               the password hashes alone, each as the modules compute it
 *
 * Prints NAME and the median in microseconds; of transactions in all, of their steps, and what they
 * got of the processor.  The hashes are timed by the processor alone.
 */
#include <crypt.h>
#include <err.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/clock.h"
#include "bench/people.h"
#include "store/crypto.h"

enum { RUNS_MAX = 1000 };

enum step { START, AUTH, ACCOUNT, SESSION, END, STEPS };

static const char *const step_names[STEPS] = {"start", "auth", "account", "session", "end"};

/* What this process and those that it started and that have ended got of the processor. */
static uint64_t
processor_ns(void)
{
	static const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
	struct rusage usage;
	uint64_t sum = 0;

	for (unsigned i = 0; i < 2; i++) {
		getrusage(whose[i], &usage);
		sum += (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000 +
		    (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
	}
	return sum;
}

static void
print_median(const char *name, uint64_t *times, unsigned runs)
{
	printf("%s %.1f\n", name, (double)median_of(times, runs) / 1000);
}

/* ---- transactions --------------------------------------------------------------------------- */

/* Answers every question with the password. */
static int
converse(int count, const struct pam_message **messages, struct pam_response **responses,
    void *context)
{
	struct pam_response *all = calloc((size_t)count, sizeof(*all));

	(void)context;
	if (!all)
		return PAM_BUF_ERR;
	for (int i = 0; i < count; i++)
		if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
			all[i].resp = strdup(PEOPLE_PASSWORD);
	*responses = all;
	return PAM_SUCCESS;
}

static void
must(pam_handle_t *pamh, int status, const char *what)
{
	if (status != PAM_SUCCESS)
		errx(1, "%s: %s", what, pam_strerror(pamh, status));
}

/* One transaction; times[] gets what each step took. */
static void
log_in(const char *folder, const char *service, const char *user, uint64_t times[STEPS])
{
	static const struct pam_conv conversation = {converse, NULL};
	uint64_t at[STEPS + 1];
	pam_handle_t *pamh;

	at[START] = now_ns();
	must(NULL, pam_start_confdir(service, user, &conversation, folder, &pamh), "start");
	at[AUTH] = now_ns();
	must(pamh, pam_authenticate(pamh, 0), "auth");
	at[ACCOUNT] = now_ns();
	must(pamh, pam_acct_mgmt(pamh, 0), "account");
	at[SESSION] = now_ns();
	must(pamh, pam_open_session(pamh, 0), "session");
	at[END] = now_ns();
	pam_end(pamh, PAM_SUCCESS);
	at[STEPS] = now_ns();
	for (unsigned step = 0; step < STEPS; step++)
		times[step] = at[step + 1] - at[step];
}

static void
measure_logins(const char *folder, const char *service, const char *user, unsigned runs)
{
	static uint64_t total[RUNS_MAX], processor[RUNS_MAX], each[STEPS][RUNS_MAX];
	uint64_t times[STEPS];

	log_in(folder, service, user, times);
	for (unsigned run = 0; run < runs; run++) {
		uint64_t began = processor_ns();

		log_in(folder, service, user, times);
		processor[run] = processor_ns() - began;
		total[run] = 0;
		for (unsigned step = 0; step < STEPS; step++) {
			each[step][run] = times[step];
			total[run] += times[step];
		}
	}
	print_median("total", total, runs);
	print_median("processor", processor, runs);
	for (unsigned step = 0; step < STEPS; step++)
		print_median(step_names[step], each[step], runs);
}

/* ---- the hashes alone ----------------------------------------------------------------------- */

static void
measure_argon2(const char *name, const struct crypto_cost *cost, unsigned runs)
{
	uint64_t times[RUNS_MAX];
	char *hash;

	if (crypto_password_hash(PEOPLE_PASSWORD, cost, &hash, NULL) != FAULT_NONE)
		errx(1, "%s", name);
	for (unsigned run = 0; run < runs; run++) {
		uint64_t began = processor_ns();

		if (!crypto_password_verify(hash, &crypto_cost_default, PEOPLE_PASSWORD, NULL))
			errx(1, "%s", name);
		times[run] = processor_ns() - began;
	}
	free(hash);
	print_median(name, times, runs);
}

static void
measure_crypt(const char *name, const char *setting, unsigned runs)
{
	static struct crypt_data data;
	uint64_t times[RUNS_MAX];

	for (unsigned run = 0; run < runs; run++) {
		uint64_t began = processor_ns();
		const char *hash;

		memset(&data, 0, sizeof(data));
		hash = crypt_r(PEOPLE_PASSWORD, setting, &data);
		times[run] = processor_ns() - began;
		if (!hash || *hash == '*')
			errx(1, "%s", name);
	}
	print_median(name, times, runs);
}

static void
measure_hashes(unsigned runs)
{
	static const struct crypto_cost cheap = {1, 8192};

	if (crypto_start(NULL) != FAULT_NONE)
		errx(1, "libsodium");
	measure_argon2("argon2id", &crypto_cost_default, runs);
	measure_argon2("argon2id-least", &cheap, runs);
	measure_crypt("yescrypt", "$y$j9T$benchbenchbench.", runs);
	measure_crypt("descrypt", "ab", runs);
}

int
main(int argc, char **argv)
{
	unsigned long runs = argc > 2 ? strtoul(argv[argc - 1], NULL, 10) : 0;

	if (runs < 1 || runs > RUNS_MAX)
		errx(2, "usage: see the head of bench/logins.c");
	if (argc == 3 && strcmp(argv[1], "--hashes") == 0)
		measure_hashes((unsigned)runs);
	else if (argc == 5)
		measure_logins(argv[1], argv[2], argv[3], (unsigned)runs);
	else
		errx(2, "usage: see the head of bench/logins.c");
	return 0;
}
