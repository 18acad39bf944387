/*
 * yaml.c - libyaml's event parser and emitter behind yaml.h.
 */
#include "policy/yaml.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "policy/text.h"

/* ---- in ----------------------------------------------------------------------------------- */

struct yaml {
	const char *text;
	size_t size;
	yaml_parser_t parser;
	yaml_event_t event; /* the last one: an item's text stands in it */
	bool begun;         /* the document has */
};

/* Where a line begins, in bytes. */
static size_t
begin_of_line(const struct yaml *yaml, size_t line)
{
	size_t at = 0;

	for (; line > 0 && at < yaml->size; line--) {
		const char *end = memchr(yaml->text + at, '\n', yaml->size - at);

		at = end ? (size_t)(end - yaml->text) + 1 : yaml->size;
	}
	return at;
}

/* libyaml counts a column in characters; we say it in bytes. */
static size_t
column_in_bytes(const struct yaml *yaml, struct place place)
{
	size_t begin = begin_of_line(yaml, place.line);
	size_t at = begin;
	uint32_t code;

	for (; place.column > 0 && at < yaml->size; place.column--) {
		size_t size = text_character(yaml->text + at, yaml->size - at, &code);

		at += size > 0 ? size : 1;
	}
	return at - begin;
}

/* Is this the byte there? */
static bool
stands_at(const struct yaml *yaml, struct place place, char byte)
{
	size_t at = begin_of_line(yaml, place.line) + column_in_bytes(yaml, place);

	return at < yaml->size && yaml->text[at] == byte;
}

enum fault
yaml_refuse(const struct yaml *yaml, struct place place, struct why *why, const char *format, ...)
{
	char text[WHY_TEXT_MAX];
	va_list arguments;

	if (why == NULL)
		return FAULT_INVALID;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return why_place(why, FAULT_INVALID, (unsigned)place.line + 1,
	    (unsigned)column_in_bytes(yaml, place) + 1, "%s", text);
}

/* In any mix of small letters and capitals; the locale has no say. */
static bool
is_word(const char *text, const char *word)
{
	while (*word != '\0' && (*text == *word || (*text >= 'A' && *text - 'A' + 'a' == *word)))
		text++, word++;
	return *word == '\0' && *text == '\0';
}

/* What YAML 1.1 reads as yes or no when it stands without quotes. */
static bool
is_truth(const char *text)
{
	static const char *const words[] = {"y", "yes", "true", "on", "n", "no", "false", "off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is_word(text, words[i]))
			return true;
	}
	return false;
}

static struct place
place_of(const yaml_mark_t *mark)
{
	return (struct place){.line = mark->line, .column = mark->column};
}

/*
 * Looks at every byte before libyaml does: libyaml takes a NUL for the end, and other characters
 * than the line feed for line ends, so that its line numbers would not be an editor's.
 */
static enum fault
check_bytes(const struct yaml *yaml, struct why *why)
{
	static const char mark[] = "\xef\xbb\xbf";
	struct place place = {0};
	uint32_t code;
	size_t size;

	if (yaml->size >= strlen(mark) && memcmp(yaml->text, mark, strlen(mark)) == 0)
		return yaml_refuse(yaml, place, why,
		    "a byte-order mark stands here: save the text as UTF-8 without one");
	for (size_t at = 0; at < yaml->size; at += size) {
		size = text_character(yaml->text + at, yaml->size - at, &code);
		if (size == 0)
			return yaml_refuse(yaml, place, why,
			    "this is not UTF-8: save the text as UTF-8");
		if (code == '\n') {
			place.line++;
			place.column = 0;
			continue;
		}
		if (code == '\r' && at + 1 < yaml->size && yaml->text[at + 1] == '\n')
			continue;
		if (code != '\t' && !text_is_plain_character(code))
			return yaml_refuse(yaml, place, why,
			    "the control character U+%04X cannot stand here", (unsigned)code);
		place.column++;
	}
	return FAULT_NONE;
}

