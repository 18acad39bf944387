# Hexa Center: everybody is in one list, and one permission, whichever, lets its holders in.
# The number before a check is the row of that system that it shows.

rita=ritas-Long-password-1
tim=tims-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset hexa-center
need 'sshd' sshd_start

# ---- 1.7: a role with a permission lets in, one without does not ----

need '1.7 a receptionist is made, who may view users and nothing else' \
	hexa_user rita receptionist $rita
same '1.7 she has access at once' rita ssh_login rita $rita whoami
same '1.7 by any service, for the policy names none' rita su rita -c whoami
need '1.7 an employee is made' key_user emma employee
refused '1.7 whose role has no permission' 255 ssh_key emma
logged '1.7 and the log says so' '"emma" refused.*emma'
same '1.7 user check too' no-permission verdict emma --service sshd
refused '1.7 nor by another service' 1 su emma -c true
need '1.7 emma gets another role' hexa-admin user edit emma --add-role receptionist
same '1.7 and is in' emma ssh_key emma whoami

need '1.7 a role without permissions' hexa-admin role add trainee --title Trainee
need '1.7 a trainee' hexa_user tim trainee $tim
need '1.7 with a key too' authorize tim
refused '1.7 is refused, by password' 255 ssh_login tim $tim
refused '1.7 and by key' 255 ssh_key tim
ok '1.7 the role gets View users' hexa-admin role edit trainee --add-permission hexa.users.view
same '1.7 he is in, by password' tim ssh_login tim $tim whoami
same '1.7 and by key' tim ssh_key tim whoami
ok '1.7 and a second permission' hexa-admin role edit trainee --add-permission programs.view
ok '1.7 the first is taken away' hexa-admin role edit trainee --remove-permission hexa.users.view
same '1.7 he is still in' tim ssh_key tim whoami
ok '1.7 the last is taken away' hexa-admin role edit trainee --remove-permission programs.view
refused '1.7 he is out, by key' 255 ssh_key tim
refused '1.7 and by password' 255 ssh_login tim $tim
same_sshd '1.7 all through, sshd is the same process'

# The preset promises, in its own tests, that employees do not log in.
has '1.7 who gives the role employee a permission is told of what was promised' \
	'role employee cannot log in' hexa-admin role edit employee --add-permission hexa.users.view
ok '1.7 which is then so' hexa-admin can emma hexa.users.view
ok '1.7 it is taken away' hexa-admin role edit employee --remove-permission hexa.users.view
ok '1.7 and the promise is kept' hexa-admin policy test

# ---- 1.13: the system administrator ----

need '1.13 a system administrator' key_user boss system-administrator
# has_everything WHEN
has_everything()
{
	local permission
	for permission in dossiers.edit portal.view hexa.policy.apply hexa.users.delete; do
		ok "1.13 $1: boss has $permission" hexa-admin can boss $permission
	done
	same "1.13 $1: and logs in" boss ssh_key boss whoami
}
# fewer ROLE-YAML: a policy that says so of the system administrator
fewer()
{
	{ hexa-admin policy show && echo "# ---" && echo "$1"; } |
		awk '/^# ---$/ { getline; line = "  system-administrator: " $0; exit }
		{ text = text $0 "\n" }
		END { sub(/\nroles:\n/, "\nroles:\n" line "\n", text); printf "%s", text }'
}
has_everything 'from the start'
refused '1.13 no permission is removed' 1 \
	hexa-admin role edit system-administrator --remove-permission '*'
refused '1.13 nor all of them' 1 hexa-admin role edit system-administrator --clear permissions
refused '1.13 the role is not disabled' 1 hexa-admin role disable system-administrator
refused '1.13 nor deleted' 1 hexa-admin --yes role delete system-administrator
for line in '{permissions: [hexa.users.view]}' '{permissions: []}' \
	'{permissions: ["*"], disabled: yes}'; do
	fewer "$line" >/tmp/fewer.yaml
	refused "1.13 nor by a policy: $line" 6 hexa-admin policy apply /tmp/fewer.yaml
done
fewer '{title: The boss, permissions: ["*"]}' >/tmp/fewer.yaml
ok '1.13 a policy that leaves it whole applies' hexa-admin policy apply /tmp/fewer.yaml
has_everything 'after all that'

# ---- 1.14: the tree ----

cat >/tmp/words.pl <<'END'
# The words of each line but its drawing, with its depth: by where the first word stands.
use utf8; use open qw(:std :utf8);
while (<>) { print length($1), " $2\n" if /^([^a-z]*)([a-z][a-z0-9.-]*)/ }
END
# below WORD CHILD: does CHILD stand below WORD, deeper, before a line as shallow as WORD's?
below()
{
	hexa-admin policy show --tree | perl /tmp/words.pl | awk -v word="$1" -v child="$2" '
		inside && $1 <= depth { inside = 0 }
		inside && ($2 == child || $2 == word "." child) { found = 1 }
		$2 == word { inside = 1; depth = $1 }
		END { exit !found }'
}
ok '1.14 dossiers is a branch, with edit on it' below dossiers edit
ok '1.14 and view' below dossiers view
ok '1.14 programs is another' below programs view
refused '1.14 each leaf on its own' 1 below programs dossiers
ok '1.14 what is built in is in the tree' below hexa users
