/*
 * machine.c - prints what the numbers were made on.
 */
#include <gnu/libc-version.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static void
print_processor(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		const char *value = strchr(line, ':');

		if (value && strncmp(line, "model name", 10) == 0) {
			printf("processor   %s", value + 2);
			break;
		}
	}
	if (file)
		fclose(file);
}

int
main(void)
{
	struct utsname system;

	print_processor();
	printf("cores       %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
	if (uname(&system) == 0)
		printf("kernel      %s %s\n", system.release, system.machine);
	printf("glibc       %s\n", gnu_get_libc_version());
	printf("%s\n", mdb_version(NULL, NULL, NULL));
	return 0;
}
