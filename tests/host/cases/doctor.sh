# The doctor on a real host: content when all is well; otherwise it names what is wrong, and the command
# that it gives mends it.

database=/var/lib/hexa/private/hexa.mdb
directory=/var/lib/hexa/directory/directory.mdb

export DEBIAN_FRONTEND=noninteractive

content()
{
	same "$1: the doctor is content" '' hexa-admin --quiet doctor
}

# mend CHECK: does what the doctor says
mend()
{
	local command
	command=$(hexa-admin doctor | sed -n "/^[a-z]* $1:/{n;s/^  try: //p;q}")
	[ -n "$command" ] || return 1
	case $command in
	'make install') make --no-print-directory O="$O" install ;;
	*) eval "$command" ;;
	esac
}

# mended WHAT CHECK CMD…: CMD breaks something; the doctor finds it, and mends it
mended()
{
	local what=$1 check=$2
	shift 2
	"$@"
	told "$what: found" 1 "^error $check:" hexa-admin doctor
	ok "$what: mended" mend "$check"
	content "$what, mended"
}

# warned WHAT CHECK WHO CMD…: the same of what the host itself has decided: a warning, no error, and what
# `user check` says of it to WHO, whom Hexa lets in by sshd
warned()
{
	local what=$1 check=$2 who=$3
	shift 3
	"$@"
	told "$what: found, and no error" 0 "^warning $check:" hexa-admin doctor
	told "$what: $who is let in, and told of it" 0 '^host: ' hexa-admin user check "$who" --service sshd
	ok "$what: mended" mend "$check"
	content "$what, mended"
}

refused 'before init' 1 hexa-admin doctor
has 'before init: the database' '^error database: .*missing' hexa-admin doctor
has 'before init: what mends it' '^  try: hexa-admin init$' hexa-admin doctor
hexa-admin init || exit
ok 'before it is switched on: no error' hexa-admin doctor
has 'before it is switched on: a warning' '^warning enabled: .*not switched on' hexa-admin doctor
hexa-admin host enable || exit
content 'on'
has 'and says of what' '^good enabled: ' hexa-admin doctor

cat >/root/policy.yaml <<'END'
hexa-policy: 1
permissions:
  shell.login: {services: [sshd, login]}
roles:
  technician: {permissions: [shell.login]}
END
hexa-admin policy apply /root/policy.yaml || exit
hexa_user anna technician annas-Long-password-1 || exit
ok 'a user without a home: no error' hexa-admin doctor
has 'a user without a home: a warning' '^warning homes: .*anna' hexa-admin doctor
install -d -o anna -g anna /home/anna
content 'with anna'

# What lies in a home is the user's to change between the doctor's look and the command.
as_anna()
{
	setpriv --reuid anna --regid anna --init-groups "$@"
}
as_anna sh -c 'mkdir -m 777 /home/anna/.ssh; chmod 777 /home/anna/.ssh'
told 'an open folder of keys' 0 '^warning home-mode: .*anna' hexa-admin doctor
ok 'is mended' mend home-mode
content 'a folder of keys, closed'
as_anna chmod 777 /home/anna/.ssh
command=$(hexa-admin doctor | sed -n '/^warning home-mode:/{n;s/^  try: //p;q}')
as_anna sh -c 'rmdir /home/anna/.ssh && ln -s /srv/open /home/anna/.ssh'
install -d -m 777 /srv/open
refused "a folder of root's is not reached by a link" 1 eval "$command"
same 'and stays as it was' 777 stat -c %a /srv/open
told 'a link in a home' 0 "^host: .*\.ssh is a link to what is uid 0's" hexa-admin user check anna --service sshd
refused 'and no command gives it away' 1 mend home-owner
as_anna rm /home/anna/.ssh
rmdir /srv/open

# What else says no to whom Hexa lets in.
config=/etc/ssh/sshd_config
install -m 644 /dev/stdin /etc/pam.d/vpn <<<'account required pam_unix.so'
content 'a service that nothing names'
sed 's/\[sshd, login\]/[sshd, login, vpn]/' /root/policy.yaml | hexa-admin policy apply -
told 'one that a permission names' 1 '^error pam-services: /etc/pam.d/vpn' hexa-admin doctor
rm /etc/pam.d/vpn
hexa-admin policy apply /root/policy.yaml
export EDITOR="sed -i /x-test/d"
says()
{
	printf '%s # x-test\n' "$2" >>"$1"
}
same 'anna is let in' 'allowed sshd: anna may: the role technician carries shell.login (policy line 3)' \
	hexa-admin user check anna --service sshd
warned "a group that sshd asks for" sshd-access anna says $config 'AllowGroups staff'
warned 'a user whom sshd denies' sshd-access anna says $config 'DenyUsers carl ann?'
says $config 'AllowGroups staff technician'
content 'a group that sshd asks for, and she is in'
sed -i /x-test/d $config
says $config 'Match User anna'
says $config 'AllowUsers carl'
has 'one whom a Match block refuses' '^host: .*AllowUsers' hexa-admin user check anna --service sshd
lacks 'and not at another service' '^host:' hexa-admin user check anna --service login
sed -i /x-test/d $config
warned 'nobody may log in' nologin anna touch /etc/nologin
install -m 644 /dev/stdin /etc/security/access.conf <<<'- : ALL EXCEPT root : ALL # x-test'
EDITOR='sed -i s/pam_access/x-test/;/x-test/d' \
	warned 'pam_access refuses all' pam-access anna sed -i '1i account required pam_access.so' /etc/pam.d/sshd