enum fault
yaml_open(const char *text, size_t size, size_t max, struct yaml **yaml, struct why *why)
{
	struct yaml *opened;
	enum fault fault;

	if (size > max)
		return why_set(why, FAULT_INVALID, "it is larger than %zu bytes", max);
	opened = calloc(1, sizeof(*opened));
	if (opened == NULL)
		return why_memory(why);
	if (!yaml_parser_initialize(&opened->parser)) {
		free(opened);
		return why_memory(why);
	}
	opened->text = text;
	opened->size = size;
	yaml_parser_set_encoding(&opened->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&opened->parser, (const unsigned char *)text, size);
	fault = check_bytes(opened, why);
	if (fault != FAULT_NONE) {
		yaml_close(opened);
		return fault;
	}
	*yaml = opened;
	return FAULT_NONE;
}

void
yaml_close(struct yaml *yaml)
{
	if (yaml == NULL)
		return;
	yaml_event_delete(&yaml->event);
	yaml_parser_delete(&yaml->parser);
	free(yaml);
}

/* What libyaml says of something that does not fit into the list or map around it. */
static const struct misfit_row {
	const char *problem;
	const char *construct; /* that begins where libyaml's context does */
	const char *expected;
} misfits[] = {
	{"did not find expected key", "map", "expected another key, indented as its first"},
	{"did not find expected '-' indicator", "list",
	    "expected another `- `, indented as its first"},
	{"did not find expected ',' or ']'", "list", "expected `,` or `]`"},
	{"did not find expected ',' or '}'", "map", "expected `,` or `}`"},
};

/* What else it says; `at_context`: of what stands where its context does. */
static const struct mistake {
	const char *problem;
	bool at_context;
	const char *words;
} mistakes[] = {
	{"could not find expected ':'", true, "a key stands here without its `: ` and value"},
	{"found unexpected end of stream", true, "the quote that begins here is never closed"},
	{"mapping values are not allowed in this context", false,
	    "a `: ` cannot stand here: a key is indented as those above, a text needs quotes"},
	{"block sequence entries are not allowed in this context", false,
	    "a `- ` cannot stand here: begin the list on a line of its own"},
	{"did not find expected node content", false, "a value is missing here"},
	{"did not find expected <document start>", false,
	    "the policy has ended above: indent this as the first line, leave --- and ... out"},
	{"found character that cannot start any token", false,
	    "a text that begins with this character needs quotes"},
	{"did not find expected alphabetic or numeric character", false,
	    "a text that begins with * or & needs quotes, as '*'"},
	{"found unknown escape character", false,
	    "there is no such escape: put the text into '', or write \\\\ for a backslash"},
};

/* Does nothing but blanks stand before it on its line? */
static bool
begins_line(const struct yaml *yaml, struct place place)
{
	size_t begin = begin_of_line(yaml, place.line), size = column_in_bytes(yaml, place);

	for (size_t i = begin; i < begin + size; i++)
		if (yaml->text[i] != ' ')
			return false;
	return true;
}

/* What does not fit where it stands; false: libyaml says something else. */
static bool
refuse_misfit(const struct yaml *yaml, const char *problem, struct why *why)
{
	const yaml_parser_t *parser = &yaml->parser;
	struct place place = place_of(&parser->problem_mark);
	const char *expected;
	size_t i = 0;

	while (i < sizeof(misfits) / sizeof(misfits[0]) &&
	    strcmp(misfits[i].problem, problem) != 0)
		i++;
	if (i == sizeof(misfits) / sizeof(misfits[0]))
		return false;
	expected = misfits[i].expected;
	if (stands_at(yaml, place, ':'))
		expected = "a text with `: ` in it needs quotes";
	/* A key's value has ended, and more stands behind it. */
	else if (i == 0 && !begins_line(yaml, place))
		expected = "expected the end of the line; is a quote missing before?";
	yaml_refuse(yaml, place, why, "this does not fit into the %s that begins at line %zu: %s",
	    misfits[i].construct, parser->context_mark.line + 1, expected);
	return true;
}

static enum fault
refuse_syntax(const struct yaml *yaml, struct why *why)
{
	const yaml_parser_t *parser = &yaml->parser;
	const char *problem = parser->problem ? parser->problem : "something is wrong";
	struct place place = place_of(&parser->problem_mark);

	if (parser->error == YAML_MEMORY_ERROR)
		return why_memory(why);
	if (stands_at(yaml, place, '\t'))
		return yaml_refuse(yaml, place, why,
		    "a tab stands here: YAML is indented with spaces");
	if (refuse_misfit(yaml, problem, why))
		return FAULT_INVALID;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		if (strcmp(mistakes[i].problem, problem) != 0)
			continue;
		if (mistakes[i].at_context)
			place = place_of(&parser->context_mark);
		return yaml_refuse(yaml, place, why, "%s", mistakes[i].words);
	}
	return yaml_refuse(yaml, place, why, "this is not YAML: %s%s%s", problem,
	    parser->context ? " " : "", parser->context ? parser->context : "");
}

