/*
 * armour.c - a setuid program's first steps.
 */
#include "pam_hexa/armour.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A file that is opened later must not become standard output. */
static bool
fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return false;
	return true;
}

/* Ids first: what they are changes whether a core may be written, and who may send signals. */
static bool
be_root_alone(void)
{
	return geteuid() == 0 && setgroups(0, NULL) == 0 && setresgid(0, 0, 0) == 0 &&
	    setresuid(0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
}

/*
 * What is blocked is not inherited from the caller but ours; what reaches the caller's terminal
 * (^C, ^Z) reaches the helper too, and must not stop it between two writes.
 */
static void
take_signals(unsigned seconds)
{
	struct sigaction standard = {.sa_handler = SIG_DFL}, ignore = {.sa_handler = SIG_IGN};
	sigset_t blocked;

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &standard, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a write beyond a limit is an error, not an end */
	sigfillset(&blocked);
	sigdelset(&blocked, SIGALRM);
	alarm(seconds);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

/*
 * Root may raise what the caller has lowered; root without CAP_SYS_RESOURCE only up to the caller's
 * own ceiling, and what would not do then is refused here: a process that runs out of stack or room
 * in the midst of its work cannot be told from one that has met damage.
 */
static bool
take_limits(void)
{
	static const rlim_t mebibyte = 1 << 20;
	static const struct rlimit none = {0, 0};
	const struct {
		int which;
		rlim_t most, least;
	} limits[] = {
		{RLIMIT_AS, RLIM_INFINITY, 512 * mebibyte},
		{RLIMIT_CPU, RLIM_INFINITY, 60},
		{RLIMIT_DATA, RLIM_INFINITY, 256 * mebibyte},
		{RLIMIT_FSIZE, RLIM_INFINITY, 256 * mebibyte},
		{RLIMIT_MEMLOCK, RLIM_INFINITY, 0},
		{RLIMIT_NOFILE, 1024, 64}, /* has a ceiling of its own */
		{RLIMIT_STACK, 8 * mebibyte, mebibyte},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit = {limits[i].most, limits[i].most};

		if (setrlimit(limits[i].which, &limit) == 0)
			continue;
		if (getrlimit(limits[i].which, &limit) != 0)
			return false;
		limit.rlim_cur = limit.rlim_max;
		setrlimit(limits[i].which, &limit);
		if (limit.rlim_max < limits[i].least)
			return false;
	}
	return setrlimit(RLIMIT_CORE, &none) == 0;
}

/*
 * Its turn on a processor is not the caller's to give or keep: others wait for the locks that it
 * takes, and one that never runs cannot even be ended by its alarm.  What a container allows of
 * processors still bounds it (sched_setaffinity(2)).
 */
static void
take_turns(void)
{
	static const struct sched_param none = {0};
	enum { IOPRIO_OF_PROCESS = 1, IOPRIO_BY_NICE = 0 }; /* ioprio_set(2) */
	cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	sched_setscheduler(0, SCHED_OTHER, &none);
	sched_setaffinity(0, sizeof(all), &all);
	setpriority(PRIO_PROCESS, 0, 0);
	syscall(SYS_ioprio_set, IOPRIO_OF_PROCESS, 0, IOPRIO_BY_NICE);
}

bool
armour_put_on(unsigned seconds)
{
	if (clearenv() != 0 || !be_root_alone() || !fill_standard_descriptors() || !take_limits() ||
	    chdir("/") != 0)
		return false;
	umask(077);
	take_turns();
	take_signals(seconds);
	return true;
}
