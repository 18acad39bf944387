# Those who may act on Hexa: they are in the group hexa-admins, sudo lets them run hexa-admin and nothing else, and
# neither outlives the permission.  The drop-in for sudo is there, or sudo is as it was; and nobody takes their own
# access away.

cat >/tmp/policy.yaml <<'POLICY'
hexa-policy: 1
login: {other-services: refuse}
permissions:
  shell.login: {title: Log in, services: [sshd, login, su, su-l]}
roles:
  member: {title: Member, permissions: [shell.login]}
  deputy: {title: Deputy, includes: [member], permissions: [hexa.users.view, hexa.users.edit]}
  keeper: {title: Keeper, includes: [member], permissions: [hexa.roles.*, hexa.policy.*]}
POLICY
drop_in=/etc/sudoers.d/hexa
boss=Boss-Long-password-1 dana=Dana-Long-password-1 bob=Bob-Long-password-1 kim=Kim-Long-password-1

# sudo_by USER ARG…: sudo by a user, who is asked for the password each time
sudo_by()
{
	local user=$1
	shift
	as "$user" sudo -S -k -p '' "$@" <<<"${!user}"
}

# ssh_sudo USER ARG…: the same from a terminal of a session that ssh opened
ssh_sudo()
{
	local user=$1
	shift
	answer "${!user} ${!user}" ssh "${ssh_options[@]}" -o PreferredAuthentications=password -tt \
		-l "$user" 127.0.0.1 sudo -k "$@"
}

# finding CHECK: how the doctor calls it
finding()
{
	hexa-admin doctor | sed -n "s/ $1: .*//p"
}

# members: of the group, without the line's other words
members()
{
	getent group hexa-admins | cut -d : -f 4
}

# ---- the drop-in ----

refused 'there is no drop-in before' 1 test -e $drop_in
need 'a new database, and the host switched on' hexa_enable
same 'then it is there: its mode and owner' '440 root root' stat -c '%a %U %G' $drop_in
same 'its one line' '%hexa-admins ALL=(root) /usr/sbin/hexa-admin' grep -v '^#' $drop_in
has 'sudo reads it' "^$drop_in: parsed OK" visudo -c
has 'host show says so' '^sudoers +on$' hexa-admin host show
same 'doctor is content' good finding sudoers
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
need 'a system administrator' hexa_user boss system-administrator $boss
need 'a deputy for sales' hexa_user dana deputy@/sales $dana
need 'somebody of sales' hexa_user bob member $bob --unit /sales
need 'a keeper of the policy' hexa_user kim keeper $kim

# ---- the group ----

same 'the group has those who may act' boss,dana,kim members
has 'so says id' '\(hexa-admins\)' as nobody id dana
lacks 'of nobody else' '\(hexa-admins\)' as nobody id bob
refused 'nobody is called so' 5 hexa-admin user add hexa-admins --role member --first-name H --last-name A
refused 'nor a role'\''s group' 6 hexa-admin role add mine --group hexa-admins
sed 's/^  member: {/&group: hexa-admins, /' /tmp/policy.yaml >/tmp/named.yaml
refused 'not in a FILE either' 6 hexa-admin policy check /tmp/named.yaml
sed 's/title: Log in/&, unix-groups: [hexa-admins]/' /tmp/policy.yaml >/tmp/named.yaml
refused 'nor does a permission lead into it' 6 hexa-admin policy check /tmp/named.yaml

# ---- a delegate by ssh and sudo ----

has 'dana comes to the users' '\bbob\b' ssh_sudo dana hexa-admin user list --columns name
lacks 'of sales alone' '\bboss\b' ssh_sudo dana hexa-admin user list --columns name
ok 'edits them' ssh_sudo dana hexa-admin user edit bob --note seen
refused 'and not those out of reach' 4 ssh_sudo dana hexa-admin user edit boss --note seen
refused 'nothing else is run for her' 1 ssh_sudo dana id
logged 'sudo itself refuses' 'dana : command not allowed .*COMMAND=/usr/bin/id'
refused 'nor a shell' 1 ssh_sudo dana -i
refused 'nor hexa-admin as somebody else' 1 ssh_sudo dana -u boss hexa-admin user list
refused 'nor what is called so' 1 ssh_sudo dana /tmp/hexa-admin user list
has 'user check names the permission' '^allowed .*hexa\.users\.' hexa-admin user check dana --service sudo
has 'user check lists it, though the policy does not name it' '^allowed sudo: ' hexa-admin user check dana
refused 'bob is refused' 1 ssh_sudo bob hexa-admin user list
logged 'by Hexa' '"bob" refused for service "sudo"'
has 'user check says why' '^service-not-permitted .*but to who may act on Hexa' \
	hexa-admin user check bob --service sudo

