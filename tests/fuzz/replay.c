/*
 * replay.c - runs a fuzz target over kept inputs, where there is no libFuzzer: one TAP line for
 * each file of the folder that is its argument, printed before a bad one can end the program.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target may have one; libFuzzer calls it first. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Exactly as large as the input, so that a read behind its end is seen. */
static uint8_t *
read_whole(int folder, const char *name, size_t *size)
{
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0)
		err(2, "%s", name);
	*size = (size_t)st.st_size;
	uint8_t *data = malloc(*size);
	if (data == NULL && *size > 0)
		err(2, "%s", name);
	for (size_t done = 0; done < *size;) {
		ssize_t got = read(fd, data + done, *size - done);
		if (got <= 0)
			err(2, "%s", name);
		done += (size_t)got;
	}
	close(fd);
	return data;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	if (argc != 2)
		errx(2, "usage: %s FOLDER", argv[0]);
	struct dirent **entries;
	int count = scandir(argv[1], &entries, is_input, alphasort);
	int folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (count < 0 || folder < 0)
		err(2, "%s", argv[1]);

	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		size_t size;
		printf("# %s\n", entries[i]->d_name);
		fflush(stdout);
		uint8_t *data = read_whole(folder, entries[i]->d_name, &size);
		LLVMFuzzerTestOneInput(data, size);
		printf("ok %d - %s\n", i + 1, entries[i]->d_name);
		free(data);
		free(entries[i]);
	}
	free(entries);
	close(folder);
	return 0;
}
