# Beside nscd, which remembers answers: what is changed is seen by those who ask it, at once.

command -v nscd >/dev/null || { skip nscd 'it is not installed'; case_end; }
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician annas-Long-password-1
mkdir -p /run/nscd /var/cache/nscd /var/run/nscd
nscd -F >/tmp/nscd.log 2>&1 &
nscd=$!
need 'nscd runs' await nscd -g
has 'and is asked' 'nscd/socket' strace -f -e trace=connect getent passwd anna
has 'anna' ':Anna Berg:' getent passwd anna
refused 'nobody yet' 2 getent passwd carol
has 'a member' '^technician:.*:anna$' getent group technician
ok 'an edit' hexa-admin user edit anna --first-name Anne
has 'is seen' ':Anne Berg:' getent passwd anna
ok 'one more' hexa_user carol technician annas-Long-password-1
has 'is seen, where there was nobody' '^carol:' getent passwd carol
has 'as a member too' '^technician:.*:anna,carol$' getent group technician
ok 'one less' hexa-admin user edit anna --remove-role technician --add-role visitor
lacks 'is no member any more' '^technician:.*anna' getent group technician
lacks 'nor has the group' 'technician' id anna
ok 'gone' hexa-admin --yes user delete anna
refused 'is gone' 2 getent passwd anna
refused 'and cannot log in' 1 $O/tests/pam/client login anna acct_mgmt
ok 'nscd lives' kill -0 $nscd
kill -STOP $nscd
timeout 60 hexa-admin user edit carol --first-name Stopped >/tmp/stopped 2>&1
echo "status $? $(cat /tmp/stopped)" >/tmp/stopped.told
has 'nscd that is stopped' 'status 0' cat /tmp/stopped.told
kill -KILL $nscd
has 'nscd that was killed leaves its socket: carol' '^carol:' getent passwd carol
ok 'and stops nobody' timeout 60 hexa-admin user edit carol --first-name Killed
