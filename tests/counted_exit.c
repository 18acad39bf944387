/*
 * counted_exit.c - what a process went through counts when it ends by _exit(), too
 *
 * Linked with --wrap=_exit where lines are counted (make coverage).
 */
void __gcov_dump(void);
_Noreturn void __wrap__exit(int status);
_Noreturn void __real__exit(int status);

_Noreturn void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
