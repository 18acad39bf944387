# Nobody but root can keep root from writing, or others from reading: an ordinary process that holds all that
# it may open, in every way, and is stopped; and many that only look.

reach=/var/lib/hexa
cc -O1 -std=gnu11 -D_GNU_SOURCE -o /usr/local/bin/hold tests/attack/hold.c || exit 1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician annas-Long-password-1

# What nobody may open is not for anybody to lock.
ok 'one login before, so that all files are there' \
	$O/tests/pam/client login anna authenticate acct_mgmt open_session <<<annas-Long-password-1
same 'what others may open at all' "/var/lib/hexa
/var/lib/hexa/directory
/var/lib/hexa/directory/directory.mdb" \
	as nobody sh -c "find $reach /run/hexa -readable 2>/dev/null || :"
same 'what others may write' '' as nobody sh -c "find $reach /run/hexa -writable 2>/dev/null || :"

# shellcheck disable=SC2046 # paths without spaces
setpriv --reuid nobody --clear-groups hold $reach $reach/directory $(find $reach/directory -type f) \
	$(find $reach/private /run/hexa) >/tmp/holds 2>&1 &
holder=$!
need 'it holds them' await grep -q '^holding' /tmp/holds
has 'the three' '^holding 3$' cat /tmp/holds
has 'with a lock, among others' 'directory.mdb: flock 1 .*mmap 1' cat /tmp/holds
lacks 'never for writing' '(write-lock|writable|lease) 1' cat /tmp/holds
is_stopped()
{
	grep -q '^State:.T' /proc/$holder/status
}
need 'it is stopped' await is_stopped

ok 'an edit' timeout 60 hexa-admin user edit anna --first-name Anne
has 'is seen by others' '^anna:.*:Anne Berg:' as nobody getent passwd anna
ok 'a policy' timeout 60 hexa-admin policy apply tests/host/policy.yaml
ok 'a file that is gone is made anew' sh -c "rm $reach/directory/directory.mdb &&
	timeout 60 hexa-admin user edit anna --first-name Anna"
has 'is seen by others too' '^anna:.*:Anna Berg:' as nobody getent passwd anna
ok 'a login' $O/tests/pam/client login anna authenticate acct_mgmt open_session <<<annas-Long-password-1
ok 'a password' timeout 60 chpasswd <<<anna:annas-Long-password-2
is_held()
{
	is_stopped && grep -q directory.mdb /proc/$holder/maps
}
ok 'all the while it was held' is_held
kill -KILL $holder

# The one who writes is killed or stopped: the dead give back what they held.
strace -f -o /dev/null -e trace=fdatasync -e inject=fdatasync:signal=STOP:when=1 \
	hexa-admin user edit anna --note stopped &
tracer=$!
writer_is_stopped()
{
	writer=$(pgrep -x hexa-admin) && grep -q '^State:.[Tt]' "/proc/$writer/status"
}
ok 'one is stopped in the midst of a commit' await writer_is_stopped
ok 'readers do not wait for it' timeout 60 hexa-admin user show anna
ok 'nor do logins' timeout 60 $O/tests/pam/client login anna authenticate acct_mgmt open_session \
	<<<annas-Long-password-2
timeout 60 hexa-admin user edit anna --note next &
next=$!
kill -KILL "$writer" $tracer
ok 'killed there, it makes room for who waits' wait $next
has 'whose change it is' '^note +next$' hexa-admin user show anna
ok 'and all is well' hexa-admin activity verify
