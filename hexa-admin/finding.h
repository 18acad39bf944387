/*
 * finding.h - a finding of the doctor's (accounts/doctor.h) as it is told.
 */
#ifndef HEXA_ADMIN_FINDING_H
#define HEXA_ADMIN_FINDING_H

#include "accounts/doctor.h"
#include "hexa-admin/json.h"

/* "good", "warning", "error" */
const char *severity_name(enum severity severity);

/* Keys check, severity, text and mend. */
struct json *finding_json(const struct finding *finding);

#endif