sed -i /pam_access/d /etc/pam.d/sshd
says $config 'PasswordAuthentication no'
has 'sshd takes no passwords' '^warning sshd-password: .*anna' hexa-admin doctor
has 'and she is told' '^host: sshd takes no passwords' hexa-admin user check anna --service sshd
mkdir -p $keys
authorize anna
hexa-admin key add anna $keys/anna.pub
content 'with a key she does without'
sed -i /x-test/d $config
hexa-admin user add eve --role technician --first-name Eve --last-name Berg --home /
told 'who has nothing to show' 0 'eve has no password, key or code' hexa-admin user check eve
hexa-admin user suspend eve
lacks 'and is not let in' 'no password, key or code' hexa-admin user check eve

# Who keeps all others from changing anything.
strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:delay_enter=60s \
	hexa-admin user edit anna --note x &
holder=$!
await sh -c 'grep -q hexa.mdb-lock /proc/locks || pgrep -f "user edit anna" >/dev/null'
has 'who holds up all changes' '^warning writer: process [0-9]+ \(hexa-admin user edit anna' hexa-admin doctor
kill -KILL $holder "$(pgrep -P $holder)" 2>/dev/null
wait $holder
content 'and is gone'

mended 'a database that others read' database-mode chmod 644 $database
mended "another's database" database-mode chown games $database
mended 'an open folder' database-mode chmod 755 /var/lib/hexa/private
mended 'a lock file that others write' directory-mode chmod 666 $directory-lock
mended 'a hidden directory' directory-mode chmod 700 /var/lib/hexa/directory
mended 'no helper' helper rm /usr/libexec/hexa/hexa-pam-helper
mended 'a helper without its bit' helper chmod 755 /usr/libexec/hexa/hexa-pam-helper
mended 'a module that does not load' nss-module \
	sh -c 'cp /etc/passwd /root/x && mv /root/x /usr/lib/x86_64-linux-gnu/libnss_hexa.so.2'
mended 'no line in nsswitch.conf' nsswitch-group sed -i 's/^\(group:.*\) hexa/\1/' /etc/nsswitch.conf
mended 'no profile in PAM' pam-account pam-auth-update --package --remove hexa
mended 'no directory' directory-mode rm $directory
mended "a role's group that the host has" role-groups sh -c 'echo technician:x:999: >>/etc/group'
sed -i '/^technician:/d' /etc/group

# The directory stands behind the database when a command died in between.
cp -p $directory /root/directory.mdb
hexa-admin user edit anna --last-name Bergström
mended 'a directory behind the database' directory-current cp -p --remove-destination \
	/root/directory.mdb $directory
has 'and it is published' '^anna:.*Bergström' getent passwd anna

# A damaged one neither hides who is free nor keeps the administrator from mending it.
flip()
{
	perl -e 'open(F, "+<", $ARGV[0]); for ($i = 0; $i < -s F; $i += 61) { seek(F, $i, 0); print F "x" }' \
		"$1"
}
damaged()
{
	cp -p $directory /root/damaged.mdb && flip /root/damaged.mdb && mv /root/damaged.mdb $directory
}
mended 'a damaged directory' directory-format damaged
damaged
getent passwd anna bob >/dev/null
hexa-admin role add painter --title Painter --permission shell.login
ok 'a user is made beside a damaged directory' hexa_user bob painter bobs-Long-password-1
ok 'and it is mended too' mend directory-format
install -d -o bob -g bob /home/bob
content 'a damaged directory, written anew'

sed -i 's/^#*UsePAM.*/UsePAM no/' /etc/ssh/sshd_config
has 'sshd without PAM' '^error sshd-pam:' hexa-admin doctor
sed -i 's/^UsePAM.*/UsePAM yes/' /etc/ssh/sshd_config
sed -i 's/^@include common-account/account required pam_unix.so/' /etc/pam.d/sshd
has 'sshd without common-account' '^error pam-services: .*sshd' hexa-admin doctor
sed -i 's/^account required pam_unix.so/@include common-account/' /etc/pam.d/sshd
echo 'bob:x:4242:100::/:/bin/sh' >>/etc/passwd
has 'a local user of the same name' '^error local-users: bob' hexa-admin doctor
sed -i '/^bob:x:4242/d' /etc/passwd
content 'put right by hand'

mount --bind /var/lib/hexa /var/lib/hexa && mount -o remount,bind,ro /var/lib/hexa
has 'a read-only file system' '^error space: .*read-only' hexa-admin doctor
umount /var/lib/hexa
mkdir /mnt/small && mount -t tmpfs -o size=2m tmpfs /mnt/small
cp -a /var/lib/hexa/. /mnt/small && chmod 755 /mnt/small && mount --bind /mnt/small /var/lib/hexa
has 'a full file system' '^warning space: .*full' hexa-admin doctor
umount /var/lib/hexa /mnt/small
content 'at the end'

mv $database /srv/hexa.mdb
head -c 5000 /srv/hexa.mdb >$database && chmod 600 $database
refused 'a cut database' 1 hexa-admin doctor
has 'a cut database: named' '^error database:' hexa-admin doctor
head -c 40000 /srv/hexa.mdb >$database
has 'a cut database: which page' '^error pages: .*page [0-9]+' hexa-admin doctor
has 'as JSON' '"check": "database"' hexa-admin --json doctor
