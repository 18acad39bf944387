/*
 * nsswitch.c - taking the lines of nsswitch.conf apart, and putting `hexa` on them and off again.
 */
#include "accounts/nsswitch.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Sources on one line: more than any host has modules. */
enum { SOURCES_MAX = 32 };

enum status { SUCCESS, NOTFOUND, UNAVAIL, TRYAGAIN, STATUSES };
enum action { CONTINUE, RETURN, MERGE, ACTIONS };

static const char *const status_names[STATUSES] = {
	[SUCCESS] = "SUCCESS",
	[NOTFOUND] = "NOTFOUND",
	[UNAVAIL] = "UNAVAIL",
	[TRYAGAIN] = "TRYAGAIN",
};

static const char *const action_names[ACTIONS] = {
	[CONTINUE] = "continue",
	[RETURN] = "return",
	[MERGE] = "merge",
};

static const char *const map_names[NSSWITCH_MAPS] = {
	[NSSWITCH_PASSWD] = "passwd",
	[NSSWITCH_GROUP] = "group",
	[NSSWITCH_INITGROUPS] = "initgroups",
};

/* What nsswitch_add() puts before Hexa on initgroups, and nsswitch_remove() takes away with it. */
static const char go_on[] = " [SUCCESS=continue]";

/* A source and its actions: offsets into the line. */
struct source {
	size_t from;     /* of the name */
	size_t name_end;
	size_t end;      /* after the last action, or the name */
	enum action action[STATUSES];
	bool says_success; /* an action for SUCCESS is written out */
};

struct line {
	const char *text;
	size_t size;     /* without the newline */
	unsigned number; /* 1-based, in the file */
	enum nsswitch_map map;
	size_t body;     /* where the sources begin */
	struct source source[SOURCES_MAX];
	size_t count;
};

const char *
nsswitch_map_name(enum nsswitch_map map)
{
	return map_names[map];
}

/* ---- reading ------------------------------------------------------------------------------- */

/* As isspace() in the C locale, whatever the program's locale is. */
static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t
skip_space(const char *text, size_t at, size_t size)
{
	while (at < size && is_space(text[at]))
		at++;
	return at;
}

/* The end of a word: at a space, at the end, or at one of `stops`. */
static size_t
skip_word(const char *text, size_t at, size_t size, const char *stops)
{
	while (at < size && !is_space(text[at]) && strchr(stops, text[at]) == NULL)
		at++;
	return at;
}

static int
word_index(const char *word, size_t size, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (strlen(names[i]) == size && strncasecmp(names[i], word, size) == 0)
			return i;
	return -1;
}

static bool
source_is(const struct line *line, const struct source *source, const char *name)
{
	size_t size = source->name_end - source->from;

	return size == strlen(name) && memcmp(line->text + source->from, name, size) == 0;
}

/* `!STATUS=action` means every status but that one. */
static void
set_action(struct source *source, bool others, int status, int action)
{
	for (int i = 0; i < STATUSES; i++)
		if ((i == status) != others)
			source->action[i] = (enum action)action;
	if ((status == SUCCESS) != others)
		source->says_success = true;
}

/* One STATUS=action within brackets, from *at; *at is then at what follows it. */
static bool
read_criterion(const struct line *line, struct source *source, size_t size, size_t *at)
{
	const char *text = line->text;
	bool others = *at < size && text[*at] == '!';
	size_t from = *at + others;
	size_t end = skip_word(text, from, size, "=]");
	int status = word_index(text + from, end - from, status_names, STATUSES);
	int action;

	end = skip_space(text, end, size);
	if (status < 0 || end == size || text[end] != '=')
		return false;
	from = skip_space(text, end + 1, size);
	end = skip_word(text, from, size, "=]");
	action = word_index(text + from, end - from, action_names, ACTIONS);
	if (action < 0)
		return false;
	set_action(source, others, status, action);
	*at = skip_space(text, end, size);
	return true;
}

