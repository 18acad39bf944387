/*
 * dump32.c - dump.h as a program, which is built for 32 bits.  dump32 FILE [unmapped]
 */
#include "tests/nss/dump.h"

int
main(int argc, char **argv)
{
	if (argc < 2 || sizeof(void *) != 4)
		return 2;
	dump(stdout, argv[1], argc == 2);
	return 0;
}
