# People and their own account, without sudo, through the setuid helper: they see it, change what is theirs of
# it, and ask what they may do; of nobody else's, whatever they ask, whatever they start it with.

ask=$PWD/$O/tests/pam/ask
helper=/usr/libexec/hexa/hexa-pam-helper
cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
login: {other-services: refuse}
permissions:
  shell.login:   {title: Log in, services: [sshd, login, su, su-l, sudo]}
  dossiers.view: {title: View dossiers}
  dossiers.edit: {title: Edit dossiers}
roles:
  technician: {title: Technician, permissions: [shell.login, dossiers.view], access-back: 30}
END
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
need 'anna' key_user anna technician --email anna@example.org --phone +46701234567 --note 'a word' --shell /bin/bash
need 'bob' key_user bob technician --email bob@example.org --profession Clerk
need 'a system administrator' key_user boss system-administrator
need 'one whose shell nobody may choose' key_user kept technician --shell /bin/true
need 'a local user' local_user lena lenas-Long-password-1
uid=$(id -u anna)

# self USER VERB…: over ssh, as people come
self()
{
	local user=$1
	shift
	ssh_key "$user" /usr/sbin/hexa-admin "$(printf '%q ' "$@")"
}

# As if nobody had changed anything for a while.
rested()
{
	rm -f /run/hexa/self-edits
}

sequence()
{
	hexa-admin activity verify | cut -d: -f1
}

# unchanged NAME: the journal has nothing new since $before
unchanged()
{
	same "$1: nothing was written" "$before" sequence
}

# ---- seeing ----

has 'anna sees her account' '^name +anna$' self anna self show
has 'all of it' '^note +a word$' self anna self show
lacks 'but no secret' 'password|argon2|must-change' self anna self show
has 'with each field that user show has' '"created": "20' self anna --json self show
# But for what is kept beside the record: documents, logins, credentials.
beside='"(documents|failures|locked-from|locked-until|last-login|last-from|password-set|code-until|code-used|keys)"'
same 'the same as root sees' "$(hexa-admin --json user show anna | grep -Ev "$beside" | tr -d ' ,\n')" \
	sh -c "setpriv --reuid anna --regid anna --init-groups hexa-admin --json self show | tr -d ' ,\n'"

# ---- what is theirs ----

before=$(sequence)
ok 'anna changes what is hers' self anna self edit --profession Carpenter --first-name Ann --route-to bob
logged 'which is in the log' 'hexa-pam-helper.*user anna \(uid [0-9]+\) changed: first-name,profession,route-to by anna'
same 'and stands' Carpenter sh -c "hexa-admin --json user show anna | sed -n 's/.*\"profession\": \"\(.*\)\".*/\1/p'"
has 'for all to see at once' '^anna:[^:]*:[0-9]*:[0-9]*:Ann Berg:' getent passwd anna
has 'the journal names her, and what she did' '\banna +self edit +user anna +profession +Carpenter' \
	hexa-admin activity list --actor anna
ok 'and its chain holds' hexa-admin activity verify
ok 'she empties a field' self anna self edit --clear route-to
before=$(sequence)
ok 'what changes nothing' self anna self edit --profession Carpenter
unchanged 'which changes nothing'
ok 'a shell of the host' self anna self edit --shell /bin/dash
has 'is hers' '^anna:.*:/bin/dash$' getent passwd anna
before=$(sequence)
refused 'no other shell' 6 self anna self edit --shell /bin/true
refused 'nor none' 6 self anna self edit --clear shell
refused 'who was given one that nobody chooses keeps it' 4 as kept hexa-admin self edit --shell /bin/bash
refused 'a value is the field'\''s' 6 self anna self edit --first-name 'a:b'
refused 'a name is needed' 6 self anna self edit --clear last-name
refused 'and nothing is nothing' 2 self anna self edit
refused 'another by an address is nobody' 6 self anna self edit --route-to bob@example.org
refused 'whether it is there or not' 6 self anna self edit --route-to nobody@example.org
unchanged 'what was refused'

# ---- what is not ----

# Every option of `user edit` that `self edit` does not show.
options()
{
	hexa-admin help "$@" | sed -n 's/^  --\([a-z-]*\) [^ ]* .*/\1/p' | sort
}
rested
options self edit >/tmp/own
same 'these are theirs' 'clear first-name last-name profession route-to shell' xargs </tmp/own
options user edit | comm -23 - /tmp/own >/tmp/others
ok 'and these are not' test "$(wc -l </tmp/others)" -ge 15
refuses_all()
{
	local option
	while read -r option; do
		as anna hexa-admin self edit --"$option" x >/tmp/said 2>&1
		[ $? = 4 ] && grep -q 'somebody else must' /tmp/said || { echo "--$option:"; cat /tmp/said; return 1; }
		case $option in add-* | remove-* | grant | ungrant) continue ;; esac
		as anna hexa-admin self edit --profession x --clear "$option" >/tmp/said 2>&1
		[ $? = 4 ] && grep -q 'somebody else must' /tmp/said || { echo "--clear $option:"; cat /tmp/said; return 1; }
	done </tmp/others
}
ok 'each is somebody else'\''s to change' refuses_all
refused 'over ssh too' 4 self anna self edit --add-role system-administrator
logged 'which is in the log' 'hexa-pam-helper.*asked by uid [0-9]+: user "anna" refused a change of their own account: roles'
refused 'nor is an administrator another' 4 self boss self edit --email boss@example.org
# What hexa-admin would not say: the helper knows by itself.
for field in roles grants status uid gid name version uuid origin created password password-set must-change; do
	has "nor by another program: $field" '^refused: .*somebody else must' \
		as anna "$ask" edit anna x <<<"$field=system-administrator"
