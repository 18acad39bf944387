/*
 * client.h - clients and their sites: the organisations whose hosts these are, and their places.
 */
#ifndef HEXA_POLICY_CLIENT_H
#define HEXA_POLICY_CLIENT_H

#include "policy/field.h"

struct client {
	struct uuid uuid;
	uint64_t version;
	char *origin;
	char *name;
	char *title; /* empty: the name */
	int64_t created;
};

/* A site's name is its own, whichever client it belongs to: no two sites share one. */
struct site {
	struct uuid uuid;
	uint64_t version;
	char *origin;
	char *name;
	char *client;
	char *title;
	int64_t created;
};

extern const struct table client_table;
extern const struct table site_table;

void client_clear(struct client *client);
void site_clear(struct site *site);

#endif
