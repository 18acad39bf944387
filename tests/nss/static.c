/*
 * static.c - a statically linked program that asks the module, as glibc's own getpwnam() would in
 * it. static MODULE NAME prints the uid.
 */
#include <dlfcn.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>

typedef enum nss_status asker(const char *, struct passwd *, char *, size_t, int *);

int
main(int argc, char **argv)
{
	void *module = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
	struct passwd user;
	char buffer[1024];
	asker *ask;
	int error;

	if (!module)
		return 2;
	*(void **)&ask = dlsym(module, "_nss_hexa_getpwnam_r");
	if (!ask || ask(argv[2], &user, buffer, sizeof(buffer), &error) != NSS_STATUS_SUCCESS)
		return 1;
	printf("%u\n", (unsigned)user.pw_uid);
	return 0;
}
