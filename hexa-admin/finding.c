/*
 * finding.c - the words and keys of a finding.
 */
#include "hexa-admin/finding.h"

const char *
severity_name(enum severity severity)
{
	switch (severity) {
	case FINDING_GOOD:
		return "good";
	case FINDING_WARNING:
		return "warning";
	case FINDING_ERROR:
		return "error";
	}
	return "error";
}

struct json *
finding_json(const struct finding *finding)
{
	struct json *map = json_map();

	json_put_text(map, "check", finding->check);
	json_put_text(map, "severity", severity_name(finding->severity));
	json_put_text(map, "text", finding->text);
	json_put_mend(map, "mend", finding->mend);
	return map;
}
