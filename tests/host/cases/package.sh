# The Debian packages: installed, upgraded in use, half done, refused, removed, purged and installed again.  At each
# step root and local users log in by an sshd that runs all the while; who is Hexa's does when Hexa is on, and not when
# it is off.

carl=carls-Long-password-1
other=another-Long-password-2
root=roots-Long-password-1
anna=annas-Long-password-1
common=/etc/pam.d/common
packages='hexa-admin libpam-hexa libnss-hexa'
export DEBIAN_FRONTEND=noninteractive

# in_by FILE COMMAND…: who that lets in
in_by()
{
	"${@:2}" whoami >"$1" 2>/dev/null || echo - >"$1"
}

# logins: who gets in: root and carl by password, carl by key, and anna by key
logins()
{
	in_by /tmp/in.1 ssh_login root $root & local one=$!
	in_by /tmp/in.2 ssh_login carl $carl & local two=$!
	in_by /tmp/in.3 ssh_key carl & local three=$!
	in_by /tmp/in.4 ssh_key anna
	wait $one $two $three
	cat /tmp/in.? | xargs
}

with_hexa()
{
	same "$1: root, carl and anna log in" 'root carl carl anna' logins
}

without_hexa()
{
	same "$1: root and carl log in, anna does not" 'root carl carl -' logins
}

# What the packages and `host enable` may touch
configuration()
{
	(cd / && find etc/nsswitch.conf* etc/pam.d etc/sudoers.d etc/ssh/sshd_config.d -type f -exec sha256sum {} + |
		sort -k 2 && stat -c '%n %a %U' etc/nsswitch.conf)
}

changes()
{
	diff <(echo "$stock") <(configuration)
}

# dpkg without the triggers of other packages
pkg()
{
	dpkg --force-unsafe-io --no-triggers "$@"
}

states()
{
	dpkg-query -Wf '${db:Status-Status}\n' $packages 2>/dev/null | xargs
}

# again DEB…: installed and switched on, whatever was before
again()
{
	pkg -i "$@" && hexa-admin host enable
}

# variant DEB TO [COMMAND…]: the package once more, with what COMMAND does to it in its folder
variant()
{
	dpkg-deb -R "$1" /tmp/variant && (cd /tmp/variant && "${@:3}") &&
		dpkg-deb --root-owner-group -Znone -b /tmp/variant "$2" && rm -r /tmp/variant
}

next_version()
{
	sed -i -E '/^(Version|Depends):/s/\b0\.1\.0\b/0.1.1/g' DEBIAN/control
}

# In the midst of an upgrade, with nothing unpacked, dpkg is gone.
deadly()
{
	next_version && printf '#!/bin/sh\nkill -KILL $PPID\n' >DEBIAN/preinst && chmod 755 DEBIAN/preinst
}

# A line of the administrator's own in the block that pam-auth-update writes, before all others
change_locally()
{
	cp -a $common-auth /root/auth
	sed -i '0,/^auth/s//auth optional pam_echo.so\n&/' $common-auth
}

# lines FUNCTION LINE: what the maintainer scripts' FUNCTION makes of a line of nsswitch.conf
lines()
{
	mkdir -p /tmp/lines/etc && printf '%s\n' "$2" >/tmp/lines/etc/nsswitch.conf
	DPKG_ROOT=/tmp/lines sh -c '. packaging/debian/nsswitch.sh; "$1"' sh "$1" && cat /tmp/lines/etc/nsswitch.conf
}

# ---- the lines of nsswitch.conf --------------------------------------------------------------------

while IFS='|' read -r with without; do
	same "off: $with" "$without" lines nsswitch_remove "$with"
