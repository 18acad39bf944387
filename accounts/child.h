/*
 * child.h - work on what may be damaged so that liblmdb ends the process that reads it, in a
 * process of its own.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_CHILD_H
#define HEXA_ACCOUNTS_CHILD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory in which a child can leave an answer, all zero; what is never written to costs nothing.
 * NULL: there is none.
 */
void *child_memory(size_t size);
void child_memory_free(void *memory, size_t size);

/*
 * Does work(memory) in a child, which sees all that this process has and changes nothing of it but
 * this memory.  False: something ended the child, or it had not come to its end after
 * `milliseconds`, and was ended; what it has left in the memory is then half of an answer.
 *
 * Where the system has no process left it is done in this one, and no limit holds: whoever asks may
 * have used them up, so that what is counted would not be.
 */
bool child_run(void (*work)(void *memory), void *memory, int milliseconds);

#endif
