# The stock Debian programs with their own PAM files: sudo, su, login, passwd, cron and at.  Who is suspended,
# revoked, without a role, or deleted comes in by none of them, and nothing that they left behind runs.

anna=annas-Long-password-1
bob=bobs-Long-password-1
carl=carls-Long-password-1
olga=olgas-Long-password-1
next=annas-Long-password-2

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna
need 'bob is one too' hexa_user bob technician $bob
need 'olga is a maintainer' hexa_user olga maintainer $olga
need 'a local user beside' local_user carl $carl
need 'sshd' sshd_start
for user in anna bob olga; do
	need "$user has a key" authorize $user
done

# ---- sudo: the permission decides, and sudoers after it ----

# For sudoers everybody may do everything: what is refused, Hexa refuses.
# sudoers TAG: with or without a password
sudoers()
{
	printf 'Defaults timestamp_type=global, passwd_tries=1\nALL ALL=(ALL:ALL) %s ALL\n' "$1" \
		>/etc/sudoers.d/hexa-test && chmod 440 /etc/sudoers.d/hexa-test && visudo -cq
}
# sudo_by USER PASSWORD [OPTION…] CMD…: sudo, asked anew
sudo_by()
{
	as "$1" sudo -S -k -p '' "${@:3}" <<<"$2"
}
need 'a sudoers file that lets everybody' sudoers ''
same 'sudo: with the permission' 0 sudo_by olga $olga id -u
refused 'sudo: not without' 1 sudo_by anna $anna id -u
logged 'as the log says' 'pam_hexa\(sudo:auth\).*"anna" refused for service "sudo"'
same 'sudo: a local user' 0 sudo_by carl $carl id -u
same 'sudo -u' anna sudo_by olga $olga -u anna whoami
same 'sudo -i' 0 sudo_by olga $olga -i id -u
refused 'sudo: another'\''s password' 1 sudo_by olga $anna id -u

# sudo asks for no password within its time.
ok 'a password that sudo remembers' as olga sudo -S -p '' true <<<$olga
same 'sudo: within its time' 0 as olga sudo -n id -u
ok 'olga is suspended' hexa-admin user suspend olga
refused 'sudo: not within its time' 1 as olga sudo -n id -u
logged 'which the account phase refuses' 'pam_hexa\(sudo:account\).*"olga" refused for service "sudo"'
refused 'sudo -l neither' 1 as olga sudo -n -l
ok 'olga is back' hexa-admin user resume olga
same 'sudo: within its time again' 0 as olga sudo -n id -u

need 'a sudoers file that asks nobody' sudoers NOPASSWD:
same 'sudo: unasked, with the permission' 0 as olga sudo -n -k id -u
refused 'sudo: unasked, not without' 1 as anna sudo -n id -u
logged 'for want of the permission' 'pam_hexa\(sudo:account\).*"anna" refused for service "sudo"'
refused 'sudo -i: not without' 1 as anna sudo -n -i id -u
logged 'as another service' 'pam_hexa\(sudo-i:account\).*"anna" refused for service "sudo-i"'
ok 'anna is granted it' hexa-admin user edit anna --grant shell.sudo
same 'sudo: by a grant' 0 as anna sudo -n id -u
same 'sudo -i: by a grant' 0 as anna sudo -n -i id -u
ok 'it is taken back' hexa-admin user edit anna --ungrant shell.sudo
refused 'sudo: no more' 1 as anna sudo -n id -u
ok 'the role loses the permission' hexa-admin role edit maintainer --remove-permission shell.sudo
refused 'sudo: a role without it' 1 as olga sudo -n id -u
ok 'and gets it back' hexa-admin role edit maintainer --add-permission shell.sudo
same 'sudo: with it' 0 as olga sudo -n id -u
rm /etc/sudoers.d/hexa-test

# ---- by no door ----

# by_all USER: all doors that ask for no password
by_all()
{
	same "su to $1 by root" "$1" su "$1" -c whoami
	same "su - to $1 by root" "$1" su - "$1" -c whoami
	has "login of $1, whom getty trusts" "^$1" tty_login "-f $1" '' whoami
	same "sshd, by key: $1" "$1" ssh_key "$1" whoami
}

