/*
 * must_change.c - makes a user of this host's database change their password at the next login, as
 * a one-time code will: must_change NAME.  For the cases in the throwaway host alone.
 */
#include <err.h>
#include <stdio.h>
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

	if (argc != 2 || access("/.throwaway", F_OK) != 0)
		errx(2, "for a throwaway host: must_change NAME");
	if (store_open("", 0, &store, &why) != FAULT_NONE ||
	    store_write_begin(store, &root, "test", time(NULL), &txn, &why) != FAULT_NONE ||
	    user_find(txn, argv[1], &user, &why) != FAULT_NONE)
		errx(1, "%s", why.text);
	user.must_change = true;
	if (user_put(txn, &user, &why) != FAULT_NONE || store_commit(txn, NULL, &why) != FAULT_NONE)
		errx(1, "%s", why.text);
	user_clear(&user);
	store_close(store);
	return 0;
}
