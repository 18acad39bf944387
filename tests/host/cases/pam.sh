# The PAM module and its helper: every entry point through real programs, passwords that change, and what an
# ordinary user can do with a setuid helper.

client=$O/tests/pam/client
ask=$O/tests/pam/ask
helper=/usr/libexec/hexa/hexa-pam-helper
anna=annas-Long-password-1
bob=bobs-Long-password-1
carl=carls-Long-password-1
next=annas-Long-password-2
third=annas-Long-password-3

# typed LINE…: what a program reads from standard input
typed()
{
	printf '%s\n' "$@"
}

ok 'a new database, and the host switched on' hexa_enable
ok 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
ok 'anna is a technician' hexa_user anna technician $anna --email anna@example.com
ok 'bob is a visitor' hexa_user bob visitor $bob
ok 'a local user beside' local_user carl $carl
ok 'sshd' sshd_start
# A service for the screen locker, as its package would install it; other services need any permission.
printf '@include common-auth\n@include common-account\n@include common-session\n@include common-password\n' \
	>/etc/pam.d/locker

# ---- all entry points in one handle ----

all='authenticate setcred acct_mgmt open_session close_session'
# shellcheck disable=SC2086 # a list of words
same 'all entry points' "Password: 
authenticate: Success
setcred: Success
acct_mgmt: Success
open_session: Success
close_session: Success" $client locker anna $all <<<$anna
# shellcheck disable=SC2086
ok 'for a local user too' $client locker carl $all <<<$carl
ok 'setcred without a login, as cron does, for root' $client cron root acct_mgmt setcred
ok 'and for a user of Hexa' $client cron anna acct_mgmt setcred open_session close_session
refused 'and not for who may not' 1 $client cron bob acct_mgmt
logged 'the log says which rule' 'pam_hexa\(cron:account\).*"bob" refused for service "cron"'

# ---- no name is told apart from another ----

$client sshd anna authenticate <<<wrong-Password-1 >/tmp/hers 2>&1
$client sshd nobody-of-this-name authenticate <<<wrong-Password-1 >/tmp/nobodys 2>&1
$client sshd bob authenticate <<<$bob >/tmp/his 2>&1
$client sshd anna authenticate <<<'' >/tmp/empty 2>&1
ok 'an unknown name is asked and refused like a known one' cmp /tmp/hers /tmp/nobodys
ok 'and like the right password of who may not' cmp /tmp/hers /tmp/his
ok 'and like none' cmp /tmp/hers /tmp/empty
same 'which is so' "Password: 
authenticate: Authentication failure" cat /tmp/hers
# The stock pam_unix beside it takes an empty password for an empty hash (nullok), and pam_permit ends the stack.
refused 'an unknown name with none' 1 $client sshd nobody-of-this-name authenticate <<<''
refused 'a password typed as the name' 1 $client sshd my-Secret-name authenticate <<<x
logged 'is logged as nobody' 'pam_hexa\(sshd:auth\): an unknown user refused'
not_logged 'without the name' 'my-Secret-name'

# ---- a screen locker: an ordinary user's own program ----

ok 'verifies her own password' as anna $client locker anna authenticate acct_mgmt setcred <<<$anna
refused 'and no wrong one' 1 as anna $client locker anna authenticate <<<$bob
logged 'which the helper logs' 'hexa-pam-helper.*"anna" refused for service "locker"'
refused 'not another'\''s' 1 as anna $client locker bob authenticate <<<$bob
refused 'nor as nobody' 1 as nobody $client locker anna authenticate <<<$anna
same 'her decision is hers to know' 'verdict allowed' as anna $ask account anna locker
same 'his is not' 'verdict unknown-user' as anna $ask account bob locker
same 'nor with his password' 'verdict unknown-user' as anna $ask authenticate bob sshd <<<$bob
same 'a session is not hers to open' fault as anna $ask session anna sshd
same 'her password is not hers to set without the old one' fault \
	as anna $ask reset anna x < <(typed '' $next)
same 'nor root'\''s' 'verdict unknown-user' as anna $ask change root x < <(typed '' $next)
same 'nor his' 'verdict unknown-user' as anna $ask change bob x < <(typed $bob $next)
same 'nor with a wrong one' wrong as anna $ask change anna x < <(typed $bob $next)
same 'her password is as it was' 'verdict allowed' $ask authenticate anna sshd <<<$anna
refused 'a forged line' 0 as anna $ask authenticate anna $'x" from "y\nsshd: forged' <<<wrong
logged 'is one line' 'hexa-pam-helper.*service "x\? from \?y\?sshd: forged" from'
refused 'run by hand it does nothing' 2 as anna $helper
refused 'whatever it is given' 2 as anna env LD_PRELOAD=/tmp/x.so HEXA_ROOT=/tmp $helper --root /tmp reset anna

