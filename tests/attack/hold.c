/*
 * hold.c - holds every file and folder that it may open in every way that a reader can: a mapping,
 * locks of all three kinds, and then it stops, as a process that is being debugged does.
 *
 *   hold PATH…      prints "holding N", and for each path what it got; then stops itself
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
hold(const char *path)
{
	struct flock whole = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	int fd = open(path, O_RDONLY);
	bool flocked, mapped, posix, open_file;

	if (fd < 0)
		return false;
	flocked = flock(fd, LOCK_EX | LOCK_NB) == 0;
	posix = fcntl(fd, F_SETLK, &whole) == 0;
	open_file = fcntl(fd, F_OFD_SETLK, &whole) == 0;
	mapped = mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED;
	whole.l_type = F_WRLCK;
	printf("%s: flock %d posix %d ofd %d mmap %d lease %d write-lock %d writable %d\n", path,
	    flocked, posix, open_file, mapped, fcntl(fd, F_SETLEASE, F_RDLCK) == 0,
	    fcntl(fd, F_OFD_SETLK, &whole) == 0, open(path, O_RDWR | O_NONBLOCK) >= 0);
	return true;
}

int
main(int argc, char **argv)
{
	int held = 0;

	for (int i = 1; i < argc; i++)
		held += hold(argv[i]);
	printf("holding %d\n", held);
	fflush(stdout);
	raise(SIGSTOP);
	pause();
	return 0;
}
