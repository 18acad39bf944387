/*
 * must_change.c - makes a user of this host's database change their password at the next login, as
 * a one-time code will: must_change NAME; or lets the password be some days old: must_change NAME DAYS.
 * For the cases in the throwaway host alone.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

int
main(int argc, char **argv)
{
	static const struct actor root = {.name = "root", .login_uid = UINT32_MAX};
	struct store *store = NULL;
	struct txn *txn = NULL;
	struct user user = {0};
	struct why why;

	if (argc < 2 || argc > 3 || access("/.throwaway", F_OK) != 0)
		errx(2, "for a throwaway host: must_change NAME [DAYS]");
	if (store_open("", 0, &store, &why) != FAULT_NONE ||
	    store_write_begin(store, &root, "test", time(NULL), &txn, &why) != FAULT_NONE ||
	    user_find(txn, argv[1], &user, &why) != FAULT_NONE)
		errx(1, "%s", why.text);
	user.must_change = argc == 2;
	if (argc == 3)
		user.password_set = time(NULL) - 86400 * (int64_t)atoi(argv[2]);
	if (user_put(txn, &user, &why) != FAULT_NONE || store_commit(txn, NULL, &why) != FAULT_NONE)
		errx(1, "%s", why.text);
	user_clear(&user);
	store_close(store);
	return 0;
}
