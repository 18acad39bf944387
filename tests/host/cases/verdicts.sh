# Every verdict there is, in real logins: by password, where the authentication refuses, and by key, where
# only the account phase can; what `user check` says before; what the log says after; and, once the one
# command has been run that `user check` proposes, the same user let in.

password=some-Long-password-1
items=/usr/local/bin/pam_items
must_change=$O/tests/pam/must_change

cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
password: {max-age: 30d}
permissions:
  shell.login:   {title: Log in, services: [sshd, login, su, su-l], types: [employee, client]}
  root.sudo:     {title: Become root, services: [sudo], types: [employee, client]}
  feeds.push:    {title: Push feeds, services: [sshd], types: [integration]}
  dossiers.view: {title: View dossiers}
roles:
  technician: {title: Technician, permissions: [shell.login, root.sudo]}
  feed:       {title: Feed, permissions: [feeds.push]}
  reader:     {title: Reader, permissions: [dossiers.view]}
  visitor:    {title: Visitor}
  retired:    {title: Retired, permissions: [shell.login], disabled: yes}
END
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
cc -O1 -std=gnu11 -D_GNU_SOURCE -o $items tests/attack/pam_items.c -lpam || exit 1

# person NAME ROLE [--FIELD V…]: with a password, and a key
person()
{
	hexa_user "$1" "$2" $password "${@:3}" && authorize "$1"
}
need 'anna may' person anna technician
need 'sue' person sue technician
need 'nick' person nick technician --valid-from 2999-01-01
need 'ed' person ed technician --valid-until 2000-01-01
need 'cora' person cora technician --type client --email cora@example.org
need 'nora' person nora technician
need 'reto' person reto retired
need 'vic' person vic visitor
need 'rea' person rea reader
ok 'sue is suspended' hexa-admin user suspend sue
ok 'nora loses her role' hexa-admin user edit nora --remove-role technician

refused_ones='sue:not-active nick:not-yet-valid ed:expired cora:no-contact nora:no-role reto:role-disabled
	vic:no-permission rea:service-not-permitted'

# ---- refused ----

# check USER: the verdict, the reason and the command of `user check`, in $said_verdict, …
check()
{
	hexa-admin user check "$1" --service sshd >/tmp/check
	said_status=$?
	said_verdict=$(sed -n '1s/ .*//p' /tmp/check)
	said_reason=$(sed -n '1s/^[a-z-]* sshd: //; 1s/ (policy line [0-9]*)$//; 1p' /tmp/check)
	said_mend=$(sed -n 's/^  try: //p' /tmp/check)
}
# by_password USER…: all at once, for a refusal takes seconds; each one's end is in /tmp/end.USER
by_password()
{
	local user waited=()
	for user; do
		{
			ssh_login "$user" $password whoami >"/tmp/end.$user" 2>&1
			echo "exit $?" >>"/tmp/end.$user"
		} &
		waited+=($!)
	done
	wait "${waited[@]}"
}
# log_names USER PHASE REASON, since line $began of the log
log_names()
{
	tail -n "+$((began + 1))" $log_file |
		grep "pam_hexa(sshd:$2): .*\"$1\" refused for service \"sshd\"" | grep -F -- "$3"
}
# heard USER: what Hexa says, before what su makes of it
heard()
{
	su "$1" -c true 2>&1 | sed -n 1p
}

began=$(wc -l <$log_file)
by_password anna $(printf '%s\n' $refused_ones | cut -d: -f1)
has 'anna is let in, by password' '^anna$' cat /tmp/end.anna
same 'and by key' anna ssh_key anna whoami
same 'allowed: user check says so' allowed verdict anna --service sshd
for row in $refused_ones; do
	user=${row%:*}
	check $user
	same "${row#*:}: user check says so" "${row#*:} 1" echo $said_verdict $said_status
	ok "${row#*:}: and why" test -n "$said_reason"
	has "${row#*:}: refused by password" '^exit 255$' cat /tmp/end.$user
	ok "${row#*:}: and the log says why" await log_names $user auth "$said_reason"
	refused "${row#*:}: refused by key" 255 ssh_key $user
	ok "${row#*:}: and the log says why" await log_names $user account "$said_reason"
	same "${row#*:}: what the person hears is the same for all" \
		'This account may not log in here.' heard $user
