# The whole path: a role decides who gets in, by every door, and everything on the host knows the users.

anna_password=annas-Long-password-1
bob_password=bobs-Long-password-1
olga_password=olgas-Long-password-1
carl_password=carls-Long-password-1

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'a local user beside' local_user carl $carl_password
need 'anna is a technician' hexa_user anna technician $anna_password \
	--email anna@example.com --phone +46701234567
need 'bob is a visitor' hexa_user bob visitor $bob_password
need 'olga is a maintainer' hexa_user olga maintainer $olga_password
need 'sshd' sshd_start

# ---- the host knows them ----

uid=$(id -u anna)
gid=$(getent group technician | cut -d: -f3)
same 'getent passwd NAME' "anna:*:$uid:$uid:Anna Berg:/home/anna:/bin/bash" getent passwd anna
same 'getent passwd UID' "anna:*:$uid:$uid:Anna Berg:/home/anna:/bin/bash" getent passwd "$uid"
has 'getent passwd' '^anna:' getent passwd
has 'getent group NAME' '^technician:\*:[0-9]+:(.*,)?anna(,|$)' getent group technician
has 'getent group GID' '^technician:' getent group "$gid"
same 'the own group' "anna:*:$uid:" getent group anna
has 'id' "^uid=$uid\(anna\) gid=$uid\(anna\) groups=.*$gid\(technician\)" id anna
has 'a group of the host that a permission names' 'groups=.*27\(sudo\)' id olga
lacks 'only for its holders' '\(sudo\)' id anna
refused 'a name that is nobody' 2 getent passwd nobody-of-this-name
same 'e-mail, as root' "anna:*:$uid:$uid:Anna Berg:/home/anna:/bin/bash" \
	getent passwd anna@example.com
# getent and id take a leading + for a number.
same 'phone, as root' anna perl -e 'print +(getpwnam("+46701234567"))[0]'
refused 'phone, not as root' 1 as nobody perl -e 'exit !getpwnam("+46701234567")'
refused 'e-mail, not as root' 2 as nobody getent passwd anna@example.com
same 'anybody may ask for a name' "$uid" as nobody id -u anna

touch /tmp/hers
ok 'chown by names' chown anna:technician /tmp/hers
has 'ls -l shows the names' ' anna technician ' ls -l /tmp/hers

# ---- sshd ----

same 'sshd, by name' anna ssh_login anna $anna_password whoami
same 'sshd, by e-mail' anna ssh_login anna@example.com $anna_password whoami
same 'sshd, by e-mail in capitals' anna ssh_login Anna@Example.com $anna_password whoami
same 'sshd, by phone' anna ssh_login +46701234567 $anna_password whoami
same 'sshd, prompted' anna ssh_prompted anna $anna_password whoami
same 'sshd, prompted, by e-mail' anna ssh_prompted anna@example.com $anna_password whoami
has 'the session says the roles' '^HEXA_ROLES=technician$' ssh_login anna $anna_password env
same 'the session has the groups' "$(id -Gn anna)" ssh_login anna $anna_password id -Gn
refused 'a wrong password' 255 ssh_login anna not-annas-password
refused 'no password' 255 ssh_login anna ''
refused 'a role without a permission' 255 ssh_login bob $bob_password
logged 'the log says which rule' 'pam_hexa.*"bob" refused.*no role of bob carries any permission'
refused 'the same, prompted' 255 ssh_prompted bob $bob_password
refused 'a name that is nobody' 255 ssh_login nobody-of-this-name some-Password-1
has 'user check says why' 'no-permission' hexa-admin user check bob --service sshd
refused 'and exits 1' 1 hexa-admin user check bob --service sshd
ok 'and 0 for who may' hexa-admin user check anna --service sshd
same 'a local user' carl ssh_login carl $carl_password whoami

# ---- su, login, sudo ----

same 'su by root' anna su anna -c whoami
same 'su - by root' anna su - anna -c whoami
refused 'su by root to who may not' 1 su bob -c whoami
has 'su with the password' '^anna' answer $anna_password as carl su anna -c whoami
has 'su - with the password' '^anna' answer $anna_password as carl su - anna -c whoami
refused 'su with a wrong one' 1 answer $bob_password as carl su anna -c whoami
has 'su from one to another' '^olga' answer $olga_password as anna su olga -c whoami
has 'login' '^anna' tty_login anna $anna_password whoami
refused 'login, wrong password' 1 tty_login anna $bob_password whoami
refused 'login, who may not' 1 tty_login bob $bob_password whoami
same 'sudo' 0 as olga sudo -S -p '' id -u <<<$olga_password
has 'sudo -l' 'ALL' as olga sudo -S -p '' -l <<<$olga_password
refused 'sudo with a wrong password' 1 as olga sudo -S -k -p '' id -u <<<$anna_password
refused 'sudo without the permission' 1 as anna sudo -S -p '' id -u <<<$anna_password

# ---- changes hold at once, in programs that run already ----

# A shell looks ~NAME up with getpwnam, each time, in its own process.
coproc looker { while read -r name; do eval "echo ~$name"; done; }
homes()
{
	echo "$1" >&"${looker[1]}"
	read -r home <&"${looker[0]}"
	echo "$home"
}

same 'before: nobody' '~dave' homes dave
ok 'dave is added' hexa_user dave visitor daves-Long-password-1
same 'a running program knows him' /home/dave homes dave
ok 'another home' hexa-admin user edit dave --home /srv/dave
same 'it knows that' /srv/dave homes dave

ok 'the role gets a permission' hexa-admin role edit visitor --add-permission shell.login
same 'bob is in' bob ssh_login bob $bob_password whoami
ok 'it is taken away' hexa-admin role edit visitor --remove-permission shell.login
refused 'bob is out' 255 ssh_login bob $bob_password
ok 'bob gets another role' hexa-admin user edit bob --add-role technician
same 'bob is in again' bob ssh_login bob $bob_password whoami
has 'and in its group' 'technician' as nobody id -Gn bob
ok 'anna is suspended' hexa-admin user suspend anna
refused 'anna is out' 255 ssh_login anna $anna_password
refused 'su by root, too' 1 su anna -c whoami
ok 'anna is back' hexa-admin user resume anna
same 'anna is in' anna ssh_login anna $anna_password whoami
ok 'dave is deleted' hexa-admin --yes user delete dave
same 'the running program knows' '~dave' homes dave
same 'all through, sshd is the same process' "$sshd" cat /run/sshd-test.pid
ok 'and it runs' kill -0 "$sshd"
