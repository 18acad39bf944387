/*
 * clock.c - the highest time that a write ever had: what has ended by then has ended, however the
 * host's clock is set after.
 */
#include "store/internal.h"

static const char MARK[] = META_CLOCK;

enum fault
clock_mark(struct txn *txn, int64_t *mark, struct why *why)
{
	struct span value;
	struct reader reader;
	uint64_t read;
	enum fault fault = table_get(txn->db, T_META, key_text(MARK), &value, why);

	if (fault == FAULT_UNKNOWN) {
		*mark = 0;
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read = reader_u64(&reader);
	if (!reader_done(&reader) || read > INT64_MAX)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: the clock");
	*mark = (int64_t)read;
	return FAULT_NONE;
}

enum fault
clock_note(struct txn *txn, struct why *why)
{
	struct bytes value = {0};
	const int64_t now = txn_now(txn);
	int64_t mark;
	enum fault fault = clock_mark(txn, &mark, why);

	if (fault != FAULT_NONE || now <= mark)
		return fault;
	bytes_put_u64(&value, (uint64_t)now);
	return table_put(txn->db, T_META, key_text(MARK), &value, why);
}