# ---- as long as the permission ----

# What dana's session comes to: it calls sudo, waits until somebody writes to the pipe, and calls it again.
mkfifo -m 666 /tmp/gone
session()
{
	as dana bash -c 'sudo -S -k -p "" hexa-admin user list --columns name | grep -x bob
		cat /tmp/gone >/dev/null
		sudo -S -k -p "" hexa-admin user list
		echo "then $?"' <<<"$dana"$'\n'"$dana" >/tmp/session 2>&1
}

# In the words of the policy that refuses other services, and of one that does not.
for other in refuse any-permission; do
	sed "s/other-services: refuse/other-services: $other/" /tmp/policy.yaml >/tmp/now.yaml
	need "the policy, other services: $other" hexa-admin policy apply /tmp/now.yaml
	session &
	need 'dana is at work' await grep -x bob /tmp/session
	ok 'the role loses what it may' hexa-admin role edit deputy --remove-permission hexa.users.view \
		--remove-permission hexa.users.edit
	echo >/tmp/gone
	wait $!
	has 'the very next sudo is refused' '^then [14]$' cat /tmp/session
	lacks 'and shows nothing' '^boss' cat /tmp/session
	same 'the group is without her' boss,kim members
	refused 'a new session has no sudo either' 1 sudo_by dana hexa-admin user list
	ok 'she logs in' ssh_login dana $dana
done
need 'the policy' hexa-admin policy apply /tmp/policy.yaml
while IFS='|' read -r name take give; do
	ok "$name" sudo_by dana hexa-admin user list
	# shellcheck disable=SC2086 # words
	ok "$name goes" hexa-admin $take
	refused "$name is gone at the next sudo" 1 sudo_by dana hexa-admin user list
	same 'the group is without her' boss,kim members
	# shellcheck disable=SC2086 # words
	ok "$name comes back" hexa-admin $give
	same 'the group has her' boss,dana,kim members
done <<'END_OF_WAYS'
an enabled role|role disable deputy|role enable deputy
a role of hers|user edit dana --add-role member --remove-role deputy@/sales|user edit dana --add-role deputy@/sales
END_OF_WAYS
refused 'bob may not act' 1 sudo_by bob hexa-admin user list
ok 'bob is granted a permission' hexa-admin user edit bob --grant hexa.users.view
ok 'bob acts' sudo_by bob hexa-admin user list
same 'and is in the group' bob,boss,dana,kim members
ok 'it is taken back' hexa-admin user edit bob --ungrant hexa.users.view
refused 'bob may not act' 1 sudo_by bob hexa-admin user list
ok 'dana is suspended' hexa-admin user suspend dana
refused 'then sudo is not hers' 1 sudo_by dana hexa-admin user list
ok 'and resumed' hexa-admin user resume dana

# ---- one's own access ----

refused 'kim does not shut himself out' 1 sudo_by kim hexa-admin role edit keeper --remove-include member
refused 'nor gives his office up' 1 sudo_by kim hexa-admin role disable keeper
sed '/^  keeper:/s/permissions: .*/permissions: []}/' /tmp/policy.yaml >/tmp/kims.yaml
chmod 644 /tmp/kims.yaml
refused 'by no FILE' 1 sudo_by kim hexa-admin policy apply /tmp/kims.yaml
refused 'not when it is only tried' 1 sudo_by kim hexa-admin policy apply --dry-run /tmp/kims.yaml
has 'policy diff says so' 'your own last permission' sudo_by kim hexa-admin policy diff /tmp/kims.yaml
ok 'root may' hexa-admin policy apply /tmp/kims.yaml
refused 'then kim is out of it' 1 sudo_by kim hexa-admin policy show
ok 'and in again' hexa-admin policy apply /tmp/policy.yaml
ok 'he changes what leaves him both' sudo_by kim hexa-admin role edit keeper --title Warden