static enum fault
begin_document(struct yaml *yaml, struct why *why)
{
	const yaml_event_t *event = &yaml->event;
	struct place place = place_of(&event->start_mark);

	if (yaml->begun)
		return yaml_refuse(yaml, place, why,
		    "a second document begins here; this takes one: leave the --- out");
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
	    event->data.document_start.tag_directives.end)
		return yaml_refuse(yaml, place, why,
		    "directives (%%YAML, %%TAG) are not taken: leave the line out");
	yaml->begun = true;
	return FAULT_NONE;
}

/* Fills in what begins a value; an anchor or a tag in front of it is refused. */
static enum fault
begin_value(const struct yaml *yaml, enum item_kind kind, const unsigned char *anchor,
    const unsigned char *tag, struct item *item, struct why *why)
{
	struct place place = place_of(&yaml->event.start_mark);

	if (anchor)
		return yaml_refuse(yaml, place, why,
		    "anchors (&%s) are not taken: write out what is meant", anchor);
	if (tag)
		return yaml_refuse(yaml, place, why, "tags (%s) are not taken: leave it out", tag);
	*item = (struct item){.kind = kind, .place = place};
	return FAULT_NONE;
}

/* What YAML 1.1 reads as null when it stands without quotes. */
static bool
is_null(const char *text)
{
	return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
	    strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0;
}

static enum fault
begin_scalar(const struct yaml *yaml, struct item *item, struct why *why)
{
	const yaml_event_t *event = &yaml->event;
	const char *text = (const char *)event->data.scalar.value;
	size_t size = event->data.scalar.length;
	enum fault fault;

	fault = begin_value(yaml, ITEM_TEXT, event->data.scalar.anchor, event->data.scalar.tag,
	    item,
	    why);
	if (fault != FAULT_NONE)
		return fault;
	/* "\0" and "\n" are escapes that no byte of the text shows. */
	if (strlen(text) != size || !text_is_plain(text, size))
		return yaml_refuse(yaml, item->place, why,
		    "line ends, tabs and control characters cannot stand in a text");
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
		item->is_truth = is_truth(text);
		if (is_null(text))
			item->kind = ITEM_NOTHING;
	}
	item->text = text;
	return FAULT_NONE;
}

enum fault
yaml_next(struct yaml *yaml, struct item *item, struct why *why)
{
	const yaml_event_t *event = &yaml->event;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE) {
		struct place place;

		yaml_event_delete(&yaml->event);
		if (!yaml_parser_parse(&yaml->parser, &yaml->event))
			return refuse_syntax(yaml, why);
		place = place_of(&event->start_mark);
		switch (event->type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_DOCUMENT_START_EVENT:
			fault = begin_document(yaml, why);
			break;
		case YAML_SCALAR_EVENT:
			return begin_scalar(yaml, item, why);
		case YAML_SEQUENCE_START_EVENT:
			return begin_value(yaml, ITEM_LIST, event->data.sequence_start.anchor,
			    event->data.sequence_start.tag, item, why);
		case YAML_MAPPING_START_EVENT:
			return begin_value(yaml, ITEM_MAP, event->data.mapping_start.anchor,
			    event->data.mapping_start.tag, item, why);
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_END_EVENT:
		case YAML_STREAM_END_EVENT:
			*item = (struct item){.kind = ITEM_END, .place = place};
			return FAULT_NONE;
		case YAML_ALIAS_EVENT:
			return yaml_refuse(yaml, place, why,
			    "aliases (*%s) are not taken: write out what is meant",
			    event->data.alias.anchor);
		case YAML_NO_EVENT:
			/* What libyaml says, successfully, once it has ended or failed. */
			return yaml_refuse(yaml, place, why, "this ends too early");
		}
	}
	return fault;
}

