# What docs/recovery.md says of a full disk, of a lost root password and of the log, typed as it stands there: each
# ends with a login.
. tests/host/reader.sh

hexa=/var/lib/hexa
document=docs/recovery.md
root=roots-Long-password-1
erin=erins-Long-password-1

# line NAME N: the Nth command of a block
line()
{
	block "$1" $document | sed -n "${2}p"
}

block_size()
{
	block "$1" $document | wc -l
}

# in_block NAME COUNT: the block has so many commands
in_block()
{
	same "$1: its commands" "$2" block_size "$1"
}

# Before all that is to be full one day: file systems of their own.
mkdir -p $hexa && mount -t tmpfs -o size=40m,mode=755 small $hexa
mkdir -p /run/hexa && mount -t tmpfs -o size=64k,mode=700 small /run/hexa
need 'a database, and Hexa switched on' hexa_enable
need 'a policy' hexa-admin policy apply tests/host/policy.yaml
need 'a policy that locks out' sh -c \
	"sed 's/failures: 0/failures: 3, within: 15m, for: 15m/' tests/host/policy.yaml | hexa-admin policy apply -"
for user in anna bob carl dora; do
	need "$user" hexa_user $user technician "${user}s-Long-password-1"
done
need 'erin may be root' hexa_user erin maintainer $erin
need 'a local user' local_user reader readers-Long-password-1
need 'sshd' sshd_start

# who: which of these get in
who()
{
	local user
	for user in anna dora reader; do
		ssh_login $user ${user}s-Long-password-1 whoami 2>/dev/null
	done | tr '\n' ' '
}
same 'all get in' 'anna dora reader ' who
last=$(hexa-admin user show anna | grep '^last-login')

# ---- the log ---------------------------------------------------------------------------------------

logs="$(grep '^journalctl' $document)"
refused 'a wrong password' 255 ssh_login anna wrong
logged 'is in syslog as the document has it' 'sshd.*: pam_hexa\(sshd:auth\): user "anna" refused '
if command -v journalctl >/dev/null; then
	lacks 'and journalctl knows the options' 'unrecognized|invalid option|[Ff]ailed to parse' bash -c "$logs"
else
	skip 'and journalctl knows the options' 'there is none'
fi

# ---- a full disk -----------------------------------------------------------------------------------

in_block room 4
ok 'a backup' hexa-admin backup /srv/backup
for i in 1 2; do
	ok 'what is restored keeps what was there' hexa-admin --yes --quiet restore /srv/backup
done
ok 'so there is something to take away' sh -c "ls $hexa/private/hexa-*.mdb"
fill()
{
	dd if=/dev/zero of="$1/filler" bs=1k status=none 2>/dev/null
	dd if=/dev/zero of="$1/filler.$RANDOM" bs=1 status=none 2>/dev/null
	! dd if=/dev/zero of="$1/filled" bs=1 count=1 status=none && rm "$1/filled"
}
ok 'the disk is full' fill $hexa
ok '/run is full' fill /run/hexa
has 'doctor says so' "^(warning|error) space: .*$hexa is full" hexa-admin doctor
same 'full: all get in' 'anna dora reader ' who
refused 'and no wrong password does' 255 ssh_login anna wrong
same 'nobody is unknown' anna sh -c 'getent passwd anna | cut -d: -f1'
same 'the last login is that before' "$last" sh -c "hexa-admin user show anna | grep '^last-login'"

dump()
{
	hexa-admin --yes --quiet dump
}
{
	echo name,first-name,last-name,roles
	seq -f 'user%g,First,Last,technician' 500
} >/tmp/many.csv
head -c 100000 /dev/urandom >/tmp/scan
{
	cat tests/host/policy.yaml
	seq -f '  role%g: {title: A role with a title that is rather long so that there is more of it}' 400
} >/tmp/policy.yaml
dump >/tmp/whole
ssh-keygen -q -t ed25519 -N '' -f /tmp/key

# whole WANTED ARG…: refused with WANTED, and nothing of it is done; WANTED any: or done whole, and said so
whole()
{
	local wanted=$1 status now
	shift
	dump >/tmp/before || return 1
	hexa-admin --yes "$@" >/tmp/said 2>&1 </dev/null
	status=$?
	cat /tmp/said
	dump >/tmp/now && hexa-admin activity verify >/dev/null || return 1
	case $wanted:$status in
	any:0 | 7:7 | any:7) ;;
	*)
		echo "exit $status"
		return 1
		;;
	esac
	[ $status -eq 0 ] || { [ $wanted = any ] && grep -q '^hexa-admin: saved, but not published yet' /tmp/said; } || {
		cmp /tmp/before /tmp/now && grep -E 'No space left on device|as on a full disk' /tmp/said
	}
}
ok 'import: all or nothing' whole 7 user import /tmp/many.csv
ok 'a policy: all or nothing' whole 7 policy apply /tmp/policy.yaml
ok 'a document' whole 7 document add anna /tmp/scan --kind other
ok 'a backup' whole 7 backup /srv/other
refused 'and nothing is left of it' 1 test -e /srv/other
ok 'a restore' whole 7 restore /srv/backup
ok 'a load' whole 7 load /tmp/whole
ok 'a new user' whole any user add fred --role technician --first-name F --last-name F
ok 'a change' whole any user edit carl --note something
ok 'a status' whole any user suspend carl
ok 'a one-time code' whole any user reset dora
ok 'a key' whole any key add anna /tmp/key.pub
ok 'a role' whole any role add other --title Other
ok 'a client' whole any client add other --title Other
ok 'mending' whole any doctor --mend
same 'still: all get in' 'anna dora reader ' who