done

# ---- the one command that changes it ----

# mend USER ROLE: runs it, with ROLE and a number where it has a word in capitals
mend()
{
	local command
	check "$1"
	command=$(sed "s/\bROLE\b/$2/; s/\bNUMBER\b/+46701234567/; s/\bADDRESS\b/$1@example.org/" \
		<<<"$said_mend")
	[ -n "$command" ] && echo "$command" && bash -c "$command"
}
for row in $refused_ones; do
	ok "${row#*:}: the command that user check proposes" mend ${row%:*} technician
done
by_password $(printf '%s\n' $refused_ones | cut -d: -f1)
for row in $refused_ones; do
	user=${row%:*}
	has "${row#*:}: after it, let in by password" "^$user$" cat /tmp/end.$user
	same "${row#*:}: and by key" $user ssh_key $user whoami
	same "${row#*:}: as user check says" allowed verdict $user --service sshd
done
# Whichever of the two the command was about.
ok 'what vic has is taken again: grants' hexa-admin user edit vic --clear grants
ok 'and roles' hexa-admin user edit vic --clear roles
refused 'and vic is out at once' 255 ssh_key vic

# ---- expired, without anything being done ----

# A login with an end that comes
until_then()
{
	hexa-admin user edit anna --valid-until "$end" && { ssh_key anna whoami >/tmp/annas || :; }
}
need 'an end that comes' before_end until_then
same 'until it does, anna is in' anna cat /tmp/annas
ok 'it comes' await past "$end"
refused 'expired: she is out' 255 ssh_key anna
same 'expired: user check says so' expired verdict anna --service sshd
ok 'cleared' hexa-admin user edit anna --clear valid-until
same 'she is in' anna ssh_key anna whoami

# ---- unknown-user ----

refused 'unknown-user: user check knows none' 3 hexa-admin user check nobody-of-this-name
refused 'unknown-user: refused, by password' 255 ssh_login nobody-of-this-name $password
logged 'unknown-user: sshd says so' 'Invalid user nobody-of-this-name'
refused 'unknown-user: refused, by login' 1 tty_login nobody-of-this-name $password true
logged 'unknown-user: the log says so, and no name' 'pam_hexa\(login:auth\): an unknown user refused'
ok 'unknown-user: a key for somebody' authorize gone
refused 'unknown-user: refused, by key' 255 ssh_key gone
need 'unknown-user: once there is such a user' hexa_user gone technician $password
same 'is let in by it' gone ssh_key gone whoami
ok 'unknown-user: deleted' hexa-admin --yes user delete gone
refused 'is refused' 255 ssh_key gone

# ---- type-cannot-log-in ----

need 'an integration' key_user erp feed --type integration
need 'a system' key_user nightly feed --type system
same 'allowed: an integration, by key, where a permission names service and type' erp ssh_key erp whoami
refused 'type-cannot-log-in: a system' 255 ssh_key nightly
check nightly
same 'user check says so' type-cannot-log-in echo $said_verdict
ok 'and the log why' await log_names nightly account "$said_reason"
refused 'type-cannot-log-in: an integration, by another service' 1 su erp -c true
refused 'type-cannot-log-in: no password' 255 ssh_login erp $password
ok 'of another type' hexa-admin user edit nightly --type integration
same 'allowed' nightly ssh_key nightly whoami

# ---- must-change-password ----

# changes USER OLD NEW: logs in, is asked for a new one, and gets on
changes()
{
	answer "$2 $3 $3" ssh "${ssh_options[@]}" -o PreferredAuthentications=keyboard-interactive \
		-l "$1" 127.0.0.1 whoami
}
next=another-Long-password-2
third=another-Long-password-3
for why in marked old; do
	ok "must-change-password: $why" $must_change anna $([ $why = marked ] || echo 31)
	same 'user check says so' must-change-password verdict anna --service sshd
	same 'a key asks for nothing' anna ssh_key anna whoami
	has 'a password does, and lets in after it' '^anna' \
		changes anna $password $next
	same 'user check says' allowed verdict anna --service sshd
	same 'the new one lets in at once' anna ssh_prompted anna $next whoami
	password=$next next=$third
