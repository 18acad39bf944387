/*
 * system.c - the commands that work whatever has become of the database: init, doctor, version.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <string.h>

#include "accounts/doctor.h"
#include "accounts/init.h"
#include "hexa-admin/finding.h"
#include "hexa-admin/json.h"
#include "hexa-admin/presets.h"
#include "hexa-admin/print.h"
#include "store/crypto.h"
#include "store/db.h"
#include "store/table.h"

enum fault
run_init(struct call *call, struct why *why)
{
	const char *name = call->option[OPTION_PRESET];
	struct beginning beginning = {
	    .actor = call->admin.actor,
	    .now = call->admin.now,
	    .insist = call_has(call, OPTION_YES),
	};
	const struct preset *preset;
	enum fault fault = FAULT_NONE;

	if (name != NULL) {
		fault = preset_find(name, &preset, why);
		if (fault != FAULT_NONE)
			return fault;
		beginning.yaml = (const char *)preset->yaml;
		beginning.size = preset->size;
	}
	fault = init_database(call->root, &beginning, why);
	/* What does not fit this host is mended in a copy. */
	if (fault != FAULT_NONE && name != NULL && why_is_of_file(why)) {
		call->file = name;
		why_mend(why, "hexa-admin policy presets %s > policy.yaml && "
		    "${EDITOR:-vi} policy.yaml && hexa-admin init && "
		    "hexa-admin policy apply policy.yaml", name);
	}
	if (fault == FAULT_NONE)
		call_hint(call, name == NULL
		    ? "there is one role, and nobody has it: these are policies to begin with\n"
		      "hexa-admin policy presets"
		    : "the roles are there, and nobody has one\n"
		      "hexa-admin user add NAME --role ROLE --first-name FIRST --last-name LAST");
	return fault;
}

/* ---- doctor ------------------------------------------------------------------------------- */

struct consultation {
	const struct call *call;
	struct json *findings; /* NULL without --json */
	bool has_error;
};

static void
print_finding(const struct finding *finding)
{
	printf("%s ", severity_name(finding->severity));
	print_shown(stdout, finding->check);
	fputs(": ", stdout);
	print_shown(stdout, finding->text);
	putchar('\n');
	print_mend(stdout, finding->mend);
}

static void
tell(void *context, const struct finding *finding)
{
	struct consultation *consultation = context;

	consultation->has_error |= finding->severity == FINDING_ERROR;
	if (finding->severity == FINDING_GOOD && call_has(consultation->call, OPTION_QUIET))
		return;
	if (consultation->findings == NULL)
		print_finding(finding);
	else
		json_add(consultation->findings, finding_json(finding));
}

enum fault
run_doctor(struct call *call, struct why *why)
{
	struct consultation consultation = {.call = call};
	enum fault fault = FAULT_NONE;

	if (call_has(call, OPTION_MEND))
		fault = doctor_mend(call->root, &call->admin.actor, call->admin.now, why);
	if (fault != FAULT_NONE)
		return fault;
	if (call_has(call, OPTION_JSON)) {
		consultation.findings = json_list();
		if (consultation.findings == NULL)
			return why_memory(why);
	}
	fault = doctor_run(call->root, tell, &consultation, why);
	if (consultation.findings != NULL && fault == FAULT_NONE) {
		fault = json_show(consultation.findings, why);
	} else {
		json_free(consultation.findings);
	}
	return fault == FAULT_NONE && consultation.has_error ? call_no(call) : fault;
}

/* ---- version ------------------------------------------------------------------------------ */

enum { LIBRARY_BYTES = 64 };

/* liblmdb's own words, without the day behind the colon. */
static void
lmdb_version(char text[LIBRARY_BYTES])
{
	const char *whole = db_library();

	snprintf(text, LIBRARY_BYTES, "%.*s", (int)strcspn(whole, ":"), whole);
}

enum fault
run_version(struct call *call, struct why *why)
{
	char lmdb[LIBRARY_BYTES];
	struct json *map;

	lmdb_version(lmdb);
	if (!call_has(call, OPTION_JSON)) {
		printf("hexa %s\nschema %d\n%s\nlibsodium %s\n", HEXA_VERSION, SCHEMA_VERSION,
		    lmdb, crypto_library());
		return FAULT_NONE;
	}
	map = json_map();
	json_put_text(map, "hexa", HEXA_VERSION);
	json_put_number(map, "schema", SCHEMA_VERSION);
	json_put_text(map, "lmdb", lmdb);
	json_put_text(map, "sodium", crypto_library());
	return json_show(map, why);
}
