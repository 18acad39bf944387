/*
 * lookup.h - what a look-up in the published directory came to.
 */
#ifndef HEXA_DIRECTORY_LOOKUP_H
#define HEXA_DIRECTORY_LOOKUP_H

enum lookup {
	LOOKUP_UNAVAILABLE = 0, /* damaged, or of another format */
	LOOKUP_FOUND = 1,
	LOOKUP_NONE,    /* the directory is well and has no such record */
	LOOKUP_AGAIN,   /* a writer got in the way for 100 ms; no memory or descriptor */
	LOOKUP_SMALL,   /* the caller's buffer does not hold the answer */
	LOOKUP_MISSING, /* no file there, or none that this process may read */
};

#endif
