/*
 * services.h - the PAM services of this host, and what to say of one that it has not.  For the
 * operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_SERVICES_H
#define HEXA_ACCOUNTS_SERVICES_H

#include "accounts/admin.h"
#include "policy/text.h"

/*
 * The services for which PAM has a file under `root`, sorted; a folder that cannot be read has
 * none.  *services must be empty, and is to be cleared whatever comes of it.
 */
enum fault services_read(const char *root, struct names *services, struct why *why);

/* One that runs a user's jobs, cron's and at's: nobody types or logs in for it. */
bool service_runs_jobs(const char *service);

/* A service with what was perhaps meant, in bytes with the final NUL. */
enum { SERVICE_MEANT_BYTES = 2 * SERVICE_BYTES + 32 };

/* "ssh (did you mean sshd?)"; "atd" when none of `known` is near. */
void service_meant(const struct names *known, const char *service,
    char text[SERVICE_MEANT_BYTES]);

/*
 * Tells (admin.h, notices) when this host has no such service: that was asked about, and the answer
 * is of one that PAM never asks about here.  `service` may be NULL.
 */
enum fault service_notice(struct admin *admin, const char *service, struct why *why);

#endif