done <<'END'
passwd:   files systemd hexa|passwd:   files systemd
passwd:hexa files|passwd: files
passwd: hexa files # hexa|passwd: files # hexa
group: files [NOTFOUND=continue]hexa [UNAVAIL=return] sss|group: files [NOTFOUND=continue] sss
initgroups: files [SUCCESS=continue] hexa|initgroups: files
initgroups: files [success=continue] hexa|initgroups: files
initgroups: files [ Success = Continue ] hexa|initgroups: files
initgroups: files [success=continue] sss|initgroups: files [success=continue] sss
passwd: files hexadecimal|passwd: files hexadecimal
shadow: files hexa|shadow: files hexa
END
while IFS='|' read -r without with; do
	same "on: $without" "$with" lines nsswitch_add "$without"
done <<'END'
passwd:files # mine|passwd:files hexa # mine
passwd:hexa files|passwd:hexa files
group: files [NOTFOUND=return]|group: files [NOTFOUND=return]
END

# ---- the host before ------------------------------------------------------------------------------

if ! command -v dh >/dev/null; then
	skip 'packages' 'debhelper is not installed'
	case_end
fi
make --no-print-directory O="$O" uninstall >/dev/null || exit
need 'a local user' local_user carl $carl
chpasswd <<<"root:$root"
sshd_start
authorize carl
authorize anna
stock=$(configuration)
need 'make deb' make --no-print-directory O="$O" DEB=/tmp/old deb
mkdir /tmp/new
for deb in /tmp/old/*.deb; do
	variant "$deb" /tmp/new/"${deb##*/}" next_version >/dev/null || exit
done
variant /tmp/old/libpam-hexa_*.deb /tmp/deadly.deb deadly >/dev/null || exit

# ---- installed -----------------------------------------------------------------------------------