# ---- the drop-in is there, or sudo is as it was ----

# on_and_off: switched off, without a drop-in, and on again
on_and_off()
{
	hexa-admin host disable && [ ! -e $drop_in ] && hexa-admin host enable
}

# folder: what stands beside it
folder()
{
	ls -A /etc/sudoers.d
}

beside=$(folder)
ok 'off and on' on_and_off
same 'leaves nothing lying' "$beside" folder
chmod 644 $drop_in
same 'doctor sees another mode' warning finding sudoers
ok 'host enable sets it right' hexa-admin host enable
same 'and doctor is content' good finding sudoers
rm $drop_in
same 'doctor misses it' error finding sudoers
has 'host show too' '^sudoers +off$' hexa-admin host show
refused 'without it dana has no sudo' 1 sudo_by dana hexa-admin user list

printf 'nonsense\n' >/etc/sudoers.d/broken
chmod 440 /etc/sudoers.d/broken
has 'where sudo is at fault already' 'was not written' hexa-admin host enable
refused 'nothing is added' 1 test -e $drop_in
ok 'and the host is switched on' getent -s hexa passwd boss
rm /etc/sudoers.d/broken
ok 'once it is mended it comes' hexa-admin host enable
ok 'dana has sudo' sudo_by dana hexa-admin user list

# A visudo that finds fault, with the text on its own, or with the whole once the drop-in is in it.
ok 'switched off' hexa-admin host disable
before=$(cat /etc/nsswitch.conf)
mv /usr/sbin/visudo /usr/sbin/visudo.real
for fault in '*-f*' '-c'; do
	cat >/usr/sbin/visudo <<-FAULTY
		#!/bin/sh
		case "\$*" in
		$fault) if [ -e $drop_in ] || [ '$fault' != -c ]; then echo 'no good'; exit 1; fi ;;
		esac
		exec /usr/sbin/visudo.real "\$@"
	FAULTY
	chmod 755 /usr/sbin/visudo
	refused "visudo complains of $fault" 7 hexa-admin host enable
	same 'sudo is as it was' "${beside/$'\n'hexa/}" folder
	same 'and so is all else' "$before" cat /etc/nsswitch.conf
done
mv /usr/sbin/visudo.real /usr/sbin/visudo
mv /usr/bin/sudo /usr/bin/sudo.away
ok 'without sudo the host is switched on' hexa-admin host enable
refused 'and there is no drop-in' 1 test -e $drop_in
same 'of which doctor warns' warning finding sudoers
mv /usr/bin/sudo.away /usr/bin/sudo
ok 'with sudo it comes' hexa-admin host enable
same 'and doctor is content' good finding sudoers

# An administrator's own line is theirs.
sed -i 's/(root) /&NOPASSWD: /' $drop_in
has 'a changed drop-in is left' 'changed by hand' hexa-admin host enable
has 'as it is' 'NOPASSWD' cat $drop_in
same 'doctor tells' warning finding sudoers
ok 'it counts' as dana sudo -n -k hexa-admin user list
has 'switching off keeps it' 'hexa.hexa-saved' hexa-admin host disable
has 'aside' 'NOPASSWD' cat $drop_in.hexa-saved
refused 'where sudo passes it over' 1 grep -r hexa-admins /etc/sudoers.d --include=hexa
ok 'on again' hexa-admin host enable
lacks 'the drop-in is Hexa'\''s' 'NOPASSWD' cat $drop_in
sed -i '/includedir/d' /etc/sudoers
has 'where sudo does not read the folder, it says so' 'includedir' hexa-admin host enable
same 'and so does doctor' error finding sudoers
echo '@includedir /etc/sudoers.d' >>/etc/sudoers
same 'until it does' good finding sudoers

# A local group of that name would make its members root.
echo 'hexa-admins:x:1234:' >>/etc/group
same 'doctor sees a group of the host'\''s own' error finding sudoers
refused 'and nothing is switched on' 5 hexa-admin host enable
sed -i '/^hexa-admins:/d' /etc/group
ok 'the other one is Hexa'\''s' hexa-admin host enable
