/*
 * client.c - the rows of clients and sites.  Ids are on disk: never renumber one, never reuse one.
 */
#include "policy/client.h"

#include "policy/text.h"

enum { TITLE_BYTES = 128 };

#define TEXT(type, member) .offset = FIELD_TEXT(struct type, member)
#define TIME(type, member) .offset = FIELD_TIME(struct type, member)

static const struct field client_rows[] = {
	{"name", 4, K_LOGIN, F_REQUIRED | F_KEPT | F_UNIQUE, TEXT(client, name),
	    .max = LOGIN_NAME_BYTES, .help = "the client's name"},
	{"title", 5, K_TEXT, 0, TEXT(client, title), .max = TITLE_BYTES,
	    .help = "what people call it"},
	{"created", 6, K_TIME, F_KEPT, TIME(client, created), .help = "when it was made"},
	{"origin", 3, K_WORD, F_REQUIRED | F_KEPT, TEXT(client, origin), .max = WORD_BYTES,
	    .help = "where the record is kept"},
	{"uuid", 1, K_UUID, F_REQUIRED | F_KEPT, .offset = FIELD_UUID(struct client, uuid),
	    .help = "identity, never reused"},
	{"version", 2, K_VERSION, F_REQUIRED | F_KEPT | F_SILENT,
	    .offset = FIELD_U64(struct client, version), .help = "counts the changes"},
};

const struct table client_table = {
	.noun = "client",
	.schema = 1,
	.size = sizeof(struct client),
	.rows = client_rows,
	.count = sizeof(client_rows) / sizeof(client_rows[0]),
};

static const struct field site_rows[] = {
	{"name", 4, K_LOGIN, F_REQUIRED | F_KEPT | F_UNIQUE, TEXT(site, name),
	    .max = LOGIN_NAME_BYTES, .help = "the site's name"},
	{"client", 5, K_LOGIN, F_REQUIRED | F_FIXED, TEXT(site, client), .max = LOGIN_NAME_BYTES,
	    .help = "the client whose site it is"},
	{"title", 6, K_TEXT, 0, TEXT(site, title), .max = TITLE_BYTES,
	    .help = "what people call it"},
	{"created", 7, K_TIME, F_KEPT, TIME(site, created), .help = "when it was made"},
	{"origin", 3, K_WORD, F_REQUIRED | F_KEPT, TEXT(site, origin), .max = WORD_BYTES,
	    .help = "where the record is kept"},
	{"uuid", 1, K_UUID, F_REQUIRED | F_KEPT, .offset = FIELD_UUID(struct site, uuid),
	    .help = "identity, never reused"},
	{"version", 2, K_VERSION, F_REQUIRED | F_KEPT | F_SILENT,
	    .offset = FIELD_U64(struct site, version), .help = "counts the changes"},
};

const struct table site_table = {
	.noun = "site",
	.schema = 1,
	.size = sizeof(struct site),
	.rows = site_rows,
	.count = sizeof(site_rows) / sizeof(site_rows[0]),
};

void
client_clear(struct client *client)
{
	record_clear(&client_table, client);
}

void
site_clear(struct site *site)
{
	record_clear(&site_table, site);
}
