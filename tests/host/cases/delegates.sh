# Those who come to hexa-admin through the real sudo: what they may see they cannot therefore change, nobody
# gives more than they have, files and editors have the person's own rights; and the last system administrator
# stays, whatever is tried.

cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
login: {other-services: refuse}
permissions:
  shell.login:   {title: Log in, services: [sshd, login, su, su-l, sudo]}
  dossiers.view: {title: View dossiers}
  dossiers.edit: {title: Edit dossiers}
roles:
  plain:   {title: Plain, permissions: [shell.login]}
  viewer:  {title: Viewer, permissions: [shell.login, hexa.users.view]}
  clerk:   {title: Clerk, includes: [viewer, plain], permissions: [hexa.users.create, hexa.users.edit]}
  lodger:  {title: Lodger, permissions: [shell.login]}
  keeper:  {title: Keeper, includes: [plain], permissions: [hexa.roles.*, hexa.policy.*, dossiers.view]}
  editor:  {title: Editor, includes: [plain], permissions: [dossiers.edit]}
  dormant: {title: Dormant, permissions: [dossiers.edit], disabled: yes}
END
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
need 'a system administrator' key_user boss system-administrator
need 'one who may view users' key_user vera viewer
need 'one who may edit them' key_user clara clerk
need 'one who may edit the policy' key_user kim keeper
need 'one who may nothing of this' key_user bob plain
need 'one who edits dossiers' key_user edna editor
need 'hexa-admin behind sudo' sudo_hexa_admin

# ---- what may be seen is not therefore changed ----

printf 'hexa-policy: 1\nroles: {}\n' >/tmp/empty.yaml
chmod 644 /tmp/empty.yaml
has 'vera sees the users' '\bbob\b' behind_sudo vera user list
ok 'and each one' behind_sudo vera user show bob
ok 'and why they get in' behind_sudo vera user check bob
before=$(hexa-admin activity verify)
while read -ra words; do
	refused "vera may not: ${words[*]}" 4 behind_sudo vera --yes "${words[@]}"
done <<'END'
user add mia --role plain --first-name Mia --last-name Berg
user edit bob --note x
user edit bob --add-role viewer
user edit bob --grant shell.login
user edit vera --add-role clerk
user edit vera --email vera@example.org
user edit vera --phone +46701234567
user edit vera --valid-until 2999-01-01
user rename bob bert
user rename vera vesta
user suspend bob
user resume bob
user delete bob
role list
role add mine --permission shell.login
role edit viewer --add-permission hexa.users.edit
role disable editor
role enable dormant
role delete dormant
policy show
policy apply /tmp/empty.yaml
policy apply --dry-run /tmp/empty.yaml
policy diff /tmp/empty.yaml
client add acme --title Acme
site add harbour --client acme --title Harbour
activity list
init
host set --client acme
host disable
END
refused 'nor set a password' 4 behind_sudo vera user password bob --password-stdin \
	<<<some-Long-password-1
refused 'nor her own' 4 behind_sudo vera user password vera --password-stdin \
	<<<some-Long-password-1
refused 'nor be somebody else' 4 behind_sudo vera --as boss user edit bob --note x
refused 'nor in another tree' 4 behind_sudo vera --root /tmp user list
refused 'of which she is not told whether it is there' 4 behind_sudo vera --root /root/none user list
# A tree of her own making would have root read for her what it links to.
mkdir -p /home/vera/tree/etc /root/closed && ln -s /root/closed /home/vera/tree/etc/pam.d
echo '/root/closed-word' >/root/closed/payroll
ln -s /root/closed/payroll /home/vera/tree/etc/shells
lacks 'nor by completion: files' closed-word behind_sudo vera completion bash -- \
	--root /home/vera/tree user edit x --shell /