# by_none WHAT USER: none of them
by_none()
{
	refused "$1: su to $2 by root" 1 su "$2" -c whoami
	refused "$1: su - to $2 by root" 1 su - "$2" -c whoami
	refused "$1: login of $2, whom getty trusts" 1 tty_login "-f $2" '' whoami
	refused "$1: sshd, by key: $2" 255 ssh_key "$2"
}
has 'su with the password' '^bob' answer $bob as carl su bob -c whoami
has 'login with the password' '^bob' tty_login bob $bob whoami
same 'sshd with the password' bob ssh_login bob $bob whoami
same 'sshd with the password, prompted' bob ssh_prompted bob $bob whoami
while IFS='|' read -r what leaves comes; do
	by_all bob
	# shellcheck disable=SC2086 # words
	ok "$what: bob" hexa-admin user $leaves
	by_none "$what" bob
	if [ "$what" = suspended ]; then
		# The waiting after each password makes these slow.
		refused 'suspended: su with the password' 1 answer $bob as carl su bob -c whoami
		refused 'suspended: login with the password' 1 tty_login bob $bob whoami
		refused 'suspended: sshd with the password' 255 ssh_login bob $bob
		refused 'suspended: sshd with the password, prompted' 255 ssh_prompted bob $bob
	fi
	# shellcheck disable=SC2086 # words
	ok "$what: no more" hexa-admin user $comes
done <<'END'
suspended|suspend bob|resume bob
revoked|revoke bob|restore bob
expired|edit bob --valid-until 2020-01-01|edit bob --clear valid-until
without a role|edit bob --clear roles|edit bob --add-role technician
END
same 'sshd with the password again' bob ssh_login bob $bob whoami

# ---- passwd, and the tools for /etc/passwd ----

ok 'passwd' answer "$anna $next $next" as anna passwd
same 'the new one is good' anna ssh_login anna $next whoami
refused 'the old one is not' 255 ssh_login anna $anna
ok 'passwd by root' answer "$anna $anna" passwd anna
same 'is good' anna ssh_login anna $anna whoami
ok 'passwd of a local user' answer "$carl carls-Long-password-2 carls-Long-password-2" as carl passwd
ok 'passwd of a local user by root' answer "$carl $carl" passwd carl
same 'is good' carl ssh_login carl $carl whoami
line=$(getent passwd anna)
while read -r wanted command; do
	# shellcheck disable=SC2086 # words
	refused "not in the host's files: $command" $wanted $command </dev/null
done <<'END'
1 passwd -l anna
1 passwd -d anna
1 passwd -e anna
6 usermod -L anna
6 usermod -u 0 -o anna
1 chage -E 0 anna
1 chsh -s /bin/sh anna
6 userdel anna
END
same 'she is who she was' "$line" getent passwd anna
same 'and in' anna ssh_login anna $anna whoami
lacks 'and in no file of the host' '^anna:' cat /etc/passwd /etc/shadow /etc/group /etc/gshadow

# ---- cron ----

# Nobody waits for a minute to go by: cron here has its time and its sleep from this, and sleeps until a line
# comes through a FIFO; how long the checks take in between is no time to it, or it would make up for minutes.
# What runs a job, and with which PAM stack, is cron's own.
cat >/tmp/minutes.c <<'END'
#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static time_t began, slept;

time_t
time(time_t *now)
{
	struct timespec clock;

	clock_gettime(CLOCK_REALTIME, &clock);
	if (began == 0)
		began = clock.tv_sec;
	if (now != NULL)
		*now = began + slept;
	return began + slept;
}

unsigned int
sleep(unsigned int seconds)
{
	char line;
	int fd;

	while ((fd = open("/tmp/minute", O_RDONLY)) < 0 && errno == EINTR)
		;
	while (read(fd, &line, 1) != 1 && errno != EBADF)
		;
	close(fd);
	slept += seconds;
	return 0;
}
END
need 'a clock for cron' cc -shared -fPIC -o /tmp/minutes.so /tmp/minutes.c
need 'and what it waits for' mkfifo /tmp/minute

# What has run is noted in a file that everybody may add a line to.
: >/tmp/ran
chmod 666 /tmp/ran
# crontab_of USER: a job each minute
crontab_of()
{
	# shellcheck disable=SC2016 # for cron's shell
	echo '* * * * * echo "$LOGNAME" >>/tmp/ran' | as "$1" crontab -
}
need 'dave, who will go' hexa_user dave technician daves-Long-password-1
for user in anna bob olga dave carl; do
	ok "cron: $user makes a crontab" crontab_of $user
