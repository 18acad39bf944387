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
	'hexa-admin policy edit') hexa-admin --yes policy edit ;; # there is no terminal to ask on
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

# There is no systemd here; whoever is told to reload reads its configuration at the next look anyway.
install -m 755 /dev/stdin /usr/local/sbin/systemctl <<<'#!/bin/sh'

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
strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:signal=STOP:when=1 \
	hexa-admin user edit anna --note x &
holder=$!
is_stopped()
{
	grep -q '^State:.[Tt]' "/proc/$(pgrep -x hexa-admin)/status"
}
need 'one is stopped as it writes' await is_stopped
has 'who holds up all changes' '^warning writer: process [0-9]+ \(hexa-admin user edit anna' hexa-admin doctor
has 'and is told of beside her logins' '^host: process [0-9]+ \(hexa-admin user edit anna' \
	hexa-admin user check anna --service sshd
kill -KILL $holder
wait $holder
ok 'one that is stopped is ended' mend writer
content 'and is gone'
ok 'and others go on' timeout 20 hexa-admin user edit anna --note y

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
mended 'pam_unix before pam_hexa' pam-account \
	sed -i -e '/pam_hexa/{h;d}' -e '/pam_unix/G' /etc/pam.d/common-account
has 'what was there is kept' 'pam_unix' cat /etc/pam.d/common-account.pam-old
mended 'another control of pam_hexa' pam-session sed -i '/pam_hexa/s/\[.*\]/optional/' /etc/pam.d/common-session
mended 'two of pam_hexa' pam-auth sed -i '/pam_hexa/p' /etc/pam.d/common-auth
mended 'no pam_unix' pam-password sed -i '/pam_unix/d' /etc/pam.d/common-password
mended 'no file' pam-auth rm /etc/pam.d/common-auth
EDITOR='sed -i /pam_permit.so.x/d' mended 'a yes before all' pam-account \
	sed -i '1i account sufficient pam_permit.so x' /etc/pam.d/common-account
mended 'no directory' directory-mode rm $directory
mended "a role's group that the host has" role-groups sh -c 'echo technician:x:999: >>/etc/group'
sed -i '/^technician:/d' /etc/group

# Who is in a group of the host's by a gid that is another's.
groupadd -g 4100 lab
sed 's/\[sshd, login\]/[sshd, login], unix-groups: [lab]/' /root/policy.yaml | hexa-admin policy apply -
has "anna is in a group of the host's" '\b4100\(lab\)' id anna
regrouped()
{
	groupmod -g 4200 lab && groupadd -g 4100 evil
}
mended "a gid that is another group's" unix-groups regrouped
has 'she is in the one that was meant' '\b4200\(lab\)' id anna
lacks 'and in no other' 'evil' id anna
groupdel lab
told 'a group that is gone' 1 '^error unix-groups: .*by a gid that is no longer' hexa-admin doctor
hexa-admin user list >/dev/null
ok 'is made anew' mend unix-groups
content 'a group that was gone'
has 'and she is in it' '\(lab\)' id anna
sed -i 's/^lab:x:[0-9]*:/lab:x:0:/' /etc/group
hexa-admin user list >/dev/null
told 'a group with gid 0' 0 '^warning unix-groups: .*gid here is 0' hexa-admin doctor
EDITOR='sed -i s/,.unix-groups:.*lab.//' ok 'is taken out of the policy' mend unix-groups
content 'a group with gid 0'
sed -i '/^lab:/d' /etc/group
hexa-admin policy apply /root/policy.yaml