enum fault
yaml_skip(struct yaml *yaml, const struct item *item, struct why *why)
{
	size_t open = item->kind == ITEM_LIST || item->kind == ITEM_MAP;

	while (open > 0) {
		struct item next;
		enum fault fault = yaml_next(yaml, &next, why);

		if (fault != FAULT_NONE)
			return fault;
		if (next.kind == ITEM_END)
			open--;
		else if (next.kind == ITEM_LIST || next.kind == ITEM_MAP)
			open++;
		/* libyaml takes the square of the depth. */
		if (open > SKIP_DEPTH_MAX)
			return yaml_refuse(yaml, next.place, why,
			    "lists and maps stand more than %d deep here", SKIP_DEPTH_MAX);
	}
	return FAULT_NONE;
}

/* ---- out ---------------------------------------------------------------------------------- */

struct yaml_writer {
	yaml_emitter_t emitter;
	struct bytes out;
	bool failed;
};

static int
write_bytes(void *context, unsigned char *data, size_t size)
{
	struct yaml_writer *writer = context;

	bytes_put(&writer->out, data, size);
	return !writer->out.failed;
}

/* Hands an event over, which libyaml then frees whatever happens.  `made`: what made it said. */
static void
emit(struct yaml_writer *writer, yaml_event_t *event, int made)
{
	if (!made || writer->failed) {
		if (made)
			yaml_event_delete(event);
		writer->failed = true;
		return;
	}
	if (!yaml_emitter_emit(&writer->emitter, event))
		writer->failed = true;
}

enum fault
yaml_writer_new(struct yaml_writer **writer, struct why *why)
{
	struct yaml_writer *made = calloc(1, sizeof(*made));
	yaml_event_t event;

	if (made == NULL)
		return why_memory(why);
	if (!yaml_emitter_initialize(&made->emitter)) {
		free(made);
		return why_memory(why);
	}
	yaml_emitter_set_output(&made->emitter, write_bytes, made);
	yaml_emitter_set_encoding(&made->emitter, YAML_UTF8_ENCODING);
	yaml_emitter_set_unicode(&made->emitter, 1);
	yaml_emitter_set_width(&made->emitter, -1);
	emit(made, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit(made, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
	*writer = made;
	return FAULT_NONE;
}

void
yaml_writer_free(struct yaml_writer *writer)
{
	if (writer == NULL)
		return;
	yaml_emitter_delete(&writer->emitter);
	bytes_clear(&writer->out);
	free(writer);
}

/* True for what a reader of YAML 1.1 would not take for a text without quotes. */
static bool
needs_quotes(const char *text)
{
	static const char *const words[] = {"null", "~", "=", "<<"};

	if (text[0] == '\0' || strchr("+-.0123456789", text[0]) || is_truth(text))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is_word(text, words[i]))
			return true;
	}
	return false;
}

static void
put_scalar(struct yaml_writer *writer, const char *text, yaml_scalar_style_t style)
{
	yaml_event_t event;

	emit(writer, &event, yaml_scalar_event_initialize(&event, NULL, NULL,
	    (const yaml_char_t *)text, (int)strlen(text), 1, 1, style));
}

void
yaml_put_text(struct yaml_writer *writer, const char *text)
{
	put_scalar(writer, text,
	    needs_quotes(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE);
}

void
yaml_put_word(struct yaml_writer *writer, const char *word)
{
	put_scalar(writer, word, YAML_PLAIN_SCALAR_STYLE);
}

void
yaml_put_map(struct yaml_writer *writer, enum yaml_form form)
{
	yaml_event_t event;

	emit(writer, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
	    form == FORM_LINE ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE));
}

void
yaml_put_map_end(struct yaml_writer *writer)
{
	yaml_event_t event;

	emit(writer, &event, yaml_mapping_end_event_initialize(&event));
}

void
yaml_put_list(struct yaml_writer *writer, enum yaml_form form)
{
	yaml_event_t event;

	emit(writer, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
	    form == FORM_LINE ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE));
}

void
yaml_put_list_end(struct yaml_writer *writer)
{
	yaml_event_t event;

	emit(writer, &event, yaml_sequence_end_event_initialize(&event));
}

enum fault
yaml_writer_finish(struct yaml_writer *writer, struct bytes *out, struct why *why)
{
	yaml_event_t event;

	emit(writer, &event, yaml_document_end_event_initialize(&event, 1));
	emit(writer, &event, yaml_stream_end_event_initialize(&event));
	if (writer->failed || out->failed)
		return why_memory(why);
	bytes_put(out, writer->out.data, writer->out.size);
	return out->failed ? why_memory(why) : FAULT_NONE;
}
