/*
 * userdb.c - systemd's users and groups, listed.
 */
#include "accounts/userdb.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/hostfile.h"
#include "policy/text.h"

struct listing {
	userdb_take *take;
	void *context;
	size_t count;
	bool whole;
	bool any;        /* there is something that nss-systemd is to be asked for */
	bool memory_out;
};

static void
list_one(struct listing *listing, const char *name, const uint32_t *id)
{
	listing->any = true;
	listing->whole &= ++listing->count <= USERDB_LISTED_MAX;
	if (listing->whole && !listing->take(listing->context, name, id))
		listing->memory_out = true;
}

static bool
goes_on(const struct listing *listing)
{
	return listing->whole && !listing->memory_out;
}

/* ---- folders ------------------------------------------------------------------------------- */

typedef void see_entry(struct listing *listing, const char *entry, const char *ending);

/* A folder that is not there is empty; of one that cannot be read nothing is known. */
static void
look_through(struct listing *listing, const char *root, const char *folder, see_entry *see,
    const char *ending)
{
	struct dirent *entry;
	char full[PATH_MAX];
	DIR *dir;

	errno = ENAMETOOLONG;
	dir = hostfile_path(root, folder, full, NULL) == FAULT_NONE ? opendir(full) : NULL;
	if (dir == NULL) {
		listing->whole &= errno == ENOENT;
		return;
	}
	while (goes_on(listing) && (errno = 0, entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			see(listing, entry->d_name, ending);
	if (goes_on(listing) && errno != 0)
		listing->whole = false;
	closedir(dir);
}

/* NAME.user and, a link to it, UID.user; of groups with .group. */
static void
see_record(struct listing *listing, const char *entry, const char *ending)
{
	size_t size = strlen(entry), tail = strlen(ending);
	uint64_t id;
	uint32_t small;
	char *name;

	if (size <= tail || strcmp(entry + size - tail, ending) != 0)
		return;
	name = strndup(entry, size - tail);
	if (name == NULL) {
		listing->memory_out = true;
	} else if (text_to_number(name, UINT32_MAX, &id)) {
		small = (uint32_t)id;
		list_one(listing, NULL, &small);
	} else {
		list_one(listing, name, NULL);
	}
	free(name);
}

/*
 * The services that list whom they know: users of units with DynamicUser=, systemd-homed, and the
 * records above by systemd-userdbd, whose other names nss-systemd leaves alone.  Others, as
 * machined's, may refuse to, and what nss-systemd then says is less, without a word.
 */
static void
see_service(struct listing *listing, const char *entry, const char *ending)
{
	static const char *const known[] = {"io.systemd.DynamicUser", "io.systemd.Home",
	    "io.systemd.DropIn", "io.systemd.Multiplexer", "io.systemd.NameServiceSwitch"};
	bool lists = false;

	(void)ending;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		lists |= strcmp(entry, known[i]) == 0;
	listing->any = true;
	listing->whole &= lists;
}

static void
see_folders(struct listing *listing, const char *root, enum userdb_kind kind)
{
	static const char *const folders[] = {"/etc/userdb", "/run/userdb", "/run/host/userdb",
	    "/usr/local/lib/userdb", "/usr/lib/userdb", "/lib/userdb"};
	const char *ending = kind == USERDB_USERS ? ".user" : ".group";

	for (size_t i = 0; goes_on(listing) && i < sizeof(folders) / sizeof(folders[0]); i++)
		look_through(listing, root, folders[i], see_record, ending);
	look_through(listing, root, "/run/systemd/userdb", see_service, "");
}

/* ---- nss-systemd --------------------------------------------------------------------------- */

#define MODULE "libnss_systemd.so.2"

/* Bytes for one entry: as for one of another source (host_sources.c). */
enum { ENTRY_FIRST = 4096, ENTRY_MAX = 4 * 1024 * 1024 };

/* What the module is asked by (glibc's manual, "Extending NSS"): of the two, the kind's alone. */
struct module {
	void *handle;
	enum nss_status (*begin)(int stay_open);
	enum nss_status (*user)(struct passwd *entry, char *buffer, size_t size, int *error);
	enum nss_status (*group)(struct group *entry, char *buffer, size_t size, int *error);
	enum nss_status (*end)(void);
};

/* dlsym(3) gives a function as the address of an object. */
static bool
module_open(struct module *module, enum userdb_kind kind)
{
	bool users = kind == USERDB_USERS;
	void *function;

	module->handle = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	if (module->handle == NULL)
		return false;
	*(void **)&module->begin =
	    dlsym(module->handle, users ? "_nss_systemd_setpwent" : "_nss_systemd_setgrent");
	*(void **)&module->end =
	    dlsym(module->handle, users ? "_nss_systemd_endpwent" : "_nss_systemd_endgrent");
	function = dlsym(module->handle,
	    users ? "_nss_systemd_getpwent_r" : "_nss_systemd_getgrent_r");
	if (users)
		*(void **)&module->user = function;
	else
		*(void **)&module->group = function;
	return module->begin != NULL && module->end != NULL && function != NULL;
}

static void
module_close(struct module *module)
{
	if (module->handle != NULL)
		dlclose(module->handle);
}

static enum nss_status
next_entry(const struct module *module, struct listing *listing, char *buffer, size_t size,
    int *error)
{
	enum nss_status status;
	struct passwd user;
	struct group group;

	if (module->user != NULL) {
		status = module->user(&user, buffer, size, error);
		if (status == NSS_STATUS_SUCCESS)
			list_one(listing, user.pw_name, &user.pw_uid);
		return status;
	}
	status = module->group(&group, buffer, size, error);
	if (status == NSS_STATUS_SUCCESS)
		list_one(listing, group.gr_name, &group.gr_gid);
	return status;
}

static void
take_entries(const struct module *module, struct listing *listing)
{
	enum nss_status status = NSS_STATUS_SUCCESS;
	size_t size = ENTRY_FIRST;
	char *buffer = malloc(size), *larger;
	int error = 0;

	while (buffer != NULL && goes_on(listing)) {
		status = next_entry(module, listing, buffer, size, &error);
		if (status == NSS_STATUS_SUCCESS)
			continue;
		if (status != NSS_STATUS_TRYAGAIN || error != ERANGE || size >= ENTRY_MAX)
			break;
		size *= 4;
		larger = realloc(buffer, size);
		if (larger == NULL)
			free(buffer);
		buffer = larger;
	}
	listing->memory_out |= buffer == NULL;
	listing->whole &= status == NSS_STATUS_NOTFOUND;
	free(buffer);
}

static void
ask_module(struct listing *listing, enum userdb_kind kind)
{
	struct module module = {0};

	if (module_open(&module, kind) && module.begin(0) == NSS_STATUS_SUCCESS) {
		take_entries(&module, listing);
		module.end();
	} else {
		listing->whole = false;
	}
	module_close(&module);
}

enum fault
userdb_list(const char *root, enum userdb_kind kind, userdb_take *take, void *context,
    bool *whole, struct why *why)
{
	struct listing listing = {.take = take, .context = context, .whole = true};

	see_folders(&listing, root, kind);
	/* Where there is neither, nss-systemd has nobody, and says that it cannot be asked. */
	if (goes_on(&listing) && listing.any && root[0] == '\0')
		ask_module(&listing, kind);
	if (listing.memory_out)
		return why_memory(why);
	*whole = listing.whole;
	return FAULT_NONE;
}