# Who else has an id of hers.
uid=$(id -u anna)
mended 'a group with the gid of hers' ids sh -c "echo mine:x:$uid: >>/etc/group"
sed -i '/^mine:/d' /etc/group
echo "lxd:$uid:1" >/etc/subuid
told 'subordinate ids' 1 '^error ids: /etc/subuid gives lxd' hexa-admin doctor
has 'are told of beside her logins' '^host: /etc/subuid gives lxd the id' hexa-admin user check anna --service sshd
lacks "and beside nobody else's" '^host: /etc/subuid' hexa-admin user check bob --service sshd
has 'those that are still to be given' '^warning uid-range: .*/etc/subuid gives lxd' hexa-admin doctor
: >/etc/subuid
mended 'a local user with her uid' local-users useradd -M -o -u "$uid" bert
userdel bert
named_anna()
{
	echo 'anna:x:4242:100::/:/bin/sh' >>/etc/passwd
	hexa-admin user add anna2 --role technician --first-name A --last-name B --home /srv
	hexa-admin user suspend anna2
}
mended 'a local user of her name' local-users named_anna
has 'she has the next free name' '^anna3:' getent passwd anna3
sed -i '/^anna:x:4242/d' /etc/passwd
hexa-admin --yes user rename anna3 anna

# The ids that are still to be given.
sed 's/^permissions:/accounts: {uid-range: [70000-79999]}\n&/' /root/policy.yaml >/root/ranged.yaml
hexa-admin policy apply /root/ranged.yaml
content 'a range of its own'
echo 'lxd:70000:65536' >/etc/subuid
told "a range that is somebody's" 0 '^warning uid-range: Hexa takes ids from 70000-79999' hexa-admin doctor
EDITOR='sed -i s/70000-79999/200000000-200000050/' ok 'is changed' mend uid-range
lacks "and is nobody's any more" '70000' hexa-admin doctor
has 'but the next one is' 'login.defs gives user namespaces' hexa-admin doctor
EDITOR='sed -i s/200000000-200000050/700000000-700000050/' ok 'is changed too' mend uid-range
told 'few are left' 0 '^warning uid-range: 51 ids are left' hexa-admin doctor
EDITOR='sed -i s/700000050/700000150/' ok 'more are given' mend uid-range
content 'with more'
: >/etc/subuid
hexa-admin policy apply /root/policy.yaml

# The directory stands behind the database when a command died in between.
cp -p $directory /root/directory.mdb
hexa-admin user edit anna --last-name Bergström
mended 'a directory behind the database' directory-current cp -p --remove-destination \
	/root/directory.mdb $directory
has 'and it is published' '^anna:.*Bergström' getent passwd anna