done
ok 'not old enough' $must_change anna 29
same 'lets in at once' anna ssh_prompted anna $password whoami
password=some-Long-password-1

# ---- wrong-site; and the host is what root said it is, whatever anybody else says ----

need 'a client' hexa-admin client add acme --title Acme
need 'another' hexa-admin client add bolt --title Bolt
need 'a site' hexa-admin site add harbour --client acme --title Harbour
ok 'cora is of acme, at the harbour' hexa-admin user edit cora --add-client acme --add-site harbour
need 'tess, for bolt alone' key_user tess visitor
ok 'who has her role there' hexa-admin user edit tess --add-role technician@client:bolt
same 'a host of no client: tess is in' tess ssh_key tess whoami
for host in '' 'acme' 'bolt'; do
	[ -z "$host" ] || ok "the host is $host's" hexa-admin host set --clear --client $host
	began=$(wc -l <$log_file)
	check cora
	same "wrong-site: user check says so: ${host:-no client}" wrong-site echo $said_verdict
	refused 'wrong-site: refused, by key' 255 ssh_key cora
	ok 'wrong-site: and the log says why' await log_names cora account "$said_reason"
done
refused 'wrong-site: refused, by password' 255 ssh_login cora $password
ok 'wrong-site: and the log says why' await log_names cora auth "$said_reason"
same 'a host of bolt: tess is in' tess ssh_key tess whoami

hostname harbour.acme
echo '127.0.0.1 harbour acme harbour.acme' >>/etc/hosts
refused 'the host'\''s name is no client' 255 ssh_key cora
for rhost in acme harbour harbour.acme 'client:acme'; do
	has "nor is where somebody comes from: $rhost" '^acct_mgmt: (Permission denied|Authentication)' \
		$items sshd cora $rhost ssh <<<$password
	has "nor their terminal: $rhost" '^acct_mgmt: (Permission denied|Authentication)' \
		$items sshd cora '' $rhost <<<$password
done
refused 'nor the environment' 1 env HEXA_CLIENT=acme HEXA_CLIENTS=acme HEXA_SITE=harbour su cora -c true
echo 'ALL ALL=(root) NOPASSWD: ALL' >/etc/sudoers.d/hexa-test
chmod 440 /etc/sudoers.d/hexa-test
refused 'nor sudo'\''s --host' 1 as cora sudo -n -h acme id -u
refused 'nor with -l' 1 as cora sudo -n -l -h acme id -u
logged 'which Hexa refuses' '"cora" refused for service "sudo"'
hostname throwaway
ok 'root says so' hexa-admin host set --clear --client acme --site harbour
same 'and cora is in' cora ssh_key cora whoami
same 'by sudo too' 0 as cora sudo -n id -u
refused 'and tess is not' 255 ssh_key tess
same 'tess: user check says so' wrong-site verdict tess --service sshd


# ---- locked-out: of a password, from where too many failed ----
echo 'lockout: {failures: 1, within: 15m, for: 15m}' >>/tmp/policy.yaml
need 'one failure is too many' hexa-admin policy apply /tmp/policy.yaml
has 'one' '^authenticate: Authentication failure' $items sshd sue 127.0.0.1 ssh <<<wrong-password
began=$(wc -l <$log_file)
refused 'locked-out: refused' 255 ssh_login sue $password
ok 'locked-out: and the log says why' await log_names sue auth 'sue is locked out after too many failures'
same 'locked-out: by key she is in' sue ssh_key sue whoami
hexa-admin user check sue --service sshd >/tmp/check 2>&1
has 'locked-out: user check says so' '^hexa-admin: sue is locked out from this host until ' cat /tmp/check
has 'locked-out: before all else' '^hexa-admin: sue is locked out' sed -n 1p /tmp/check
mend=$(sed -n "s/^  try: //p" /tmp/check | head -n 1)
same 'locked-out: and what ends it' 'hexa-admin user unlock sue' echo "$mend"
# shellcheck disable=SC2086 # words
ok 'locked-out: which does' $mend
same 'locked-out: and she is in' sue ssh_login sue $password whoami