need 'installed' pkg -i /tmp/old/*.deb
without_hexa 'installed'
same 'the helper' '4755 root:root' stat -c '%a %U:%G' /usr/libexec/hexa/hexa-pam-helper
has 'passwd' '^passwd: +files( systemd)? hexa$' cat /etc/nsswitch.conf
has 'group' '^group: +files( systemd)? hexa$' cat /etc/nsswitch.conf
same 'and nothing else is switched on' 'etc/nsswitch.conf' sh -c \
	"$(declare -f configuration); configuration | grep -vFx '$stock' | sed 's/.* //'"
need 'a database' hexa-admin init
sed '/^password:/s/{/{argon2: {operations: 1, memory: 8MiB}, /' tests/host/policy.yaml >/tmp/policy.yaml
ok 'a policy' hexa-admin policy apply /tmp/policy.yaml
ok 'switched on' hexa-admin host enable
ok 'anna' hexa_user anna technician $anna
with_hexa 'switched on'
same 'anna, by password' anna ssh_login anna $anna whoami

# ---- upgraded, while in use ------------------------------------------------------------------------

# until_told NAME COMMAND…: again and again; how often it failed stands in /tmp/NAME
until_told()
{
	local failed=0 rounds=0
	while [ ! -e /tmp/told ]; do
		"${@:2}" >/dev/null 2>>/tmp/"$1".err || failed=$((failed + 1))
		rounds=$((rounds + 1))
	done
	echo "$failed" >/tmp/"$1"
	[ $rounds -gt 1 ]
}

trap '' PIPE
mkfifo /tmp/say
ssh_session()
{
	ssh "${ssh_options[@]}" -o BatchMode=yes -o IdentitiesOnly=yes -i "$keys/anna" -l anna 127.0.0.1 \
		'while read -r line; do eval "$line"; done' </tmp/say >>/tmp/said 2>/dev/null
}
ssh_session &
session=$!
exec 7>/tmp/say
# asked COMMAND: what anna's session of before says to it
asked()
{
	: >/tmp/said
	echo "$1; echo" >&7
	await test -s /tmp/said
	head -n 1 /tmp/said
}
same 'anna stays logged in' anna asked whoami
until_told writes hexa-admin user edit anna --note busy & writer=$!
until_told looks getent passwd anna & looker=$!
until_told enters ssh_key anna & enterer=$!
until_told carls ssh_key carl & knocker=$!
ok 'upgraded' pkg -i /tmp/new/*.deb
: >/tmp/told
wait $writer $looker $enterer $knocker
for name in writes looks enters carls; do
	same "upgraded: none of the $name failed meanwhile" 0 cat /tmp/$name
done
same 'upgraded: the session' anna asked whoami
with_hexa 'upgraded'
sed -i 's/ hexa$//' /etc/nsswitch.conf
ok 'back to the version before' pkg -i /tmp/old/*.deb
lacks 'what the administrator has taken out of nsswitch.conf stays out' hexa cat /etc/nsswitch.conf
without_hexa 'out of nsswitch.conf'
ok 'switched on again' hexa-admin host enable

# ---- half done -------------------------------------------------------------------------------------

ok 'unpacked' pkg --unpack /tmp/new/*.deb
same 'unpacked, and not configured' 'unpacked unpacked unpacked' states
with_hexa 'unpacked'
ok 'removed when it is unpacked' pkg --force-depends -r libpam-hexa
lacks 'no line of PAM is left' pam_hexa cat $common-*
without_hexa 'removed when it was unpacked'
need 'installed again' again /tmp/old/*.deb
with_hexa 'installed again'
refused 'dpkg is killed on its way' 137 pkg -i /tmp/deadly.deb
with_hexa 'dpkg was killed'
change_locally
ok 'removed when it is half installed' pkg --force-depends --force-remove-reinstreq -r libpam-hexa
has 'local changes: its lines do nothing' '^auth\s\[default=ignore\] pam_deny.so$' cat $common-auth
without_hexa 'removed when it was half installed'
ok 'which pam-auth-update takes away when it is told to' pam-auth-update --force
rm $common-*.pam-old
need 'installed once more' again /tmp/old/*.deb

# ---- one alone -------------------------------------------------------------------------------------

ok 'libnss-hexa removed alone' pkg --force-depends -r libnss-hexa
lacks 'no line of nsswitch.conf is left' hexa cat /etc/nsswitch.conf
without_hexa 'without libnss-hexa'
ok 'libnss-hexa again' pkg -i /tmp/old/libnss-hexa_*.deb
with_hexa 'libnss-hexa again'

# ---- what cannot be switched off is not removed -----------------------------------------------------

before=$(configuration)
refused 'libpam-hexa alone, with hexa-admin there' 1 pkg -r libpam-hexa
change_locally
told 'local changes in common-auth' 1 'local changes' pkg -r $packages
same 'all stay' 'installed installed installed' states
cp -a /root/auth $common-auth
printf 'auth required pam_hexa.so\n' >/etc/pam.d/own
told 'a file of the administrator names the module' 1 'stands in: /etc/pam.d/own' \
	pkg --force-depends -r libpam-hexa
same 'it stays' 'installed installed installed' states
rm /etc/pam.d/own
same 'nothing was switched off' "$before" configuration
with_hexa 'not removed'

# ---- hexa-admin is broken ------------------------------------------------------------------------------

chmod -x /usr/sbin/hexa-admin
ok 'hexa-admin, which does not run, is removed' pkg -r hexa-admin
same 'sudo and sshd do not name it' '' sh -c 'ls /etc/sudoers.d/hexa /etc/ssh/sshd_config.d/hexa.conf 2>/dev/null || :'
with_hexa 'hexa-admin is gone'
ok 'the others are removed' pkg -r libpam-hexa libnss-hexa
without_hexa 'the others too'
need 'installed a third time' again /tmp/old/*.deb

# ---- removed and purged, while anna is logged in ------------------------------------------------------------

with_hexa 'before all are removed'
ok 'removed' pkg -r $packages
without_hexa 'removed'
has 'her session goes on' '^[0-9]+$' asked 'id -u'
exec 7>&-
wait $session
told 'purged, and it says what stays' 0 'stay in /var/lib/hexa' pkg -P $packages
without_hexa 'purged'
same 'the configuration is what it was' '' changes
same 'nothing is left' '' sh -c 'ls -d /run/hexa /usr/libexec/hexa /usr/share/pam-configs/hexa* \
	/usr/lib/*/libnss_hexa* /usr/lib/*/security/pam_hexa* /etc/*hexa* /etc/apparmor.d/*/*/hexa 2>/dev/null || :'