# A damaged one neither hides who is free nor keeps the administrator from mending it.
flip()
{
	perl -e 'open(F, "+<", $ARGV[0]); for ($i = 0; $i < -s F; $i += 13) { seek(F, $i, 0); print F "x" }' \
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
has 'and it is mended by that' '^bob:' getent passwd bob
install -d -o bob -g bob /home/bob
content 'a damaged directory, written anew'

another_version()
{
	local page
	for page in 0 4096; do
		printf '\2' | dd of=$directory bs=1 seek=$((page + 20)) conv=notrunc status=none
	done
}
mended 'a directory that another LMDB wrote' directory-format another_version
mended 'a folder in its place' directory-mode sh -c "rm $directory && mkdir $directory"
mended 'a file in the place of its folder' directory-mode \
	sh -c 'rm -r /var/lib/hexa/directory && touch /var/lib/hexa/directory'
mended 'no folder' directory-mode rm -r /var/lib/hexa/directory

mended 'sshd without PAM' sshd-pam sed -i 's/^#*UsePAM.*/UsePAM no/' $config
mended 'sshd without its drop-ins' sshd-keys sed -i '/^Include/d' $config
install -m 755 /dev/stdin /usr/local/bin/other-keys <<<'#!/bin/sh'
sed -i '1i AuthorizedKeysCommand /usr/local/bin/other-keys %u\nAuthorizedKeysCommandUser nobody' $config
told 'sshd with another command' 0 '^warning sshd-keys: sshd asks `/usr/local/bin/other-keys' hexa-admin doctor
ok 'that one is chained' mend sshd-keys
content 'sshd with another command'
has 'and is run' 'hexa-authorized-keys --chain /usr/local/bin/other-keys %u' cat $config
sed -i '/^AuthorizedKeysCommand/d' $config
content 'no other command'
printf 'Match User anna\n\tX11Forwarding no\n' >>$config
told 'a Match block' 0 '^warning sshd-match:' hexa-admin doctor
ok 'is of her group' mend sshd-match
has 'that is' '^Match Group anna' cat $config
content 'a Match block'
sed -i '/^Match Group anna/,$d' $config
says $config 'PasswordAuthentication no'
says $config 'KbdInteractiveAuthentication no'
hexa-admin key remove anna "$(ssh-keygen -lf $keys/anna.pub | cut -d' ' -f2)"
told 'no key' 0 '^warning sshd-password: .*anna' hexa-admin doctor
has 'and she is told' '^host: sshd takes no passwords' hexa-admin user check anna --service sshd
ok 'a key is read' mend sshd-password <$keys/anna.pub
ok 'and the next' mend sshd-password <$keys/anna.pub
content 'keys'
says $config 'Nonsense yes'
told "sshd's own fault" 1 '^error sshd-keys: .*Nonsense' hexa-admin doctor
has 'is told of beside her logins' '^host: .*Nonsense' hexa-admin user check anna --service sshd
ok 'and mended in its file' mend sshd-keys
content 'sshd as it was'
sed -i 's/^@include common-account/account required pam_unix.so/' /etc/pam.d/sshd
has 'sshd without common-account' '^error pam-services: .*sshd' hexa-admin doctor
sed -i 's/^account required pam_unix.so/@include common-account/' /etc/pam.d/sshd
echo 'bob:x:4242:100::/:/bin/sh' >>/etc/passwd
has 'a local user of the same name' '^error local-users: bob' hexa-admin doctor
sed -i '/^bob:x:4242/d' /etc/passwd
content 'put right by hand'

mount --bind /var/lib/hexa /var/lib/hexa
mended 'a read-only file system' space mount -o remount,bind,ro /var/lib/hexa
umount /var/lib/hexa
mount --bind /usr/libexec/hexa /usr/libexec/hexa && mount -o remount,bind,nosuid /usr/libexec/hexa
told 'no setuid' 0 '^warning helper-nosuid:' hexa-admin doctor
ok 'is mended' mend helper-nosuid
content 'no setuid'
umount /usr/libexec/hexa

# As on a host where SELinux enforces: the kernel's word, and labels that it would read.
mount -t tmpfs tmpfs /sys/fs && mkdir -p /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce
install -m 755 /dev/stdin /usr/local/sbin/semodule <<'END'
#!/bin/sh
[ "$1" = -i ] && cp "$2" /root/loaded.pp
END
install -m 755 /dev/stdin /usr/local/sbin/restorecon <<'END'
#!/usr/bin/perl
use constant { SETXATTR => 188 };
my ($name, %type) = ('security.selinux', '/usr/libexec/hexa/hexa-pam-helper' => 'chkpwd_exec_t',
    '/var/lib/hexa/private' => 'hexa_private_t');
for my $path (keys %type) {
	my ($file, $label) = ($path, "system_u:object_r:$type{$path}:s0");
	syscall(SETXATTR, $file, $name, $label, length($label), 0) == 0 or die "$path: $!";
}
END
told 'SELinux enforces' 0 '^warning selinux: .*no label' hexa-admin doctor
has 'and she is told' '^host: SELinux enforces' hexa-admin user check anna --service sshd
ok "Hexa's module is made and loaded" mend selinux
has 'it is a module' 'SE Linux Module' tr -cd '[:print:]' </root/loaded.pp
content 'SELinux enforces'
umount /sys/fs
mkdir /mnt/small && mount -t tmpfs -o size=2m tmpfs /mnt/small
cp -a /var/lib/hexa/. /mnt/small && chmod 755 /mnt/small && mount --bind /mnt/small /var/lib/hexa
has 'a full file system' '^warning space: .*full' hexa-admin doctor
umount /var/lib/hexa /mnt/small
content 'at the end'
same 'and nothing is said in JSON either' '[]' hexa-admin --json --quiet doctor

mv $database /srv/hexa.mdb
head -c 5000 /srv/hexa.mdb >$database && chmod 600 $database
refused 'a cut database' 1 hexa-admin doctor
has 'a cut database: named' '^error database:' hexa-admin doctor
head -c 40000 /srv/hexa.mdb >$database
has 'a cut database: which page' '^error pages: .*page [0-9]+' hexa-admin doctor
has 'as JSON' '"check": "database"' hexa-admin --json doctor
