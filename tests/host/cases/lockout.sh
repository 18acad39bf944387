# Failed logins: counted once each however many come at once; too many lock out whoever comes from there,
# and neither keys nor other places; and nothing that can become of the file refuses anybody.

password=annas-Long-password-1
client=$O/tests/pam/client
items=/usr/local/bin/pam_items

# policy LOCKOUT: with the cheapest hash, so that 50 at once do not take a minute
policy()
{
	cat >/tmp/policy.yaml <<-YAML
		hexa-policy: 1
		password: {argon2: {operations: 1, memory: 8MiB}}
		lockout: {$1}
		permissions:
		  shell.login: {services: [sshd, login, su, su-l, locker]}
		roles:
		  technician: {permissions: [shell.login]}
	YAML
	hexa-admin policy apply /tmp/policy.yaml
}
# from ADDRESS LOGIN…: one of the ways to log in, with this host's own address ADDRESS as the origin
from()
{
	local ssh_options=("${ssh_options[@]}" -o BindAddress="$1")
	"${@:2}"
}
failures()
{
	hexa-admin user list --columns name,failures --filter "name=$1" --csv | sed -n '2s/.*,//p'
}
# counts USER N: that many failures are counted
counts()
{
	[ "$(failures "$1")" = "$2" ]
}
# wrong_by N ADDRESS USER: all at once
wrong_by()
{
	local waited=() i
	for ((i = 0; i < $1; i++)); do
		from "$2" ssh_login "$3" "wrong-password-$i" >/dev/null 2>&1 &
		waited+=($!)
	done
	wait "${waited[@]}"
}
# refusals USER REGEX: how many there are in the log since line $began
refusals()
{
	tail -n "+$((began + 1))" $log_file | grep -c "user \"$1\" refused for service \"sshd\".*$2"
}
# try USER PASSWORD [ADDRESS]: as sshd asks, without the wait after a refusal; prints what came of it
try()
{
	$items sshd "$1" "${3-127.0.0.1}" ssh <<<"$2" | sed -n 's/^authenticate: //p'
}
# wrong N USER: one after the other
wrong()
{
	local i
	for ((i = 0; i < $1; i++)); do
		try "$2" "wrong-password-$i" >/dev/null
	done
}
mark()
{
	began=$(wc -l <$log_file)
}

cc -O1 -std=gnu11 -D_GNU_SOURCE -o $items tests/attack/pam_items.c -lpam || exit 1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' policy 'failures: 5, within: 15m, for: 15m'
need 'anna' hexa_user anna technician $password
need 'bob' hexa_user bob technician bobs-Long-password-1
need 'local' local_user local locals-Password-1
need 'sshd' sshd_start
need 'another address' ip addr add 192.0.2.2/32 dev lo
need 'anna has a key' authorize anna
same 'anna logs in' anna ssh_login anna $password whoami

# ---- 50 at once ----
mark
wrong_by 50 127.0.0.1 anna
same 'each is counted once' 50 failures anna
log_settled
same 'and logged once' 50 refusals anna ''
same 'of which some came too soon, or too late' yes \
	sh -c "[ $(refusals anna 'wrong password') -le 5 ] && [ $(refusals anna 'locked out') -ge 45 ] && echo yes"
refused 'the right one is refused there' 255 ssh_login anna $password
logged 'and the log says why' 'user "anna" refused for service "sshd" from "127.0.0.1": .*locked out'
refused 'at the prompts too' 255 ssh_prompted anna $password
same 'which is not counted' 50 failures anna
same 'her key is as good as before' anna ssh_key anna whoami
refused 'her password on all of loopback' 255 from 127.9.8.7 ssh_login anna $password
same 'which is not counted either' 50 failures anna
same 'it is as good as before from elsewhere' anna from 192.0.2.2 ssh_login anna $password whoami
has 'and on this host' '^anna' answer $password as local su anna -c whoami
same 'bob is let in from there' bob ssh_login bob bobs-Long-password-1 whoami
ok 'local users are not asked' ssh_login local locals-Password-1

# ---- what is seen of it, and forgotten ----
has 'the list' '^anna +50$' hexa-admin user list --columns name,failures
has 'user show' '^locked-from +this host$' hexa-admin user show anna
has 'until when' '^locked-until +20..-' hexa-admin user show anna
has 'as JSON' '"locked-from": "this host"' hexa-admin user show anna --json
told 'user check' 0 'anna is locked out from this host until 20.*Z, after 50 failed logins' \
	hexa-admin user check anna --service sshd
first()
{
	hexa-admin user check "$@" 2>&1 | head -n 1
}
has 'before all else' '^hexa-admin: anna is locked out from this host until' first anna --service sshd
has 'and beside the verdict' '^allowed sshd: but anna is locked out from this host until 20.*Z, after 50 failed logins; anna may: ' \
	hexa-admin user check anna --service sshd
