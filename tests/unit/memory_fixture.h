/*
 * memory_fixture.h - lets an allocation of Hexa's fail, chosen by its number.  For a
 * NAME_memory_test, which is linked so that this stands between Hexa's code and its allocator.
 * libyaml allocates in a library of its own, where nothing can stand between; its functions that
 * allocate fail instead.
 */
#ifndef HEXA_TESTS_MEMORY_FIXTURE_H
#define HEXA_TESTS_MEMORY_FIXTURE_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* While armed, the call that finds `left` at 0 fails; so do all after it, unless it is `once`. */
static bool armed;
static bool failed; /* whether one was found */
static bool fail_once;
static unsigned left;

static void
arm(unsigned count, bool once)
{
	left = count;
	fail_once = once;
	failed = false;
	armed = true;
}

static bool
fails(void)
{
	if (!armed)
		return false;
	if (left > 0) {
		left--;
		return false;
	}
	armed = !fail_once;
	failed = true;
	errno = ENOMEM;
	return true;
}

#define WRAP(function) __typeof__(function) __real_##function, __wrap_##function

WRAP(malloc);
WRAP(calloc);
WRAP(realloc);
WRAP(reallocarray);
WRAP(strdup);
WRAP(strndup);
WRAP(yaml_parser_initialize);
WRAP(yaml_parser_parse);
WRAP(yaml_emitter_initialize);
WRAP(yaml_emitter_emit);
WRAP(yaml_scalar_event_initialize);

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *
__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *
__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *
__wrap_strndup(const char *text, size_t size)
{
	return fails() ? NULL : __real_strndup(text, size);
}

int
__wrap_yaml_parser_initialize(yaml_parser_t *parser)
{
	return fails() ? 0 : __real_yaml_parser_initialize(parser);
}

int
__wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event)
{
	if (!fails())
		return __real_yaml_parser_parse(parser, event);
	memset(event, 0, sizeof(*event));
	parser->error = YAML_MEMORY_ERROR;
	return 0;
}

int
__wrap_yaml_emitter_initialize(yaml_emitter_t *emitter)
{
	return fails() ? 0 : __real_yaml_emitter_initialize(emitter);
}

int
__wrap_yaml_emitter_emit(yaml_emitter_t *emitter, yaml_event_t *event)
{
	if (!fails())
		return __real_yaml_emitter_emit(emitter, event);
	yaml_event_delete(event);
	emitter->error = YAML_MEMORY_ERROR;
	return 0;
}

int
__wrap_yaml_scalar_event_initialize(yaml_event_t *event, const yaml_char_t *anchor,
    const yaml_char_t *tag, const yaml_char_t *value, int length, int plain_implicit,
    int quoted_implicit, yaml_scalar_style_t style)
{
	return fails() ? 0 : __real_yaml_scalar_event_initialize(event, anchor, tag, value, length,
	    plain_implicit, quoted_implicit, style);
}

#endif