lacks 'folders' payroll behind_sudo vera completion bash -- --root /home/vera/tree can x y --service ''
refused 'nor by its own option' 4 behind_sudo vera --root /home/vera/tree completion bash -- user edit x --shell /
has 'which offers what this host has' '^/bin/' behind_sudo vera completion bash -- user edit x --shell /
has 'and root what there is anywhere' closed-word hexa-admin completion bash -- \
	--root /home/vera/tree user edit x --shell /
refused 'bob sees nobody' 4 behind_sudo bob user list
same 'nothing has changed' "$before" hexa-admin activity verify
ok 'clara edits' behind_sudo clara user edit bob --note 'by clara'
has 'and the journal names her' '\bclara\b.*\bbob\b' hexa-admin activity list

# ---- nobody gives more than they have: users ----

ok 'clara gives what she has' behind_sudo clara user edit bob --add-role viewer
ok 'and takes it' behind_sudo clara user edit bob --remove-role viewer
ok 'all of it' behind_sudo clara user add mia --role clerk --first-name Mia --last-name Berg
while read -ra words; do
	refused "clara may not: ${words[*]}" 4 behind_sudo clara --yes "${words[@]}"
done <<'END'
user edit clara --add-role editor
user edit clara --note x
user edit clara --grant dossiers.edit
user edit bob --add-role editor
user edit bob --add-role dormant
user edit bob --add-role system-administrator
user edit bob --add-role lodger
user edit bob --grant dossiers.edit
user edit bob --grant *
user edit bob --grant dossiers.*
user edit edna --note x
user edit edna --remove-role editor
user edit boss --note x
user suspend boss
user rename boss bess
user delete bob
user add mio --role editor --first-name Mio --last-name Berg
user add mio --role plain --grant dossiers.edit --first-name Mio --last-name Berg
END
ok 'an equal is edited' behind_sudo clara user edit mia --note 'by clara'

# ---- the policy as a file ----

# kims SED: the policy as it was applied, changed by sed, as a file of his
kims()
{
	sed "$1" /tmp/policy.yaml >/tmp/kims.yaml
	chown kim: /tmp/kims.yaml && chmod 600 /tmp/kims.yaml
}
while IFS='|' read -r name change; do
	kims "$change"
	ok "$name: root may" hexa-admin policy check /tmp/kims.yaml
	refused "$name: kim may not" 4 behind_sudo kim policy apply /tmp/kims.yaml
	refused "$name: nor try" 4 behind_sudo kim policy apply --dry-run /tmp/kims.yaml
	ok "$name: he may see what it would do" behind_sudo kim policy diff /tmp/kims.yaml
