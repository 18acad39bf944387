/*
 * pages_fuzz.c - any bytes as a database file: the look at its pages ends and says what is damaged; and
 * what it calls whole can be given to liblmdb, which would end the process if it were not.
 */
#include <err.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];
static volatile uint64_t sum; /* of every byte that is read */
static uint64_t told;

static void
must(bool right)
{
	if (!right)
		abort();
}

static void
damaged(void *context, const struct page_damage *damage)
{
	char text[PAGE_TEXT_BYTES];

	(void)context;
	page_damage_text(damage, text);
	must(strlen(text) < sizeof(text) && memchr(damage->table, '\0', sizeof(damage->table)));
	told++;
}

static void
read_bytes(const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum += ((const unsigned char *)data)[i];
}

static void
value(void *context, const char *table, struct span key, struct span value)
{
	(void)context;
	must(table[0] != '\0');
	read_bytes(key.data, key.size);
	read_bytes(value.data, value.size);
}

static void
read_table(MDB_txn *txn, MDB_dbi table, bool is_list)
{
	MDB_cursor *cursor;
	MDB_val key, value;

	if (mdb_cursor_open(txn, table, &cursor) != 0)
		return;
	while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
		char name[32];
		MDB_dbi inner;

		read_bytes(key.mv_data, key.mv_size);
		read_bytes(value.mv_data, value.mv_size);
		if (!is_list || key.mv_size >= sizeof(name))
			continue;
		memcpy(name, key.mv_data, key.mv_size);
		name[key.mv_size] = '\0';
		if (mdb_dbi_open(txn, name, 0, &inner) == 0)
			read_table(txn, inner, false);
	}
	mdb_cursor_close(cursor);
}

static void
read_by_liblmdb(void)
{
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi list;

	must(mdb_env_create(&env) == 0 && mdb_env_set_maxdbs(env, 32) == 0);
	if (mdb_env_open(env, path, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0600) == 0 &&
	    mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) == 0) {
		if (mdb_dbi_open(txn, NULL, 0, &list) == 0)
			read_table(txn, list, true);
		mdb_txn_abort(txn);
	}
	mdb_env_close(env);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page_visit visit = {.damaged = damaged, .value = value};
	uint64_t found = 0;
	int file;

	snprintf(path, sizeof(path), "%s/hexa-fuzz-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	file = mkostemp(path, O_CLOEXEC);
	if (file < 0 || write(file, data, size) != (ssize_t)size)
		err(2, "%s", path);
	for (unsigned seals = 0; seals < 2; seals++) {
		told = 0;
		visit.seals = seals == 1;
		if (pages_check_file(file, &visit, &found, NULL) != FAULT_NONE)
			break;
		must(found == told);
		if (seals == 0 && found == 0)
			read_by_liblmdb();
	}
	close(file);
	unlink(path);
	return 0;
}