: >/tmp/tried
for _ in 1 2 3 4; do
	ssh_login anna wrong 2>>/tmp/tried
done
logged 'failures are not counted, and the log says so' 'failed logins cannot be counted'
same 'and nobody is refused for them' anna ssh_login anna annas-Long-password-1 whoami


# Nothing that has been there before is needed, either.
rm $hexa/private/last-login.mdb*
ok 'full again' fill $hexa
same 'nobody has ever logged in: all get in' 'anna dora reader ' who

rm /run/hexa/filler*
ok 'the disk, as the document has it: which it is' bash -c "$(line room 1)"
has 'what fills it' "$hexa/filler" bash -c "$(line room 2)"
ok 'room' bash -c "$(line room 3)"
refused 'the kept ones are gone' 2 sh -c "ls $hexa/private/hexa-*.mdb"
same 'room: all get in' 'anna dora reader ' who
ok 'and what is left of it' bash -c "$(line room 4)"
ok 'what was refused is repeated' hexa-admin user add gina --role technician --first-name G --last-name G
same 'and gina is there' gina sh -c 'getent passwd gina | cut -d: -f1'
rm $hexa/filler*
lacks 'no finding is an error' '^error' hexa-admin doctor
lacks 'nor is it full' '^(warning|error) space' hexa-admin doctor
same 'all get in' 'anna dora reader ' who
ok 'the journal' hexa-admin activity verify
for _ in 1 2 3; do
	ssh_login anna wrong 2>>/tmp/tried
done
refused 'and failures are counted again' 255 ssh_login anna annas-Long-password-1
ok 'which an administrator takes back' hexa-admin user unlock anna
same 'anna is in' anna ssh_login anna annas-Long-password-1 whoami

# ---- the root password -----------------------------------------------------------------------------

# lost: nobody knows root's password any more
lost()
{
	passwd -q -l root && ! tty_login root $root whoami >/dev/null
}

# as_it_stands PASSWORD COMMAND: on a terminal, the new password given twice
as_it_stands()
{
	answer "$1 $1" bash -c "$2"
}

ok 'lost' lost
in_block root-by-sudo 1
ok 'by sudo' answer "$erin $erin $root $root" \
	ssh "${ssh_options[@]}" -o PreferredAuthentications=password -tt -l erin 127.0.0.1 "$(line root-by-sudo 1)"
has 'root logs in' '^root' tty_login root $root whoami

# The host's own disk, and no more than the kernel itself would have there; read only.
mount --bind / /mnt && mount --bind /dev /mnt/dev && mount -o remount,bind,ro /mnt
init=$(block root-by-init $document | sed 's/$/ || exit 1/')
ok 'lost' lost
in_block root-by-init 3
refused 'nothing can be written there yet' 1 chroot /mnt touch /etc/written
refused 'without /proc' 1 test -e /mnt/proc/self
refused 'without /run' 1 test -e /mnt/run/sshd-test.pid
ok 'by init=/bin/bash' answer "$root $root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	unshare --mount chroot /mnt /bin/bash -c "$init"
has 'root logs in' '^root' tty_login root $root whoami

ok 'lost' lost
mount -o remount,bind,rw /mnt
in_block root-by-rescue 1
ok 'by a rescue system' as_it_stands $root "$(line root-by-rescue 1)"
has 'root logs in' '^root' tty_login root $root whoami

# ---- root is locked, and who administers does not get in ---------------------------------------------

ok 'lost' lost
mount --bind $hexa /mnt$hexa
for how in rescue chroot; do
	in_block user-by-$how 1
	command=$(line user-by-$how 1)
	code_by "a one-time code by $how" bash -c "${command/NAME/erin}"
	has 'is good on the host' '^erin' tty_login erin "$code $erin-$how $erin-$how" whoami
	same 'and erin is in with the new password' erin ssh_login erin $erin-$how whoami
done
umount /mnt$hexa /mnt/dev /mnt
kill $sshd
