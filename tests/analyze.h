/*
 * analyze.h - what gcc's analyzer cannot know: it looks at one source at a time, and these functions of
 * policy/fault.c return the fault that they are given, which is never FAULT_NONE.
 * Included before each source by tests/analyze, and by nothing else.
 */
#ifndef HEXA_TESTS_ANALYZE_H
#define HEXA_TESTS_ANALYZE_H

#include "policy/fault.h"

#define why_memory(why) (why_memory(why), FAULT_UNAVAILABLE)
#define why_set(why, fault, ...) (why_set(why, fault, __VA_ARGS__), (fault))
#define why_field(why, fault, ...) (why_field(why, fault, __VA_ARGS__), (fault))
#define why_place(why, fault, ...) (why_place(why, fault, __VA_ARGS__), (fault))

#endif