/* The bracket that may follow a source; *at is its first byte, then the byte after it. */
static bool
read_actions(const struct line *line, struct source *source, size_t size, size_t *at)
{
	const char *text = line->text;

	*at = skip_space(text, *at + 1, size);
	do {
		if (!read_criterion(line, source, size, at))
			return false;
	} while (*at < size && text[*at] != ']');
	if (*at == size)
		return false;
	*at += 1;
	return true;
}

/* The sources up to a comment.  On failure *at is where it could not be read. */
static bool
read_sources(struct line *line, size_t *at)
{
	const char *comment = memchr(line->text, '#', line->size);
	size_t size = comment != NULL ? (size_t)(comment - line->text) : line->size;
	const char *text = line->text;

	for (*at = skip_space(text, line->body, size); *at < size;
	    *at = skip_space(text, *at, size)) {
		struct source *source = &line->source[line->count];
		size_t bracket;

		if (line->count == SOURCES_MAX || text[*at] == '[')
			return false;
		*source = (struct source){ .from = *at, .action = { [SUCCESS] = RETURN } };
		source->name_end = source->end = *at = skip_word(text, *at, size, "[");
		bracket = skip_space(text, *at, size);
		if (bracket < size && text[bracket] == '[') {
			*at = bracket;
			if (!read_actions(line, source, size, at))
				return false;
			source->end = *at;
		}
		line->count++;
	}
	return true;
}

/* True when the line is one of the three maps'; line->body is then set. */
static bool
read_map(struct line *line)
{
	size_t from = skip_space(line->text, 0, line->size);
	size_t end = skip_word(line->text, from, line->size, ":");
	size_t at = end;
	int map = 0;

	while (map < NSSWITCH_MAPS && !(strlen(map_names[map]) == end - from &&
	    memcmp(line->text + from, map_names[map], end - from) == 0))
		map++;
	if (map == NSSWITCH_MAPS)
		return false;
	while (at < line->size && (is_space(line->text[at]) || line->text[at] == ':'))
		at++;
	line->map = (enum nsswitch_map)map;
	line->body = at;
	return true;
}

/*
 * Takes the next line off *text.  *ours is true when it is a line of one of the three maps, and
 * then it was read whole.
 */
static enum fault
read_line(const char **text, size_t *left, struct line *line, bool *ours, struct why *why)
{
	const char *newline = memchr(*text, '\n', *left);
	unsigned number = line->number + 1;
	size_t at = 0;

	*line = (struct line){ .text = *text, .number = number };
	line->size = newline != NULL ? (size_t)(newline - *text) : *left;
	*text += line->size + (newline != NULL);
	*left -= line->size + (newline != NULL);
	*ours = read_map(line);
	if (memchr(line->text, '\0', line->size) != NULL)
		return why_place(why, FAULT_INVALID, number, 1, "%s: a NUL byte", NSSWITCH_FILE);
	if (*ours && !read_sources(line, &at))
		return why_place(why, FAULT_INVALID, number, (unsigned)at + 1,
		    "%s: the %s line cannot be read here", NSSWITCH_FILE, map_names[line->map]);
	return FAULT_NONE;
}

/* ---- judging ------------------------------------------------------------------------------- */

static bool
line_has(const struct line *line, const char *name)
{
	for (size_t i = 0; i < line->count; i++)
		if (source_is(line, &line->source[i], name))
			return true;
	return false;
}

/* What ends the search on this map before a source that alone knows the user is asked. */
static bool
ends_search(const struct line *line, const struct source *source)
{
	return source->action[NOTFOUND] == RETURN ||
	    (line->map == NSSWITCH_INITGROUPS && source->action[SUCCESS] == RETURN);
}

