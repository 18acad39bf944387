#!/bin/bash
#
# For the cases about local users: they and root log in exactly as before, whatever has happened to Hexa;
# and whatever has happened, nobody of Hexa's gets in by it.

state=/var/lib/hexa
database=$state/private/hexa.mdb
directory=$state/directory/directory.mdb
helper=/usr/libexec/hexa/hexa-pam-helper
anna=annas-Long-password-1
carl=carls-Long-password-0
root=roots-Long-password-1
turn=0

# as_before WHEN: every door, for carl (who is in the group sudo) and for root
as_before()
{
	local when=$1 next
	turn=$((turn + 1))
	next=carls-Long-password-$turn
	same "$when: sshd" carl ssh_login carl $carl whoami
	same "$when: sshd, prompted" carl ssh_prompted carl $carl whoami
	same "$when: sshd, by key" carl ssh_key carl whoami
	same "$when: sshd, root" root ssh_login root $root whoami
	has "$when: su" '^carl' answer $carl as nobody su carl -c whoami
	same "$when: su by root" carl su - carl -c whoami
	has "$when: su to root" '^root' answer $root as carl su -c whoami
	has "$when: login" '^carl' tty_login carl $carl whoami
	same "$when: sudo" 0 as carl sudo -S -k -p '' id -u <<<$carl
	ok "$when: passwd" answer "$carl $next $next" as carl passwd
	same "$when: the new password is good" carl ssh_login carl "$next" whoami
	ok "$when: chpasswd" chpasswd <<<"carl:$carl"
	same "$when: and is the password" carl ssh_login carl $carl whoami
	refused "$when: a wrong password" 255 ssh_login carl "$next"
	same "$when: getent" "$carl_line" getent passwd carl
	same "$when: id" "$carl_groups" id -Gn carl
	refused "$when: a name that is nobody" 2 getent passwd nobody-of-this-name
}

# theirs_refused WHEN: nobody of Hexa's gets in, and nothing hangs
theirs_refused()
{
	refused "$1: anna, by password" 255 ssh_login anna $anna
	refused "$1: anna, by key" 255 ssh_key anna
	refused "$1: anna, by su" 1 su anna -c true
}

# flip FILE: every 61st byte of it is turned over
flip()
{
	perl -e '
		open(my $f, "+<:raw", $ARGV[0]) or die; my $size = -s $f;
		for (my $at = 0; $at < $size; $at += 61) {
			seek($f, $at, 0); read($f, my $byte, 1);
			seek($f, $at, 0); print $f chr(ord($byte) ^ 0xff);
		}' "$1"
}

# Each way to damage a file leaves its copy FILE.good to put back.
damage()
{
	local how=$1 file=$2
	cp -a "$file" "$file.good"
	case $how in
	gone) rm "$file" ;;
	empty) : >"$file" ;;
	truncated) truncate --size 5000 "$file" ;;
	flipped) flip "$file" ;;
	fifo) rm "$file" && mkfifo --mode 644 "$file" ;;
	folder) rm "$file" && mkdir "$file" ;;
	esac
}

mend()
{
	rm -rf "$1" && mv "$1.good" "$1"
}

people()
{
	need 'a local user' local_user carl $carl
	ok 'who may be root' usermod --append --groups sudo carl
	ok 'root has a password' chpasswd <<<"root:$root"
	need 'sshd' sshd_start
	need 'carl has a key' authorize carl
	need 'anna has a key' authorize anna
	carl_line=$(getent passwd carl)
	carl_groups=$(id -Gn carl)
}

switch_on()
{
	need 'a new database, and the host switched on' hexa_enable
	need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
	need 'anna is one of Hexa' hexa_user anna technician $anna
	same 'anna is in, by password' anna ssh_login anna $anna whoami
	same 'anna is in, by key' anna ssh_key anna whoami
}