done
has 'a field that there is not' '^refused: a user has no field' as anna "$ask" edit anna x <<<'no-such=x'
unchanged 'which is not theirs'

# ---- nobody else's ----

has 'whoever is named, it is her own' '^name=anna$' as anna "$ask" show bob x
lacks 'and no other' 'bob' as anna "$ask" show bob x
has 'it is her own that she would change' '^refused: ' as anna "$ask" edit bob x <<<'email=x@example.org'
same 'bob is as he was' Clerk sh -c "hexa-admin --json user show bob | sed -n 's/.*\"profession\": \"\(.*\)\".*/\1/p'"
has 'root gets nothing so: show' '^fault$' "$ask" show anna x
has 'nor by edit' '^fault$' "$ask" edit anna x <<<'profession=x'
has 'nor by can' '^fault$' "$ask" can anna x <<<'shell.login'
refused 'root has no account' 4 hexa-admin self show
sudo_hexa_admin
refused 'nor who is behind sudo' 4 behind_sudo anna self show
refused 'a local user is no user of Hexa'\''s' 3 as lena hexa-admin self show
refused 'nor has anything to change' 3 as lena hexa-admin self edit --profession x
refused 'nor can anything' 3 as lena hexa-admin can lena shell.login
refused 'nobody else is seen without sudo' 4 as anna hexa-admin user show anna
refused 'another tree is root'\''s' 4 as anna hexa-admin --root /tmp self show
refused 'and so are others'\'' rights' 4 as anna hexa-admin --as boss self show
unchanged 'of others'

# ---- what they may do ----

ok 'anna may' self anna can anna dossiers.view
for name in anna@example.org +46701234567 "uid:$uid"; do
	ok "by each of her names: $name" self anna can "$name" dossiers.view
done
refused 'and may not' 1 self anna can anna dossiers.edit
has 'and is told why' '^no: no role of anna carries the permission' self anna can anna dossiers.edit
lacks 'not what an administrator would do' 'try:' self anna can anna dossiers.edit
refused 'by another service' 1 self anna can anna shell.login --service cron
refused 'a year ago' 1 self anna can anna dossiers.view --dated "$(date -u -d '-1 year' +%F)"
refused 'there is no such permission' 3 self anna can anna no.such
refused 'not about bob' 4 self anna can bob dossiers.view
refused 'nor about nobody' 4 self anna can nobody dossiers.view
same 'in the same words' "$(as anna hexa-admin can bob dossiers.view 2>&1)" \
	sh -c 'setpriv --reuid anna --regid anna --init-groups hexa-admin can nobody dossiers.view 2>&1; true'
has 'as JSON' '"verdict": "no-permission"' self anna --json can anna dossiers.edit
refused 'a time is a time' 2 self anna can anna dossiers.view --at yesterday

# ---- what it is started with ----

printf 'void __attribute__((constructor)) spy(void) { __builtin_trap(); }' | cc -shared -fPIC -xc -o /tmp/attack.so -
rested
hostile=(env LD_LIBRARY_PATH=/tmp GLIBC_TUNABLES=glibc.malloc.check=3 HEXA_ROOT=/tmp HEXA_HELPER=/bin/true
	HEXA_DATABASE=/tmp/hexa.mdb SUDO_UID=0 SUDO_USER=root HOME=/tmp PATH=/tmp TZ=:/tmp/zone)
has 'a hostile environment shows her own' '^name +anna$' as anna "${hostile[@]}" /usr/sbin/hexa-admin self show
ok 'and changes her own' as anna "${hostile[@]}" /usr/sbin/hexa-admin self edit --profession Painter
has 'no SUDO_UID makes her another' '\banna +self edit +user anna +profession +Carpenter +Painter' \
	hexa-admin activity list --actor anna
has 'what is loaded before it stays behind' '^name=anna$' as anna sh -c "LD_PRELOAD= exec $ask show anna x"
in_no_folder()
{
	mkdir -p /tmp/gone && cd /tmp/gone && rmdir /tmp/gone && as anna hexa-admin self show
}
has 'in a folder that is gone' '^name +anna$' in_no_folder
ok 'with all descriptors closed' as anna sh -c 'hexa-admin self edit --profession Closed <&- >&- 2>&-'
same 'which was done' Closed sh -c "hexa-admin --json user show anna | sed -n 's/.*\"profession\": \"\(.*\)\".*/\1/p'"