/* How the line stands to Hexa, or would if Hexa stood at its end. */
static struct nsswitch_state
line_judge(const struct line *line)
{
	struct nsswitch_state state = {
		.present = true,
		.local = line_has(line, "files") || line_has(line, "compat"),
		.on = line_has(line, "hexa"),
		.last = line->count > 0 && source_is(line, &line->source[line->count - 1], "hexa"),
		.reached = true,
		.always = true,
		.line = line->number,
	};

	for (size_t i = 0; i < line->count; i++) {
		const struct source *source = &line->source[i];

		if (source_is(line, source, "systemd"))
			state.systemd = true;
		else if (!source_is(line, source, "files") && !source_is(line, source, "hexa"))
			state.others = true;
	}
	for (size_t i = 0; i < line->count; i++) {
		const struct source *source = &line->source[i];

		if (source_is(line, source, "hexa"))
			break;
		if (ends_search(line, source))
			state.reached = false;
		if (source->action[UNAVAIL] == RETURN || source->action[TRYAGAIN] == RETURN)
			state.always = false;
	}
	return state;
}

static bool
state_is_good(const struct nsswitch_state *state)
{
	return state->local && state->on && state->last && state->reached && state->always;
}

static void
state_join(struct nsswitch_state *all, const struct nsswitch_state *line)
{
	bool first = !all->present;
	bool was_good = state_is_good(all);

	if (first) {
		*all = *line;
		return;
	}
	all->local &= line->local;
	all->systemd |= line->systemd;
	all->others |= line->others;
	all->on &= line->on;
	all->last &= line->last;
	all->reached &= line->reached;
	all->always &= line->always;
	if (was_good && !state_is_good(line))
		all->line = line->line;
}

enum fault
nsswitch_look(const char *text, size_t size, struct nsswitch_state state[NSSWITCH_MAPS],
    struct why *why)
{
	struct nsswitch_state found[NSSWITCH_MAPS] = { { 0 } };
	struct line line = { 0 };
	bool ours;

	while (size > 0) {
		enum fault fault = read_line(&text, &size, &line, &ours, why);

		if (fault != FAULT_NONE)
			return fault;
		if (ours) {
			struct nsswitch_state judged = line_judge(&line);

			state_join(&found[line.map], &judged);
		}
	}
	memcpy(state, found, sizeof(found));
	return FAULT_NONE;
}

/* ---- writing ------------------------------------------------------------------------------- */

static void
put_span(struct bytes *out, const char *text, size_t from, size_t end)
{
	bytes_put(out, text + from, end - from);
}

static bool
ends_with(const struct bytes *out, const char *text)
{
	size_t size = strlen(text);

	return !out->failed && out->size >= size &&
	    memcmp(out->data + (out->size - size), text, size) == 0;
}

/*
 * A line is its head (`passwd:`), one span for each source, with the spaces before it, and its
 * tail.  Writes head and spans without Hexa's; returns where the tail begins.
 */
static size_t
put_without(const struct line *line, struct bytes *out)
{
	size_t at = line->body;

	while (at > 0 && is_space(line->text[at - 1]))
		at--;
	put_span(out, line->text, 0, at);
	for (size_t i = 0; i < line->count; i++) {
		const struct source *source = &line->source[i];

		if (!source_is(line, source, "hexa")) {
			/* Hexa's `]` may have been all that stood between two words. */
			if (i > 0 && at == source->from && source_is(line, source - 1, "hexa"))
				bytes_put(out, " ", 1);
			put_span(out, line->text, at, source->end);
		}
		at = source->end;
	}
	return at;
}

/* The last source that is not Hexa; NULL when there is none. */
static const struct source *
last_other(const struct line *line)
{
	for (size_t i = line->count; i-- > 0;)
		if (!source_is(line, &line->source[i], "hexa"))
			return &line->source[i];
	return NULL;
}

