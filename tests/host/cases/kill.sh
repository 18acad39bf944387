# --kill: whoever is let in no longer has nothing running any more; and nobody else loses anything.

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'sshd' sshd_start
for user in anna bob carl; do
	need "$user" key_user $user technician
done

# session USER CMD…: a login that goes on, with a terminal; the client's process id is in $client
session()
{
	ssh_key "$1" -tt "${@:2}" >/dev/null 2>&1 &
	client=$!
	await pgrep -u "$1,root" -f "^${2#sudo -n }\$"
}

# What sshd cleans up after a session, it does as the user: it is waited for.
is_nothing_of()
{
	! pgrep -u "$1" -l
}
nothing_of()
{
	await is_nothing_of "$1"
}

# work: one process of anna's, and no child of this shell's, which would tell of its end
work()
{
	sh -c 'setpriv --reuid anna --regid anna --clear-groups setsid sleep 1000 & :' &&
		await pgrep -u anna sleep
}

# ---- sessions ----

need 'anna is in' session anna 'sleep 1000'
annas=$client
need 'and has left something behind' ssh_key anna \
	'(trap "" TERM HUP; setsid sleep 1001; setsid sleep 1002) >/dev/null 2>&1 &'
await pgrep -u anna -f 'sleep 1001'
need 'so is bob' session bob 'sleep 1000'
bobs=$client
need 'a job of root'\''s that has nothing to do with her' sh -c 'setsid sleep 1003 >/dev/null 2>&1 &'

ok 'without it, she is only kept out' hexa-admin user suspend anna
refused 'at the next login' 255 ssh_key anna
ok 'what she runs goes on' pgrep -u anna -f 'sleep 1000'
ok 'she comes back' hexa-admin user resume anna
has 'with it, it is said how much was ended' '^hexa-admin: [0-9]+ process(es)? of anna (was|were) ended$' \
	hexa-admin user suspend anna --kill
ok 'her processes are gone, the deaf ones too' nothing_of anna
ok 'her client has noticed' await sh -c "! kill -0 $annas"
refused 'and she is kept out' 255 ssh_key anna
ok 'bob works on' kill -0 $bobs
ok 'and his processes' pgrep -u bob -f 'sleep 1000'
ok 'and root'\''s' pgrep -u root -f 'sleep 1003'
same_sshd 'sshd is the same'
has 'who is suspended already is looked for again' '^hexa-admin: 0 processes of anna were ended$' \
	hexa-admin user suspend anna --kill

# ---- one process, several users, deleting ----

ok 'anna comes back' hexa-admin user resume anna
need 'with one process' work
ok 'who is locked first goes on' hexa-admin user suspend anna
has 'and is ended then' '^hexa-admin: 1 process of anna was ended$' hexa-admin user suspend anna --kill
ok 'and comes back' hexa-admin user resume anna
need 'with one process again' work
has 'which is one' '^hexa-admin: 1 process of anna was ended$' hexa-admin user revoke anna --kill
refused 'who is revoked is not suspended' 1 hexa-admin user suspend anna --kill
ok 'she is back' hexa-admin user restore anna
has 'with none' '^hexa-admin: 0 processes of anna were ended$' hexa-admin user revoke anna --kill
ok 'she is back again' hexa-admin user restore anna
same 'quietly' '' sh -c 'hexa-admin user revoke anna --kill --quiet 2>&1'
need 'carl is in' session carl 'sleep 1000'
has 'several at once: each' 'of carl (was|were) ended$' hexa-admin user revoke bob nobody carl --kill
ok 'and no other' nothing_of bob
ok 'nor he' nothing_of carl
ok 'bob is back' hexa-admin user restore bob
need 'and in' session bob 'sleep 1000'
bobs_uid=$(id -u bob)
ok 'he is deleted' hexa-admin user delete bob --kill --yes
ok 'his processes went with him' nothing_of "$bobs_uid"

# ---- what they have become root by ----

need 'mia may be root' key_user mia maintainer
echo 'mia ALL=(root) NOPASSWD: /usr/bin/sleep' >/etc/sudoers.d/kill && chmod 440 /etc/sudoers.d/kill
login_uid_of_sleep()
{
	[ "$(cat /proc/"$(pgrep -u root -x sleep -n)"/loginuid)" = "$(id -u mia)" ]
}
need 'she is, on her terminal' session mia 'sudo -n sleep 1004'
await pgrep -u root -f '^sleep 1004'
if login_uid_of_sleep; then
	has 'which ends with her session' 'process(es)? of mia (was|were) ended' hexa-admin user suspend mia --kill
	ok 'all of it' await sh -c "! pgrep -f '^sleep 1004'"
else
	skip 'which ends with her session' 'this kernel keeps no audit login uid'
fi

# ---- what the command runs under ----

ok 'anna once more' hexa-admin user restore anna
has 'run below a shell of hers' '^hexa-admin: 0 processes of anna were ended; what this command runs under was left$' \
	setpriv --ruid anna bash -pc 'setpriv --ruid 0 hexa-admin user suspend anna --kill; true'

# ---- when it cannot be ----

status_of_anna()
{
	hexa-admin user show anna | sed -n 's/^status *//p'
}
ok 'anna comes back' hexa-admin user resume anna
need 'and is at work' work
refused 'without the right to end it: 7' 7 \
	sh -c 'setpriv --bounding-set=-kill,-setuid hexa-admin user suspend anna --kill 2>/tmp/said'
has 'which is said' '^hexa-admin: anna is suspended, but still running: 1 of 1 processes could not be ended: Operation not permitted$' \
	cat /tmp/said
same 'and the change stands' suspended status_of_anna
ok 'as does the process' pgrep -u anna sleep
ok 'anna comes back to it' hexa-admin user resume anna
refused 'without /proc: 7' 7 \
	unshare -m sh -c 'umount -l /proc && exec hexa-admin user suspend anna --kill 2>/tmp/said'
has 'which is said' '^hexa-admin: anna is suspended, but still running: no process can be found: /proc is not mounted$' \
	cat /tmp/said
same 'the change stands here too' suspended status_of_anna
ok 'anna comes back again' hexa-admin user resume anna
refused 'in a PID namespace with the outer /proc: 7' 7 \
	unshare --pid --fork hexa-admin user suspend anna --kill
ok 'and nobody is hit' pgrep -u anna sleep
ok 'anna comes back at last' hexa-admin user resume anna
has 'to be sent away' '^hexa-admin: 1 process of anna was ended$' hexa-admin user suspend anna --kill
