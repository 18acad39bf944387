/*
 * doctor_confine.c - the doctor's look at SELinux and AppArmor: what they keep from Hexa's parts,
 * or from the programs that Hexa's modules run in.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "accounts/parts.h"
#include "store/paths.h"

/* selinuxfs, and AppArmor's switch: they are of the kernel, whatever the root. */
#define SELINUX_ENFORCE  "/sys/fs/selinux/enforce"
#define APPARMOR_ENABLED "/sys/module/apparmor/parameters/enabled"

/* Profiles take in what stands there: to look users up, and to log them in. */
#define APPARMOR_PROFILES "/etc/apparmor.d/abstractions/nameservice"
#define APPARMOR_READERS  "/etc/apparmor.d/abstractions/nameservice.d/hexa"
#define APPARMOR_LOGINS   "/etc/apparmor.d/abstractions/authentication.d/hexa"

#define LATER                                                                                      \
	"not supported yet: a confined administrator's documents from another's home and mail, "   \
	"and nscd's hearing of what the helper changed (docs/confinement.md)"

static bool
says(const char *path, char wanted)
{
	FILE *file = fopen(path, "re");
	int first = file == NULL ? EOF : fgetc(file);

	if (file != NULL)
		fclose(file);
	return first == wanted;
}

static bool
has_file(const struct doctor *doctor, const char *path)
{
	char full[PATH_MAX];

	return hostfile_path(doctor->root, path, full, NULL) == FAULT_NONE &&
	    access(full, F_OK) == 0;
}

/* The type in the file's label, "user:role:TYPE:level"; "" when it has none. */
static void
label_type(const char *path, char type[64])
{
	char label[256] = "", *at = label;
	ssize_t size = lgetxattr(path, "security.selinux", label, sizeof(label) - 1);

	label[size > 0 ? size : 0] = '\0';
	strsep(&at, ":");
	strsep(&at, ":");
	snprintf(type, 64, "%s", at == NULL ? "" : strsep(&at, ":"));
}

/*
 * The folder with the policy module's text, by make install or a package; NULL: there is none, as
 * where documents are not installed.
 */
static const char *
module_folder(const char *root)
{
	static const char *const folders[] = {
		"/usr/share/doc/hexa/selinux",
		"/usr/share/doc/hexa-admin/selinux",
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (hostfile_path(root, folders[i], path, NULL) == FAULT_NONE &&
		    access(path, R_OK) == 0)
			return folders[i];
	return NULL;
}

bool
selinux_mend(const char *root, char mend[WHY_MEND_MAX])
{
	const char *folder = module_folder(root);

	mend[0] = '\0';
	return folder != NULL &&
	    snprintf(mend, WHY_MEND_MAX, "cd %s && m=$(mktemp -d)/hexa && checkmodule -Mmo $m.mod "
	        "hexa.te && semodule_package -o $m.pp -m $m.mod -f hexa.fc && semodule -i $m.pp && "
	        "restorecon -RF /var/lib/hexa /run/hexa /usr/libexec/hexa", folder) < WHY_MEND_MAX;
}

static void
check_selinux(struct doctor *doctor)
{
	char helper[64], folder[64], mend[WHY_MEND_MAX];

	if (!says(SELINUX_ENFORCE, '1'))
		return;
	label_type(HEXA_HELPER, helper);
	label_type(PRIVATE_FOLDER, folder);
	selinux_mend(doctor->root, mend);
	if (strcmp(helper, "chkpwd_exec_t") != 0 || strcmp(folder, "hexa_private_t") != 0)
		report(doctor, FINDING_WARNING, "selinux", mend,
		    "SELinux enforces, and Hexa's files are not labelled as its policy module has "
		    "them (helper: %s, database: %s): logins of Hexa's users may be "
		    "refused; " LATER,
		    helper[0] == '\0' ? "no label" : helper,
		    folder[0] == '\0' ? "no label" : folder);
	else
		report(doctor, FINDING_GOOD, "selinux", NULL,
		    "SELinux enforces, and Hexa's files are labelled as its policy module has "
		    "them; " LATER);
}

static void
check_apparmor(struct doctor *doctor)
{
	char mend[WHY_MEND_MAX];

	if (!says(APPARMOR_ENABLED, 'Y') || !has_file(doctor, APPARMOR_PROFILES))
		return;
	snprintf(mend, sizeof(mend), "%s && systemctl reload apparmor",
	    parts_reinstall(doctor->root));
	if (has_file(doctor, APPARMOR_READERS) && has_file(doctor, APPARMOR_LOGINS))
		report(doctor, FINDING_GOOD, "apparmor", NULL,
		    "AppArmor's profiles know of Hexa");
	else
		report(doctor, FINDING_WARNING, "apparmor", mend,
		    "%s is not there: programs that AppArmor confines do not see Hexa's users; "
		    "install Hexa anew", has_file(doctor, APPARMOR_READERS) ? APPARMOR_LOGINS
		                                                    : APPARMOR_READERS);
}

void
check_confinement(struct doctor *doctor)
{
	if (doctor->root[0] != '\0' || !doctor->enabled)
		return;
	check_selinux(doctor);
	check_apparmor(doctor);
}