ok 'but the database' test -e /var/lib/hexa/private/hexa.mdb
need 'installed after all' pkg -i /tmp/old/*.deb
# There are users, and PAM does not ask about them: a suspended one would come in by key, by su of root's, by cron.
lacks 'not in nsswitch.conf by itself' hexa cat /etc/nsswitch.conf
refused 'so nobody is known' 2 getent passwd anna
ok 'and switched on' hexa-admin host enable
has 'in nsswitch.conf again' '^passwd:.* hexa$' cat /etc/nsswitch.conf
with_hexa 'with the database of before'
same 'and the password of before' anna ssh_login anna $anna whoami

# ---- the profile for authselect ---------------------------------------------------------------------------

# As it comes out with no feature, for sshd and for passwd
sed '/{include if/d; s/{if not "[^}]*:\([^}]*\)}/\1/; s/{[^}]*}//g' packaging/authselect/hexa/system-auth >/etc/pam.d/profile
for service in sshd passwd; do
	mv /etc/pam.d/$service /root/
	for type in auth account password session; do
		echo "$type include profile"
	done >/etc/pam.d/$service
done
echo 'dictcheck = 0' >>/etc/security/pwquality.conf # here is no dictionary
with_hexa 'profile for authselect'
same 'profile for authselect: anna, by password' anna ssh_login anna $anna whoami
refused 'profile for authselect: a wrong password' 255 ssh_login carl wrong
ok 'profile for authselect: carl changes his password' answer "$carl $other $other" as carl passwd
same 'profile for authselect: his new password' carl ssh_login carl $other whoami
chpasswd <<<"carl:$carl"
hexa-admin user suspend anna
without_hexa 'profile for authselect: anna is suspended'
hexa-admin user resume anna
mv /root/sshd /root/passwd /etc/pam.d/
rm /etc/pam.d/profile

# ---- another tree -----------------------------------------------------------------------------------------

mkdir /tree /mnt/tree && mount -t tmpfs tmpfs /mnt/tree && mkdir /mnt/tree/upper /mnt/tree/work
before=$(configuration)
if mount -t overlay -o lowerdir=/,upperdir=/mnt/tree/upper,workdir=/mnt/tree/work overlay /tree; then
	mount -t tmpfs tmpfs /tree/proc && mount --rbind /dev /tree/dev
	ok 'removed from a tree without /proc' pkg --root=/tree -P $packages
	lacks 'a tree: off' hexa cat /tree/etc/nsswitch.conf /tree$common-auth
	ok 'installed in it, with no chroot' pkg --root=/tree --force-script-chrootless -i /tmp/old/*.deb
	lacks 'a tree: unknown, as PAM asks nobody' hexa cat /tree/etc/nsswitch.conf
	ok 'a tree: removed' pkg --root=/tree --force-script-chrootless -P $packages
	mv /tree/var/lib/hexa /tree/root/
	ok 'a tree: without users' pkg --root=/tree --force-script-chrootless -i /tmp/old/*.deb
	has 'a tree: known' '^passwd:.* hexa$' cat /tree/etc/nsswitch.conf
	ok 'removed from it, with no chroot' pkg --root=/tree --force-script-chrootless -r $packages
	lacks 'a tree: unknown' hexa cat /tree/etc/nsswitch.conf
	same 'this host is as it was' "$before" configuration
	umount -l /tree/proc /tree/dev /tree
else
	skip 'another tree' 'no overlay within an overlay here'
fi