# all_or_nothing LIMIT…: what was said is what stands
profession()
{
	hexa-admin --json user show anna | sed -n 's/.*"profession": "\(.*\)".*/\1/p'
}
count=0
all_or_nothing()
{
	local limit old
	for limit; do
		rested
		old=$(profession)
		count=$((count + 1))
		if as anna prlimit "$limit" "$ask" edit anna x <<<"profession=number $count" 2>/dev/null | grep -qx "done"; then
			[ "$(profession)" = "number $count" ] || { echo "$limit: said, and not done"; return 1; }
		else
			[ "$(profession)" = "$old" ] || { echo "$limit: done, and not said"; return 1; }
		fi
		hexa-admin activity verify >/dev/null || { echo "$limit: the journal"; return 1; }
	done
}
ok 'file size' all_or_nothing --fsize={0,1,8192,100000}
ok 'descriptors' all_or_nothing --nofile={0,3,5,7,9}
ok 'memory' all_or_nothing --as={1000000,20000000,80000000}
ok 'stack, data, signals, processes' all_or_nothing --stack=8192 --data=4000000 --sigpending=0 --nproc=1
same 'no core anywhere' '' find / -xdev -name core -type f -newer /tmp/attack.so

# ---- how often ----

edits()
{
	local done=0
	for i in {1..15}; do
		as anna hexa-admin self edit --profession "edit $i" 2>/tmp/said || break
		done=$((done + 1))
	done
	echo "$done"
}
rested
same 'ten at once' 10 edits
refused 'and no more' 5 as anna hexa-admin self edit --profession more
before=$(sequence)
refused 'however often it is tried' 5 as anna hexa-admin self edit --profession more
unchanged 'too many'
has 'it is said when' 'the next one from 20' as anna hexa-admin self edit --profession more
ok 'which is nobody else'\''s trouble' as bob hexa-admin self edit --profession Painter
same 'only root sees the count' '600 root:root' stat -c '%a %U:%G' /run/hexa/self-edits
rested

# ---- who is not let in ----

need 'anna is suspended' hexa-admin user suspend anna
before=$(sequence)
refused 'she changes nothing' 4 as anna hexa-admin self edit --profession x
has 'and is told' 'suspended: somebody else must change it' as anna hexa-admin self edit --profession x
has 'she sees that she is' '^status +suspended$' as anna hexa-admin self show
refused 'and may nothing' 1 as anna hexa-admin can anna dossiers.view
unchanged 'by a suspended user'
need 'anna is back' hexa-admin user resume anna
need 'until yesterday' hexa-admin user edit anna --valid-until "$(date -u -d yesterday +%F)"
refused 'who is not valid changes nothing' 4 as anna hexa-admin self edit --profession x
need 'valid again' hexa-admin user edit anna --clear valid-until
ok 'she changes what is hers' as anna hexa-admin self edit --profession Back
need 'bob is deleted' hexa-admin --yes user delete bob
refused 'who is deleted is nobody' 3 setpriv --reuid "$((uid + 1))" --clear-groups hexa-admin self show

# ---- when nobody answers ----

rested
before=$(sequence)
all_unavailable()
{
	local command
	for command in 'self show' 'self edit --profession Nobody' 'can anna dossiers.view'; do
		as anna hexa-admin $command >/tmp/out 2>/tmp/said
		[ $? = 7 ] && [ ! -s /tmp/out ] && grep -q '^hexa-admin: .' /tmp/said ||
			{ echo "$command"; cat /tmp/out /tmp/said; return 1; }
	done
}
# instead TEXT: a helper that is this script
instead()
{
	printf '#!/bin/bash\n%s\n' "$1" >$helper && chmod 755 $helper
}
mv $helper $helper.kept
ok 'no helper' all_unavailable
instead 'exit 0'
ok 'one that says nothing' all_unavailable
instead 'exit 1'
ok 'one that fails' all_unavailable
instead 'kill -KILL $$'
ok 'one that dies' all_unavailable
instead 'printf garbage >&0'
ok 'one that says something else' all_unavailable
instead 'cat <&0 >&0'
ok 'one that gives the question back' all_unavailable
install -m 755 $helper.kept $helper
ok 'one that is not root' all_unavailable
rm $helper && mv $helper.kept $helper
ok 'its own again' as anna hexa-admin self show
mv /var/lib/hexa/private/hexa.mdb /var/lib/hexa/private/away
ok 'no database' all_unavailable
logged 'why stands in the log' 'hexa-pam-helper.*asked by uid [0-9]+: '
mv /var/lib/hexa/private/away /var/lib/hexa/private/hexa.mdb
unchanged 'when nobody answers'
# In less time than after which one that waits is ended by its alarm.
ok 'no helper is left' within 20 none_of hexa-pam-helper
