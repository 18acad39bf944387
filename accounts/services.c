/*
 * services.c - which PAM services this host has.
 */
#include "accounts/services.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "accounts/hostfile.h"

/* Where PAM looks for a service; the second is for what a distribution ships. */
static const char *const folders[] = {"/etc/pam.d", "/usr/lib/pam.d"};

static enum fault
read_folder(const char *root, const char *folder, struct names *services, struct why *why)
{
	char path[PATH_MAX];
	enum fault fault = hostfile_path(root, folder, path, why);
	DIR *entries = fault == FAULT_NONE ? opendir(path) : NULL;
	struct dirent *entry;

	while (fault == FAULT_NONE && entries != NULL && (entry = readdir(entries)) != NULL)
		if (text_is_service(entry->d_name) && !names_insert(services, entry->d_name))
			fault = why_memory(why);
	if (entries != NULL)
		closedir(entries);
	return fault;
}

enum fault
services_read(const char *root, struct names *services, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(folders) / sizeof(folders[0]); i++)
		fault = read_folder(root, folders[i], services, why);
	return fault;
}

bool
service_runs_jobs(const char *service)
{
	static const char *const jobs[] = {"atd", "cron", "crond"};

	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (strcmp(service, jobs[i]) == 0)
			return true;
	return false;
}

void
service_meant(const struct names *known, const char *service, char text[SERVICE_MEANT_BYTES])
{
	const char *nearest =
	    text_nearest(service, (const char *const *)known->item, known->count);

	if (nearest == NULL)
		snprintf(text, SERVICE_MEANT_BYTES, "%s", service);
	else
		snprintf(text, SERVICE_MEANT_BYTES, "%s (did you mean %s?)", service, nearest);
}

enum fault
service_notice(struct admin *admin, const char *service, struct why *why)
{
	char meant[SERVICE_MEANT_BYTES], text[SERVICE_MEANT_BYTES + 32];
	struct names known = {0};
	enum fault fault = FAULT_NONE;

	names_clear(&admin->notices);
	if (service == NULL)
		return FAULT_NONE;
	fault = services_read(admin->root, &known, why);
	if (fault == FAULT_NONE && !names_have_sorted(&known, service)) {
		service_meant(&known, service, meant);
		snprintf(text, sizeof(text), "this host has no PAM service %s", meant);
		if (!names_add(&admin->notices, text))
			fault = why_memory(why);
	}
	names_clear(&known);
	return fault;
}
