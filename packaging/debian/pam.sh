# pam_files: the files of PAM in which the module stands; without it, each of its lines refuses everybody, root
# too.  Copies that PAM never reads do not count.
pam_files()
{
	grep -ls '^[^#]*pam_hexa\.so' "$DPKG_ROOT"/etc/pam.d/* "$DPKG_ROOT"/usr/lib/pam.d/* |
		grep -v -e '~$' -e '\.hexa-saved$' -e '\.pam-\(old\|new\)$' -e '\.dpkg-[a-z]*$' || :
}

# By itself where there is no hexa-admin to do it: nsswitch.conf too, and first, for a user who is known and
# whose role nobody asks about would come in by key.
pam_off()
{
	nsswitch_remove || {
		echo 'libpam-hexa: /etc/nsswitch.conf could not be changed: take hexa off its lines' >&2
		return 1
	}
	pam-auth-update --root "$DPKG_ROOT" --package --remove hexa hexa-password
}