done
refused 'cron: nobody that is nobody makes one' 1 crontab -u nobody-of-this-name -l
printf '* * * * * bob echo by-bob >>/tmp/ran\n* * * * * anna echo by-anna >>/tmp/ran\n' \
	>/etc/cron.d/hexa-test
LD_PRELOAD=/tmp/minutes.so cron -f 2>/dev/null &
cron=$!

minute=0
# a_minute: the next one begins
a_minute()
{
	minute=$((minute + 1))
	timeout 60 sh -c 'echo >/tmp/minute'
}
# how_often WORD: it has run by now
how_often()
{
	grep -cx -- "$1" /tmp/ran
}
# how_often_refused USER: cron has said so
how_often_refused()
{
	case $1 in
	dave) grep -c 'cron:account.*could not identify user (from getpwnam(dave))' $log_file ;;
	*) grep -c "pam_hexa(cron:account): user \"$1\" refused for service \"cron\"" $log_file ;;
	esac
}
counted()
{
	[ "$(how_often "$1")" = "$2" ] && [ "$(how_often_refused "$1")" = "$3" ]
}
# jobs WORD RUN REFUSED: how often they have run, and were refused, by now
jobs()
{
	ok "cron, minute $minute: $1: $2 times run, $3 times refused" await counted "$@"
}
ok 'the first minute' a_minute
for user in anna bob olga dave carl; do
	jobs $user 1 0
done
jobs by-bob 1 0
ok 'bob is suspended' hexa-admin user suspend bob
ok 'olga loses her roles' hexa-admin user edit olga --clear roles
ok 'dave is deleted' hexa-admin --yes user delete dave
ok 'the second minute' a_minute
for user in anna carl by-anna; do
	jobs $user 2 0
done
# Of bob the host has a job beside his own.
jobs bob 1 2
jobs by-bob 1 0
jobs olga 1 1
jobs dave 1 1
ok 'bob is back' hexa-admin user resume bob
ok 'olga has a role' hexa-admin user edit olga --add-role maintainer
ok 'the third minute' a_minute
for user in anna carl by-anna; do
	jobs $user 3 0
done
jobs bob 2 2
jobs by-bob 2 0
jobs olga 2 1
jobs dave 1 2
ok 'cron itself is well' kill -0 $cron
ok 'and ends' kill $cron
wait $cron
# What it has started holds its lock too, until that has ended.
need 'and all that it has started' await flock --nonblock /run/crond.pid true
# One that starts finds whom there is.
rm -f /run/crond.reboot
cron -f 2>/dev/null &
cron=$!
logged 'a crontab of nobody is an orphan' 'cron.*\(dave\) ORPHAN'
ok 'it ends' kill $cron

# ---- at ----

rm -f /etc/at.allow
# at_job USER: a job for now
at_job()
{
	echo "echo at-$1 >>/tmp/ran" | as "$1" env HOME=/tmp at now
}
need 'erik, who will go' hexa_user erik technician eriks-Long-password-1
uid=$(id -u erik)
for user in anna bob olga erik carl; do
	ok "at: $user has a job" at_job $user
done
ok 'bob is suspended' hexa-admin user suspend bob
ok 'olga loses her roles' hexa-admin user edit olga --clear roles
ok 'erik is deleted' hexa-admin --yes user delete erik
# What is due when atd starts is run at once.
atd -f -l 1000 2>/dev/null &
atd=$!
need 'atd runs' await test -s /run/atd.pid
at_refused()
{
	grep -E "atd.*$1" $log_file
}
for user in anna carl; do
	ok "at: the job of $user runs" await atd_awake how_often at-$user
done
for user in bob olga; do
	ok "at: the job of $user is refused" await atd_awake at_refused "\"$user\" refused for service \"atd\""
done
ok 'at: the job of nobody is ended' await atd_awake at_refused "Userid $uid not found"
refused 'at: no job ran of who has left' 1 grep -Ex 'at-(bob|olga|erik)' /tmp/ran
ok 'bob is back' hexa-admin user resume bob
ok 'at: bob has a new job, while atd runs' at_job bob
ok 'at: it runs' await atd_awake how_often at-bob
ok 'atd is well, and ends' kill $atd
same_sshd 'all through, sshd is the same process'
