/*
 * host_view.h - what the host's own files say about names and ids, read once for many questions: an
 * import asks about a hundred thousand names, and the files would be read for each.
 *
 * A file is read when the first question about it comes, and not again until host_view_forget(); so
 * a view is for the time of one change.  Questions of a single name stand in host.h.
 */
#ifndef HEXA_ACCOUNTS_HOST_VIEW_H
#define HEXA_ACCOUNTS_HOST_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/names.h"

struct host_view;

/* Nothing is read yet.  `root` must outlive the view.  NULL when memory is out. */
struct host_view *host_view_open(const char *root);
void host_view_close(struct host_view *view);

/* From here on each file is read anew. */
void host_view_forget(struct host_view *view);

/*
 * As host_has_user(), host_has_group() and host_has_id() (host.h), with the same faults.  systemd's
 * users and groups are listed once, as the files are read.  The other NSS sources, of which no list
 * can be had, are asked each time, and systemd with them where it does not list all that it knows;
 * not where nsswitch.conf names none besides `files`, `systemd` and Hexa.
 */
enum fault host_view_has_user(struct host_view *view, const char *name, bool *has,
    struct why *why);
enum fault host_view_has_group(struct host_view *view, const char *name, bool *has,
    struct why *why);
enum fault host_view_has_id(struct host_view *view, unsigned id, bool *has, struct why *why);

/* Whether a line of /etc/passwd, and that alone, has the uid. */
enum fault host_view_has_local_uid(struct host_view *view, uint32_t uid, bool *has,
    struct why *why);

/* The files that host_mentions() looks through, for messages. */
#define HOST_SPEAKERS "sudoers, sshd_config, PAM, doas or polkit"

/* As host_mentions() and host_lists_member(). */
enum fault host_view_mentions(struct host_view *view, const char *name, bool *mentions,
    struct why *why);
enum fault host_view_lists_member(struct host_view *view, const char *name, bool *lists,
    struct why *why);

/* As host_memberships() (effects.h): the groups of /etc/group that list the name, sorted. */
enum fault host_view_groups_of(struct host_view *view, const char *name, struct names *groups,
    struct why *why);

/*
 * The same, and those that /etc/gshadow has the name in, as a member or as an administrator:
 * newgrp(1) and gpasswd(1) let whoever has it into them.
 */
enum fault host_view_groups_open_to(struct host_view *view, const char *name, struct names *groups,
    struct why *why);

#endif