done <<'END'
a permission that he lacks|/^  plain:/s/\[/&dossiers.edit, /
everything|/^  plain:/s/\[/&"*", /
all of a branch|/^  plain:/s/\[/&dossiers.*, /
a role that has more|/^  plain:/s/permissions/includes: [viewer], &/
a service that he lacks|s/title: View dossiers/&, services: [cron]/
a service for those who have more|s/title: Edit dossiers/&, services: [cron]/
less for those who have more|/^  clerk:/s/hexa.users.create, //
a permission of theirs|s/title: Edit dossiers/title: Edit/
a role that is switched on|s/, disabled: yes//
a group that is root's equal|s/title: View dossiers/&, unix-groups: [docker]/
a group of the host's|s/title: View dossiers/&, unix-groups: [adm]/
every service that is not named|s/^login:.*//
a setting|s/^permissions:/password: {min-length: 8}\n&/
END
kims '/^  plain:/s/\[/&dossiers.view, /'
ok 'what he has, he may give by a file' behind_sudo kim policy apply /tmp/kims.yaml
ok 'and it is in force' hexa-admin can bob dossiers.view
kims ''
ok 'and back' behind_sudo kim policy apply /tmp/kims.yaml
refused 'which is in force' 1 hexa-admin can bob dossiers.view

# ---- roles ----

while read -ra words; do
	refused "kim may not: ${words[*]}" 4 behind_sudo kim --yes "${words[@]}"
done <<'END'
role edit keeper --add-permission hexa.users.edit
role edit plain --add-permission dossiers.edit
role edit plain --add-permission *
role edit plain --add-permission hexa.*
role edit plain --add-include viewer
role add mine --permission dossiers.edit
role add mine --include editor
role add mine --include clerk
role enable dormant
user list
END
ok 'kim makes a role of what he has' behind_sudo kim role add reader --permission dossiers.view
ok 'and gives a role that' behind_sudo kim role edit plain --add-permission dossiers.view
ok 'and takes from it' behind_sudo kim role edit plain --remove-permission dossiers.view
while read -ra words; do
	refused "kim takes nothing from those who have more: ${words[*]}" 4 \
		behind_sudo kim --yes "${words[@]}"
done <<'END'
role edit clerk --remove-permission hexa.users.create
role edit editor --title Other
role edit editor --remove-include plain
role disable editor
role edit plain --remove-permission shell.login
role disable plain
role delete dormant
END
ok 'what is his to give he changes' behind_sudo kim role edit reader --title Reader
ok 'and deletes' behind_sudo kim role delete reader --yes
ok 'root does' hexa-admin role edit editor --title 'Editor of dossiers'

# ---- files and editors have the person's rights ----

echo 'canary: of-root-alone' >/root/policy.yaml
chmod 600 /root/policy.yaml
for file in /root/policy.yaml /etc/shadow; do
	for verb in check diff apply; do
		refused "kim's $verb does not read root's $file" 6 behind_sudo kim policy $verb $file
		lacks 'nor shows any of it' 'canary|root:' behind_sudo kim policy $verb $file
	done
done
has 'root'\''s does, and finds no policy in it' 'canary' hexa-admin policy check /root/policy.yaml
kims ''
ok 'kim'\''s own file he reads' behind_sudo kim policy check /tmp/kims.yaml
refused 'and bob does not' 4 behind_sudo bob policy check /tmp/kims.yaml

cat >/usr/local/bin/test-editor <<'END'
#!/bin/bash
# Notes who it is and what it was given; then makes the next of the changes in /tmp/changes.
{
	echo "uid $(id -u) groups $(id -G)"
	stat -c 'owner %u mode %a' "$1"
	stat -c 'folder owner %u mode %a' "$(dirname "$1")"
	echo "descriptors $(ls /proc/self/fd | xargs)"
	env | grep -E '^(HOME|USER|LOGNAME)='
} >"/tmp/saw.$(id -u)"
change=$(ls /tmp/changes | head -n 1)
sed -i -f "/tmp/changes/$change" "$1"
rm -f "/tmp/changes/$change"
[ ! -x /tmp/meanwhile ] || /tmp/meanwhile
END
chmod 755 /usr/local/bin/test-editor
echo 'Defaults env_keep += "EDITOR"' >>/etc/sudoers.d/hexa-test
kim_uid=$(id -u kim)
# edits USER ANSWERS CHANGE…: policy edit by USER, whose editor makes one change each time
edits()
{
	local user=$1 answers=$2 number=0
	shift 2
	rm -rf /tmp/changes && mkdir -m 777 /tmp/changes
	for change; do
		number=$((number + 1))
		echo "$change" >/tmp/changes/$number
	done
	if [ "$user" = root ]; then
		EDITOR=test-editor answer "$answers" hexa-admin policy edit
	else
		EDITOR=test-editor answer "$answers" as "$user" sudo -n hexa-admin policy edit
	fi
}
people='s/title: Plain$/title: Plain people/'
widen='/^  plain:/,/permissions:/s/permissions: \[/&dossiers.edit, /'
mistake='s/permissions:/permisions:/'
before=$(hexa-admin activity verify)
refused 'policy edit without a terminal' 2 setsid setpriv --reuid kim --regid kim --init-groups \
	sudo -n hexa-admin policy edit
has 'policy edit shows what would change' '^\+ *title: Plain people' edits kim q "$people"
same 'and a no keeps all as it was' "$before" hexa-admin activity verify
refused 'which is its answer' 1 edits kim q "$people"
has 'the editor ran as kim' "^uid $kim_uid groups .*$kim_uid" cat "/tmp/saw.$kim_uid"
has 'on a copy of his' "^owner $kim_uid mode 600" cat "/tmp/saw.$kim_uid"
has 'in a folder of his' "^folder owner $kim_uid mode 700" cat "/tmp/saw.$kim_uid"
has 'as himself' '^USER=kim$' cat "/tmp/saw.$kim_uid"
has 'with no descriptor of root'\''s' '^descriptors 0 1 2 3$' cat "/tmp/saw.$kim_uid"
lacks 'nothing is left in /tmp' '^hexa-' ls /tmp
ok 'a yes applies it' edits kim y "$people"
has 'and it is in force' '^title *Plain people$' hexa-admin role show plain
has 'by kim' '\bkim  *policy apply\b' hexa-admin activity list
before=$(hexa-admin activity verify)
ok 'no change asks nothing' edits kim '' ''
has 'more than he has is refused' 'dossiers.edit, which you have not' edits kim q "$widen"
has 'a mistake has its place' ':[0-9]+:[0-9]+: ' edits kim q "$mistake"
same 'none of them changes anything' "$before" hexa-admin activity verify
ok 'a mistake is mended in a second round' edits kim 'e y' "$mistake" \
	's/permisions:/permissions:/; s/title: Plain people/title: Plain/'
has 'and that is in force' '^title *Plain$' hexa-admin role show plain
refused 'who may not edit the policy is given no editor' 4 edits vera y "$people"
refused 'of hers' 1 test -e "/tmp/saw.$(id -u vera)"
ok 'root edits too' edits root y 's/title: Editor of dossiers/title: Editor/'
has 'as root' '^uid 0 ' cat /tmp/saw.0
has 'and it is in force' '^title *Editor$' hexa-admin role show editor
printf '#!/bin/sh\nhexa-admin role edit viewer --title Meanwhile\n' >/tmp/meanwhile
chmod 755 /tmp/meanwhile
refused 'what was changed meanwhile is not undone' 5 edits root y "$people"
rm /tmp/meanwhile
has 'and stands' '^title *Meanwhile$' hexa-admin role show viewer

# ---- the last system administrator ----

# boss_is_there WHAT WAS TRIED
boss_is_there()
{
	same "$1: boss is in" boss ssh_key boss whoami
	ok "$1: with everything" hexa-admin can boss hexa.policy.apply
}
while read -ra words; do
	refused "the last one: ${words[*]}" 1 hexa-admin --yes "${words[@]}"
done <<'END'
user delete boss
user suspend boss
user edit boss --remove-role system-administrator
user edit boss --valid-until 2999-01-01
user edit boss --valid-from 2999-01-01
user edit boss --type system
user edit boss --type integration
user edit boss --type client
role edit system-administrator --remove-permission *
role disable system-administrator
role delete system-administrator
END
refused 'the last one: a scope' 6 hexa-admin user edit boss \
	--add-role system-administrator@/sales --remove-role system-administrator
hexa-admin policy show | sed 's/^roles:/&\n  system-administrator: {permissions: ["*"], disabled: yes}/' \
	>/tmp/less.yaml
refused 'the last one: a policy' 6 hexa-admin policy apply /tmp/less.yaml
boss_is_there 'all that'
refused 'nor does boss by himself' 4 behind_sudo boss user delete boss --yes
need 'a second one' key_user bess system-administrator
ok 'is a reason to let the first go' hexa-admin user suspend boss
refused 'who is out' 255 ssh_key boss
refused 'and acts no more: sudo' 1 behind_sudo boss user list
refused 'nor --as' 4 hexa-admin --as boss user list
refused 'now she is the last' 1 hexa-admin user suspend bess
ok 'boss comes back' behind_sudo bess user resume boss
boss_is_there 'after that'

same_sshd 'all through, sshd is the same process'