# ---- a helper that is started badly ----

bad()
{
	as anna bash -c "ulimit $1 || exit 9; printf '%s\n' '$anna' '$next' | $ask $2 anna x" 2>&1 | cat
}

# Root may raise a limit again where the kernel lets it (CAP_SYS_RESOURCE), which not every container does.
has 'with no file size left: all or nothing' '^(done|no answer)$' bad '-f 0' change
ok 'set back' chpasswd <<<"anna:$anna"
has 'with few descriptors: all or nothing' '^(done|no answer)$' bad '-n 5' verify
has 'with little memory: all or nothing' '^(done|no answer)$' bad '-v 60000' verify
has 'with no processor time: all or nothing' '^(done|no answer)$' bad '-t 1' verify
ok 'the database is well' hexa-admin activity verify
same 'in a shell without descriptors' 'verdict allowed' \
	as anna bash -c "$ask account anna locker <&- 2>&-"

# ---- passwords that change ----

ok 'passwd' answer "$anna $next $next" as anna passwd
same 'the new one is good' anna ssh_login anna $next whoami
refused 'the old one is not' 255 ssh_login anna $anna
has 'the journal says who' 'anna.*password' hexa-admin activity list
refused 'passwd with a wrong old one' 10 answer "$anna $third $third" as anna passwd
has 'passwd with a poor new one says why' 'shorter than' answer "$next short short" as anna passwd
refused 'passwd with two different new ones' 10 answer "$next $third $anna" as anna passwd
has 'passwd with the same one says why' 'in use' answer "$next $next $next" as anna passwd
refused 'passwd for another' 1 answer "$bob $third $third" as anna passwd bob
same 'all that changed nothing' anna ssh_login anna $next whoami
ok 'passwd by root' answer "$third $third" passwd anna
same 'is set' anna ssh_login anna $third whoami
ok 'chpasswd by root' chpasswd <<<"anna:$anna"
same 'is set too' anna ssh_login anna $anna whoami
refused 'chpasswd with a poor one' 1 chpasswd <<<'anna:short'
same 'changes nothing' anna ssh_login anna $anna whoami
ok 'passwd of a local user' answer "$carl carls-Long-password-2 carls-Long-password-2" as carl passwd
ok 'chpasswd of a local user' chpasswd <<<"carl:$carl"
same 'is set for him' carl ssh_login carl $carl whoami
ok 'her own, without root'\''s help' as anna $client locker anna chauthtok < <(typed $anna $next $next)
same 'is good' anna ssh_login anna $next whoami
ok 'set back' chpasswd <<<"anna:$anna"

# ---- a password that has to change ----

ok 'anna must change' $O/tests/pam/must_change anna
has 'su asks for the new one, and for the old one once' '^anna' \
	answer "$anna $next $next" as carl su anna -c whoami
same 'it is changed' anna ssh_login anna $next whoami
ok 'again' $O/tests/pam/must_change anna
has 'login asks' '^anna' tty_login anna "$next $anna $anna" whoami
same 'it is changed' anna ssh_login anna $anna whoami
ok 'again' $O/tests/pam/must_change anna
has 'sshd asks, prompted' '^anna' answer "$anna $next $next" ssh "${ssh_options[@]}" \
	-o PreferredAuthentications=keyboard-interactive -l anna 127.0.0.1 whoami
same 'it is changed' anna ssh_login anna $next whoami
ok 'again' $O/tests/pam/must_change anna
ok 'anna has a key' authorize anna
same 'a key asks for nothing' anna ssh_key anna whoami
same 'nor does root'\''s su' anna su anna -c whoami
ok 'nor cron' $client cron anna acct_mgmt
ok 'set by root' chpasswd <<<"anna:$anna"

# ---- a command that died before it had published ----

rm /var/lib/hexa/directory/directory.mdb
refused 'a directory that is gone knows nobody' 2 getent passwd anna
ok 'the next login' $client cron anna acct_mgmt
ok 'brings it back' await getent passwd anna

# ---- what is left behind ----

same 'the session has no descriptor but its own' '0 1 2 3' ssh_login anna $anna 'echo $(ls /proc/self/fd)'
# shellcheck disable=SC2012 # numbers
same 'and su'\''s none that it had not before' "$(ls /proc/self/fd)" su anna -c 'ls /proc/self/fd'
strace -f -qq -e trace=open,openat,execve,connect -o /tmp/trace \
	$client sshd anna authenticate acct_mgmt open_session close_session <<<$anna >/dev/null
lacks 'nothing of hers is opened' '"/home|"/tmp' grep -v /tmp/trace /tmp/trace
lacks 'no password in the log' 'Long-password|wrong-Password' log
# In less time than after which one that waits is ended by its alarm.
ok 'no process is left' within 20 none_of hexa-pam-helper