has 'not where it does not count' '^allowed cron: anna may: ' hexa-admin user check anna --service cron
has 'nor when it will be over' '^allowed sshd: anna may: ' hexa-admin user check anna --service sshd --at 2099-01-01
has 'the same of others' '^allowed sshd: bob may: ' hexa-admin user check bob --service sshd
told 'with --quiet too' 0 'anna is locked out from this host' hexa-admin user check anna --service sshd --quiet
has 'and as JSON' '"from": "this host"' hexa-admin user check anna --service sshd --json
has 'with what ends it' '^  try: hexa-admin user unlock anna$' hexa-admin user check anna --service sshd
ok 'which it does' hexa-admin user unlock anna
same 'there are none' 0 failures anna
same 'she is in' anna ssh_login anna $password whoami
has 'it is in the journal' 'user unlock +user +anna +failures +50 +0' hexa-admin activity list
ok 'once more is nothing' hexa-admin user unlock anna
same 'and not in the journal' 1 sh -c 'hexa-admin activity list | grep -c "user unlock"'

# ---- ten right ones at once ----
for i in 0 1 2 3 4 5 6 7 8 9; do
	ssh_login anna $password whoami >/tmp/right.$i 2>&1 &
	right[i]=$!
done
wait "${right[@]}"
same 'ten right ones at once are let in' 10 sh -c 'cat /tmp/right.* | grep -c "^anna$"'

# ---- nobody sees from outside ----
same 'a wrong one' 'Authentication failure' try bob wrong-password
ok 'and more of them' wrong 6 bob
same 'locked out, with a wrong one' 'Authentication failure' try bob wrong-password
same 'with the right one' 'Authentication failure' try bob bobs-Long-password-1
same 'and nobody' 'Authentication failure' try stranger wrong-password
ok 'nor after more' wrong 6 stranger
same 'who is told the same' 'Authentication failure' try stranger wrong-password
lacks 'whose name Hexa keeps nowhere' 'stranger' sh -c "cat /run/hexa/*; grep -i hexa $log_file"
ok 'bob is unlocked' hexa-admin user unlock bob

# ---- before a lock-out ----
uptime_seconds()
{
	sed 's/[. ].*//' /proc/uptime
}
# sooner CMD SECONDS…: CMD SECONDS, and once more with the next, until so many had not gone by at its end: what
# holds for some seconds says nothing when they are over before it is asked
sooner()
{
	local cmd=$1 seconds began
	shift
	for seconds; do
		began=$(uptime_seconds)
		"$cmd" "$seconds"
		[ "$(uptime_seconds)" -ge $((began + seconds)) ] || return 0
	done
	return 1
}
three_and_the_next()
{
	hexa-admin user unlock bob
	wrong 3 bob
	try bob bobs-Long-password-1 >/tmp/next
}
need 'three, and the next before it may come' sooner three_and_the_next 5 5 5 5 5 5 5 5
same 'after three, the next has to wait' 'Authentication failure' cat /tmp/next
same 'and is not counted when it was right' 3 failures bob
lets()
{
	[ "$(try "$@")" = Success ]
}
ok 'some seconds' await lets bob bobs-Long-password-1
same 'and all is forgotten' 0 failures bob

# ---- an ordinary user's program: the locker ----
for i in 1 2 3 4 5 6; do
	as anna $items locker anna they-say tty <<<wrong-password >/dev/null
done
same 'a locker counts' 6 failures anna
has 'and is locked out' '^authenticate: Authentication failure' \
	as anna $items locker anna '' tty <<<$password
same 'alone' anna ssh_login anna $password whoami
has 'as the one that it is' '^locked-from +this host$' hexa-admin user show anna
ok 'unlocked' hexa-admin user unlock anna
has 'it unlocks' '^authenticate: Success' as anna $items locker anna '' tty <<<$password

# ---- who is given little ----
# ask_with LIMIT… : an attempt by an ordinary user's program, with so little
ask_with()
{
	as anna prlimit "$@" "$PWD/$O/tests/pam/ask" authenticate bob x <<<wrong-password 2>&1
}
ok 'bob is locked out' wrong 6 bob
for limit in --stack={40960,65536} --fsize={0,8192} --nofile={3,5,7} --as=20000000 --data=1000000; do
	ask_with "$limit" >/dev/null
	same "$limit: nothing is moved aside" no sh -c '[ -e /run/hexa/logins.mdb.bad ] || echo no'
	same "$limit: he stays so" 'Authentication failure' try bob bobs-Long-password-1
