# Installing Hexa, switching it on, off, and taking it away: after each step, and after each that is
# refused, root and local users log in as before; what is refused has changed nothing.

carl=carls-Long-password-1
root=roots-Long-password-1
module=/lib/x86_64-linux-gnu/security/pam_hexa.so
nss=/usr/lib/x86_64-linux-gnu/libnss_hexa.so.2
helper=/usr/libexec/hexa/hexa-pam-helper
common=/etc/pam.d/common
stacks='auth account session session-noninteractive password'
export DEBIAN_FRONTEND=noninteractive

# doors WHEN: carl and root get in, and carl only with his password
doors()
{
	same "$1: sshd" carl ssh_login carl $carl whoami
	same "$1: sshd, root" root ssh_login root $root whoami
	refused "$1: sshd, wrong password" 255 ssh_login carl wrong
	has "$1: login" '^carl' tty_login carl $carl whoami
	has "$1: su" '^root' answer $root as carl su -c whoami
	ok "$1: chpasswd" chpasswd <<<"carl:$carl"
	same "$1: the new password" carl ssh_login carl $carl whoami
	has "$1: getent" '^carl:' getent passwd carl
}

# What a switch may touch, as it stands
state()
{
	(cd / && sha256sum etc/nsswitch.conf etc/pam.d/* var/lib/pam/* &&
		stat -c '%n %a %u' etc/nsswitch.conf etc/pam.d/*)
}

# $before is what it was
changes()
{
	diff <(echo "$before") <(state)
}

unchanged()
{
	same "$1: nothing changed" '' changes
	lacks "$1: nothing left beside" '\.hexa-[^s]' ls -a /etc /etc/pam.d
}

# hexa_lines: where pam_hexa.so stands, one line for each
hexa_lines()
{
	grep -Hn pam_hexa $common-* | sed 's/[[:space:]]\+/ /g; s/^.*common-//; s/ $//'
}

# A line of the administrator's own in the block that pam-auth-update writes, before all others
change_locally()
{
	cp -a $common-auth /root/auth
	sed -i '0,/^auth/s//auth optional pam_echo.so\n&/' $common-auth
}

install_again()
{
	make --no-print-directory O="$O" install
}

local_user carl $carl
chpasswd <<<"root:$root"
sshd_start
stock=$(state)

# ---- installed, and nothing switched on ----------------------------------------------------

doors installed
same 'modes' "4755 root:root $helper
644 root:root $nss
644 root:root $module
755 root:root /usr/sbin/hexa-admin
644 root:root /usr/share/pam-configs/hexa
644 root:root /usr/share/pam-configs/hexa-password" stat -c '%a %U:%G %n' $helper $nss $module \
	/usr/sbin/hexa-admin /usr/share/pam-configs/hexa /usr/share/pam-configs/hexa-password
lacks 'nothing is switched on' hexa cat /etc/nsswitch.conf $common-*
ok "another package's pam-auth-update" pam-auth-update --package
lacks 'switches nothing on either' hexa cat /etc/nsswitch.conf $common-*
has 'glibc finds the module without ldconfig' 'libnss_hexa\.so\.2.*= [0-9]' \
	strace -e trace=openat getent -s hexa passwd nobody-of-this-name

# ---- what is not fit to rest logins on is not switched on ------------------------------------

before=$(state)
refused 'without a database' 7 hexa-admin host enable
unchanged 'without a database'
hexa-admin init || exit

without()
{
	before=$(state)
	refused "$1" 7 hexa-admin host enable
	has "$1: says what mends it" 'make install' hexa-admin host enable
	unchanged "$1"
	has "$1: the doctor says so" "^error $2:" hexa-admin doctor
	refused "$1: and finds an error" 1 hexa-admin doctor
	install_again >/dev/null
}
rm $helper
without 'no helper' helper
chmod 755 $helper
without 'a helper without its bit' helper
rm $module
without 'no PAM module' pam-module
printf 'no module' >$module
without 'a PAM module that does not load' pam-module
rm $nss
without 'no NSS module' nss-module
chmod 666 $nss
without 'an NSS module that others write' nss-module
rm /usr/share/pam-configs/hexa
without 'no profile' profile
mv /usr/sbin/pam-auth-update /usr/sbin/away
before=$(state)
refused 'no pam-auth-update' 7 hexa-admin host enable
unchanged 'no pam-auth-update'
mv /usr/sbin/away /usr/sbin/pam-auth-update
doors 'after refusals'

# ---- what the administrator has written is not written over -----------------------------------

cp -a /etc/nsswitch.conf /root/nsswitch
sed -i 's/^passwd:.*/passwd: files [NOTFOUND=return] systemd/' /etc/nsswitch.conf
before=$(state)
refused 'an action that hides Hexa' 6 hexa-admin host enable
has 'an action that hides Hexa: where' 'hexa would never be asked' hexa-admin host enable
unchanged 'an action that hides Hexa'
cp -a /root/nsswitch /etc/nsswitch.conf

mv /etc/nsswitch.conf /etc/managed && ln -s managed /etc/nsswitch.conf
before=$(state)
refused 'nsswitch.conf is a link' 7 hexa-admin host enable
unchanged 'nsswitch.conf is a link'
mv /etc/managed /etc/nsswitch.conf

mount --bind /etc/nsswitch.conf /etc/nsswitch.conf
before=$(state)
refused 'nsswitch.conf cannot be replaced' 7 hexa-admin host enable
unchanged 'nsswitch.conf cannot be replaced'
umount /etc/nsswitch.conf

change_locally
before=$(state)
refused 'local changes in common-auth' 7 hexa-admin host enable
has 'local changes in common-auth: says so' 'local changes' hexa-admin host enable
unchanged 'local changes in common-auth'
doors 'local changes in common-auth'
cp -a /root/auth $common-auth

# The third of the five files cannot be written: two were written by then.
mount --bind $common-session $common-session
before=$(state)
refused 'half of the PAM files' 7 hexa-admin host enable
unchanged 'half of the PAM files'
umount $common-session
doors 'half of the PAM files'

# ---- on ------------------------------------------------------------------------------------

control='new_authtok_reqd=done user_unknown=ignore default=die] pam_hexa.so'
session='[success=ok ignore=ignore user_unknown=ignore default=die] pam_hexa.so'
ok 'enable' hexa-admin host enable
has 'passwd' '^passwd: +files( systemd)? hexa$' cat /etc/nsswitch.conf
has 'group' '^group: +files( systemd)? hexa$' cat /etc/nsswitch.conf
same 'the lines of PAM' "account:17:account [success=2 $control
auth:17:auth [success=2 $control
password:26:password [success=1 $control
session:23:session $session
session-noninteractive:24:session $session" hexa_lines
doors 'on'
same 'the doctor is content' '' hexa-admin --quiet doctor
for stack in $stacks; do
	same "what was there is kept: $stack" "$(sed -n "s,  etc/pam.d/common-$stack$,,p" <<<"$stock")" \
		sh -c "sha256sum <$common-$stack.hexa-saved | cut -d' ' -f1"
done
before=$(state)
ok 'enable again' hexa-admin host enable
unchanged 'enable again'
ok "another package's pam-auth-update, while on" pam-auth-update --package
unchanged "another package's pam-auth-update, while on"

ok 'install over it' install_again
doors 'installed over'
refused 'uninstall while on' 2 make --no-print-directory O="$O" uninstall
has 'uninstall while on: says what mends it' 'hexa-admin host disable' \
	make --no-print-directory O="$O" uninstall
ok 'uninstall while on: all is there' hexa-admin --quiet doctor
doors 'uninstall refused'

# With fewer and more of the stock profiles.
pam-auth-update --package --remove systemd capability
pam-auth-update --package --enable mkhomedir
same 'other stock profiles: the doctor is content' '' hexa-admin --quiet doctor
doors 'other stock profiles'
pam-auth-update --package --remove mkhomedir
pam-auth-update --package --enable systemd capability

# A package whose yes would pass Hexa by.
cat >/usr/share/pam-configs/eager <<'END'
Name: Eager
Default: yes
Priority: 1024
Auth-Type: Primary
Auth:
	[success=end default=ignore]	pam_localuser.so
Account-Type: Primary
Account:
	[success=end default=ignore]	pam_localuser.so
END
pam-auth-update --package --enable eager
has 'a yes above Hexa: the doctor says so' '^error pam-account:.*passes it by' hexa-admin doctor
before=$(state)
refused 'a yes above Hexa: enable' 7 hexa-admin host enable
unchanged 'a yes above Hexa: enable'
pam-auth-update --package --remove eager
rm /usr/share/pam-configs/eager
same 'a yes above Hexa, gone' '' hexa-admin --quiet doctor

# ---- off -----------------------------------------------------------------------------------

change_locally
before=$(state)
refused 'disable with local changes' 7 hexa-admin host disable
unchanged 'disable with local changes'
has 'disable with local changes: Hexa stays known' hexa cat /etc/nsswitch.conf
doors 'disable with local changes'
cp -a /root/auth $common-auth
# With PAM off alone, whoever is known would come in by a key, suspended or not.
mount --bind /etc/nsswitch.conf /etc/nsswitch.conf
before=$(state)
refused 'disable: nsswitch.conf cannot be replaced' 7 hexa-admin host disable
unchanged 'disable: nsswitch.conf cannot be replaced'
doors 'disable: nsswitch.conf cannot be replaced'
umount /etc/nsswitch.conf

mv /var/lib/hexa /var/lib/away
rm $helper
ok 'disable, with the database and the helper gone' hexa-admin host disable
lacks 'off' hexa cat /etc/nsswitch.conf $common-*
same 'off: every file as it was' "$(grep ' etc/' <<<"$stock")" sh -c "$(declare -f state); state | grep ' etc/'"
same 'off: no copies are left' '' find /etc -name '*.hexa-*'
doors 'off'
before=$(state)
ok 'disable again' hexa-admin host disable
unchanged 'disable again'
mv /var/lib/away /var/lib/hexa
install_again >/dev/null

# Lines that were not there, and initgroups, on which a source that knows the user ends the search.
sed -i '/^passwd:/d' /etc/nsswitch.conf
echo 'initgroups: files' >>/etc/nsswitch.conf
ok 'enable, with other lines' hexa-admin host enable
has 'a missing line' '^passwd: files hexa$' cat /etc/nsswitch.conf
has 'initgroups' '^initgroups: files \[SUCCESS=continue\] hexa$' cat /etc/nsswitch.conf
same 'other lines: the doctor is content' '' hexa-admin --quiet doctor
hexa-admin role add technician --title Technician && hexa_user anna technician annas-Long-password-1
groupadd --users anna lab 2>/dev/null || { groupadd lab && sed -i 's/^lab:.*/&anna/' /etc/group; }
has "initgroups: a local group hides no role's" '\btechnician\b' id -Gn anna
has 'initgroups: and is there itself' '\blab\b' id -Gn anna
ok 'disable, with other lines' hexa-admin host disable
has 'initgroups as it was' '^initgroups: files$' cat /etc/nsswitch.conf
sed -i '/^initgroups/d; s/^passwd: files$/passwd: files systemd/' /etc/nsswitch.conf
doors 'off again'

# ---- another tree --------------------------------------------------------------------------

mkdir /tree /mnt/tree && mount -t tmpfs tmpfs /mnt/tree && mkdir /mnt/tree/upper /mnt/tree/work
if mount -t overlay -o lowerdir=/,upperdir=/mnt/tree/upper,workdir=/mnt/tree/work overlay /tree; then
	mkdir -p /tree/proc /tree/dev && mount --rbind /dev /tree/dev
	rm -rf /tree/var/lib/hexa
	before=$(state)
	refused 'tree: without a database' 7 hexa-admin --root /tree host enable
	ok 'tree: init' hexa-admin --root /tree init
	ok 'tree: enable' hexa-admin --root /tree host enable
	has 'tree: passwd' '^passwd:.* hexa$' cat /tree/etc/nsswitch.conf
	has 'tree: PAM' 'pam_hexa.so' cat /tree$common-account
	ok 'tree: disable' hexa-admin --root /tree host disable
	lacks 'tree: off' hexa cat /tree/etc/nsswitch.conf /tree$common-account
	unchanged 'tree'
	umount -l /tree/dev /tree
else
	skip 'tree' 'no overlay within an overlay here'
fi

# ---- away ----------------------------------------------------------------------------------

ok 'uninstall' make --no-print-directory O="$O" uninstall
same 'nothing is left' '' sh -c "ls -d $helper $module $nss /usr/sbin/hexa-admin \
	/usr/share/pam-configs/hexa* /usr/libexec/hexa /usr/share/man/man8/*hexa* 2>/dev/null || :"
ok 'the database stays' test -e /var/lib/hexa/private/hexa.mdb
doors 'away'
ok 'uninstall again' make --no-print-directory O="$O" uninstall
ok 'and back' install_again
doors 'and back'