/* Why Hexa would never be asked at the end of this line, if so. */
static enum fault
check_reached(const struct line *line, struct why *why)
{
	const struct source *last = last_other(line);

	for (size_t i = 0; i < line->count; i++) {
		const struct source *source = &line->source[i];

		if (source_is(line, source, "hexa") || !ends_search(line, source) ||
		    (source == last && source->action[NOTFOUND] != RETURN &&
		        !source->says_success))
			continue;
		why_place(why, FAULT_INVALID, line->number, (unsigned)source->from + 1,
		    "%s: on the %s line the search ends at %.*s, so hexa would never be asked: "
		    "let it continue to the next source",
		    NSSWITCH_FILE, map_names[line->map], (int)(source->name_end - source->from),
		    line->text + source->from);
		return FAULT_INVALID;
	}
	return FAULT_NONE;
}

static enum fault
put_added(const struct line *line, struct bytes *out, struct why *why)
{
	struct nsswitch_state state = line_judge(line);
	const struct source *last = last_other(line);
	enum fault fault = check_reached(line, why);
	size_t tail;

	if (fault != FAULT_NONE)
		return fault;
	if (line->count == 0)
		return why_place(why, FAULT_INVALID, line->number, (unsigned)line->body + 1,
		    "%s: the %s line names no source, not even files", NSSWITCH_FILE,
		    map_names[line->map]);
	if (state.last && state.reached) {
		bytes_put(out, line->text, line->size);
		return FAULT_NONE;
	}
	tail = put_without(line, out);
	if (line->map == NSSWITCH_INITGROUPS && last != NULL && !last->says_success)
		bytes_put(out, go_on, strlen(go_on));
	bytes_put(out, " hexa", 5);
	put_span(out, line->text, tail, line->size);
	return FAULT_NONE;
}

static enum fault
put_removed(const struct line *line, struct bytes *out, struct why *why)
{
	size_t tail = put_without(line, out);

	(void)why;
	if (line_has(line, "hexa")) {
		if (last_other(line) == NULL)
			bytes_put(out, " files", 6);
		/* Before nothing, the action means nothing. */
		if (line->map == NSSWITCH_INITGROUPS && ends_with(out, go_on))
			out->size -= strlen(go_on);
	}
	put_span(out, line->text, tail, line->size);
	return FAULT_NONE;
}

/* Writes the text with `put` on each line of the three maps; `seen` says which maps have a line. */
static enum fault
rewrite(const char *text, size_t size, struct bytes *out, bool seen[NSSWITCH_MAPS],
    enum fault (*put)(const struct line *, struct bytes *, struct why *), struct why *why)
{
	struct line line = { 0 };
	bool ours;

	while (size > 0) {
		enum fault fault = read_line(&text, &size, &line, &ours, why);

		if (fault == FAULT_NONE && ours) {
			seen[line.map] = true;
			fault = put(&line, out, why);
		}
		if (fault != FAULT_NONE)
			return fault;
		if (!ours)
			bytes_put(out, line.text, line.size);
		/* text now stands behind the newline, when the line had one. */
		put_span(out, line.text, line.size, (size_t)(text - line.text));
	}
	return FAULT_NONE;
}

enum fault
nsswitch_add(const char *text, size_t size, struct bytes *out, struct why *why)
{
	bool seen[NSSWITCH_MAPS] = { false };
	bool ends = size == 0 || text[size - 1] == '\n';
	enum fault fault = rewrite(text, size, out, seen, put_added, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!ends && !(seen[NSSWITCH_PASSWD] && seen[NSSWITCH_GROUP]))
		bytes_put(out, "\n", 1);
	if (!seen[NSSWITCH_PASSWD])
		bytes_print(out, "passwd: files hexa\n");
	if (!seen[NSSWITCH_GROUP])
		bytes_print(out, "group: files hexa\n");
	return out->failed ? why_memory(why) : FAULT_NONE;
}

enum fault
nsswitch_remove(const char *text, size_t size, struct bytes *out, struct why *why)
{
	bool seen[NSSWITCH_MAPS] = { false };
	enum fault fault = rewrite(text, size, out, seen, put_removed, why);

	if (fault != FAULT_NONE)
		return fault;
	return out->failed ? why_memory(why) : FAULT_NONE;
}