done
# Where root may raise no limit, it is refused before anything is looked at.
unraised()
{
	setpriv --reuid anna --regid anna --init-groups --bounding-set -sys_resource \
		"$@" "$PWD/$O/tests/pam/ask" authenticate anna locker <<<$password 2>&1
}
same 'with limits that will do' 'verdict allowed' unraised env
for limit in --stack=40960 --fsize=8192 --nofile=20 --as=100000000 --data=1000000; do
	lacks "$limit, which cannot be raised" 'verdict' unraised prlimit "$limit"
	same "$limit: nothing is moved aside" no sh -c '[ -e /run/hexa/logins.mdb.bad ] || echo no'
done
ok 'unlocked' hexa-admin user unlock bob

# ---- its end ----
short_one()
{
	policy "failures: 2, within: 15m, for: $1s" && hexa-admin user unlock anna
	wrong 2 anna
	try anna $password >/tmp/next
}
need 'a short one' sooner short_one 2 4 8 16 32
same 'locked out' 'Authentication failure' cat /tmp/next
ok 'it ends by itself' await lets anna $password
same 'and counts anew' 0 failures anna

# ---- what a policy may say otherwise ----
need 'for keys too' policy 'failures: 2, within: 15m, for: 15m, keys: yes'
wrong 2 anna
refused 'her key is refused there' 255 ssh_key anna
logged 'and the log says why' '"anna" refused for service "sshd".*locked out'
same 'not elsewhere' anna from 192.0.2.2 ssh_key anna whoami
need 'everywhere' policy 'failures: 2, within: 15m, for: 15m, scope: everywhere'
same 'what was counted there counts here no more' Success try anna $password
wrong 2 anna
same 'her password is refused elsewhere' 'Authentication failure' try anna $password 192.0.2.2
same 'her key is not' anna ssh_key anna whoami
told 'user check says where' 0 'anna is locked out everywhere until' \
	hexa-admin user check anna --service sshd
need 'nowhere' policy 'failures: 0'
same 'she is in' Success try anna $password 192.0.2.2
wrong 10 anna
same 'and nothing counts' 0 failures anna

# ---- whatever becomes of the file ----
need 'the usual again' policy 'failures: 5, within: 15m, for: 15m'
file=/run/hexa/logins.mdb
damage()
{
	case $1 in
	garbage) head -c 65536 /dev/urandom >$file ;;
	cut) truncate -s 5000 $file ;;
	empty) : >$file ;;
	fifo) rm $file && mkfifo $file ;;
	folder) rm $file && mkdir $file ;;
	link) rm $file && ln -s /etc/passwd $file ;;
	terminal) rm $file && cp -a /dev/ptmx $file ;;
	full) rm -r /run/hexa/* && mount -t tmpfs -o size=4k tmpfs /run/hexa ;;
	read-only) mount -o remount,ro /run/hexa ;;
	gone) umount /run/hexa && rm -r /run/hexa ;;
	esac
}
for kind in garbage cut empty fifo folder link terminal full read-only gone; do
	same "$kind: before it, there is a file" Success try bob bobs-Long-password-1
	ok "$kind" damage $kind
	same "$kind: she is in" anna ssh_login anna $password whoami
	case $kind in
	full | read-only) logged "$kind: the log says so" 'failed logins cannot be counted: /run/hexa' ;;
	empty | gone) ;;
	*) logged "$kind: the log says so" 'counted anew: /run/hexa/logins.mdb is logins.mdb.bad now' ;;
	esac
	same "$kind: a wrong one is wrong" 'Authentication failure' try anna wrong-password
	case $kind in
	full | read-only) ;;
	*) same "$kind: and is counted" 1 failures anna ;;
	esac
	ok "$kind: hexa-admin" hexa-admin user list --columns name,failures
	[ $kind = read-only ] || ok "$kind: unlocks" hexa-admin user unlock anna
done
has 'the folder is root'\''s' '^700 root$' stat -c '%a %U' /run/hexa
has 'and the file' '^600 root$' stat -c '%a %U' $file
chmod 644 $file
told 'the doctor sees one that is not' 1 "logins.mdb has owner 0 and mode 0644" hexa-admin doctor

# ---- who is killed in between ----
chmod 600 $file
rm -f /run/hexa/*
same 'one login' anna ssh_login anna $password whoami
# One that is stopped while it has its turn, and everything else that it holds.
strace -f -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=STOP:when=1 \
	$client sshd anna authenticate <<<wrong-password >/dev/null 2>&1 &
tracer=$!
is_stopped()
{
	for stopped in $(pgrep -x hexa-pam-helper); do
		grep -q '^State:.[Tt]' "/proc/$stopped/status" && return 0
	done
	return 1
}
ok 'one is stopped as it counts' await is_stopped
same 'others are let in all the same' bob ssh_login bob bobs-Long-password-1 whoami
# shellcheck disable=SC2046 # ids
kill -KILL $(pgrep -x hexa-pam-helper) $tracer
same 'and so is she, when it is gone' anna ssh_login anna $password whoami
