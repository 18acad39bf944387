/*
 * replay.c - runs a fuzz target where there is no libFuzzer: over kept inputs, and over as many
 * more that are made from them.
 *
 *   NAME_replay FOLDER [RUNS]
 *
 * One TAP line for each file of the folder, and one for RUNS.  A kept input is named before it can
 * end the program; one that was made is written to NAME_replay.input when it did, and is worth
 * keeping in the folder.  What is made is the same each time.
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* A target may have one; libFuzzer calls it first. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { MADE_BYTES = 64 << 10, PIECE_BYTES = 64, CHANGES = 6 };

struct input {
	uint8_t *data;
	size_t size;
};

/* ---- kept inputs --------------------------------------------------------------------------- */

/* Exactly as large as the input, so that a read behind its end is seen. */
static struct input
read_whole(int folder, const char *name)
{
	struct input input = {0};
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0)
		err(2, "%s", name);
	input.size = (size_t)st.st_size;
	input.data = malloc(input.size);
	if (input.data == NULL && input.size > 0)
		err(2, "%s", name);
	for (size_t done = 0; done < input.size;) {
		ssize_t got = read(fd, input.data + done, input.size - done);

		if (got <= 0)
			err(2, "%s", name);
		done += (size_t)got;
	}
	close(fd);
	return input;
}

static int
is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static struct input *
replay(const char *path, struct dirent **entries, size_t count)
{
	struct input *inputs = calloc(count + 1, sizeof(*inputs));
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder < 0 || inputs == NULL)
		err(2, "%s", path);
	for (size_t i = 0; i < count; i++) {
		printf("# %s\n", entries[i]->d_name);
		fflush(stdout);
		inputs[i] = read_whole(folder, entries[i]->d_name);
		LLVMFuzzerTestOneInput(inputs[i].data, inputs[i].size);
		printf("ok %zu - %s\n", i + 1, entries[i]->d_name);
	}
	close(folder);
	return inputs;
}

/* ---- made ones ----------------------------------------------------------------------------- */

static uint64_t seed = 1;

/* Below `limit`; 0 when that is. */
static size_t
draw(size_t limit)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return limit == 0 ? 0 : (size_t)(seed >> 33) % limit;
}

/* Puts `size` bytes at `at` in place of `gone` that stand there; what does not fit stays away. */
static void
put(struct input *made, size_t at, size_t gone, const uint8_t *bytes, size_t size)
{
	uint8_t piece[PIECE_BYTES];

	if (made->size - gone + size > MADE_BYTES)
		return;
	memcpy(piece, bytes, size); /* it may be of what moves */
	memmove(made->data + at + size, made->data + at + gone, made->size - at - gone);
	memcpy(made->data + at, piece, size);
	made->size = made->size - gone + size;
}

static void
change(struct input *made, const struct input *other)
{
	static const uint8_t edges[] = {0x00, 0x01, 0x7f, 0x80, 0xff, '\n', ' ', ':', ',', '"'};
	size_t at = draw(made->size), left = made->size - at;
	size_t gone = draw(left < PIECE_BYTES ? left + 1 : PIECE_BYTES);
	size_t from = draw(other->size), rest = other->size - from;
	size_t size = draw(rest < PIECE_BYTES ? rest + 1 : PIECE_BYTES);

	switch (draw(6)) {
	case 0:
		if (left > 0)
			made->data[at] ^= (uint8_t)(1U << draw(8));
		break;
	case 1:
		put(made, at, left > 0, &edges[draw(sizeof(edges))], 1);
		break;
	case 2:
		put(made, at, gone, made->data, 0);
		break;
	case 3:
		put(made, at, 0, other->data + from, size);
		break;
	case 4: /* in place: what is found by its offset stays where it is */
		put(made, at, size < left ? size : left, other->data + from, size);
		break;
	case 5:
		put(made, at, 0, made->data + at, gone);
		break;
	}
}

/* Seen by the process that stays when the one that tries has ended. */
struct trial {
	size_t size;
	uint8_t data[MADE_BYTES];
};

static void
try_one(struct trial *trial, const struct input *inputs, size_t count)
{
	const struct input *start = &inputs[draw(count)];
	struct input made = {trial->data, start->size < MADE_BYTES ? start->size : MADE_BYTES};
	uint8_t *exact;

	memcpy(made.data, start->data, made.size);
	for (size_t changes = 1 + draw(draw(CHANGES)); changes > 0; changes--)
		change(&made, &inputs[draw(count)]);
	trial->size = made.size;
	exact = malloc(made.size);
	if (exact == NULL && made.size > 0)
		err(2, "malloc");
	memcpy(exact, made.data, made.size);
	LLVMFuzzerTestOneInput(exact, made.size);
	free(exact);
}

static void
keep(const struct trial *trial, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, trial->data, trial->size) != (ssize_t)trial->size ||
	    close(fd) != 0)
		err(2, "%s", path);
	printf("# the input that broke it: %s\n", path);
}

/* False when one of them ended the process that tried it. */
static bool
try_all(const struct input *inputs, size_t count, unsigned long runs, const char *program)
{
	struct trial *trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char path[4096];
	int status = 0;
	pid_t child;

	fflush(stdout);
	if (trial == MAP_FAILED || (child = fork()) < 0)
		err(2, "fork");
	if (child == 0) {
		for (unsigned long run = 0; run < runs; run++)
			try_one(trial, inputs, count);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		err(2, "waitpid");
	snprintf(path, sizeof(path), "%s.input", program);
	if (status != 0)
		keep(trial, path);
	munmap(trial, sizeof(*trial));
	return status == 0;
}

int
main(int argc, char **argv)
{
	unsigned long runs = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	struct dirent **entries;
	struct input *inputs;
	bool good = true;
	int count;

	if (LLVMFuzzerInitialize != NULL)
		LLVMFuzzerInitialize(&argc, &argv);
	if (argc != 2 && (argc != 3 || runs == 0))
		errx(2, "usage: %s FOLDER [RUNS]", argv[0]);
	count = scandir(argv[1], &entries, is_input, alphasort);
	if (count <= 0)
		err(2, "%s", argv[1]);
	printf("1..%d\n", count + (runs > 0));
	inputs = replay(argv[1], entries, (size_t)count);
	if (runs > 0) {
		good = try_all(inputs, (size_t)count, runs, argv[0]);
		printf("%sok %d - %lu more, made from them\n", good ? "" : "not ", count + 1, runs);
	}
	for (int i = 0; i < count; i++) {
		free(inputs[i].data);
		free(entries[i]);
	}
	free(inputs);
	free(entries);
	return good ? 0 : 1;
}
