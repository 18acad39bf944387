# A container that has libnss_hexa, its line in nsswitch.conf and, read only, the folder of the published
# directory: it knows who is who, sees what the host changes, and lets nobody of Hexa's in.

box=/srv/box
published=/var/lib/hexa/directory
anna=annas-Long-password-1
root=roots-Long-password-1
carl=carls-Long-password-1
no_answer='Authentication service cannot retrieve authentication info'

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna --email anna@example.org
mkdir -p $keys
need 'with a key' authorize anna
need 'that Hexa knows' hexa-admin key add anna $keys/anna.pub
need 'carl is local, here and there' local_user carl $carl
need 'and root has a password' chpasswd <<<"root:$root"

# ---- the container -------------------------------------------------------------------------

# The host's programs, an /etc of its own, and of all that is Hexa's data the one folder.
box_make()
{
	mkdir -p $box/{usr,proc,dev,run,tmp,root,home,hexa,mnt,var/log}
	mkdir -p $box$published
	cp -a /etc /bin /sbin /lib* $box
}

box_start()
{
	unshare --mount --pid --fork --kill-child --uts --ipc -- sh -euc '
		mount --bind "$1" "$1"
		cd "$1"
		for folder in /usr /hexa "$2"; do
			mount --bind "$folder" ".$folder"
			mount -o remount,bind,ro ".$folder"
		done
		mount --rbind /dev dev
		mount -t proc proc proc
		mount -t tmpfs -o mode=755 tmpfs run
		mount -t tmpfs -o mode=1777 tmpfs tmp
		pivot_root . mnt
		umount -l /mnt
		touch /run/started
		cd /hexa
		exec sleep 3600' box $box $published &
	await box_is_up
}

box_is_up()
{
	local first
	first=$(pgrep -nx sleep) && [ -e "/proc/$first/root/run/started" ] &&
		enter=(nsenter --target "$first" --mount --pid --uts --ipc --root --wd --)
}

inside()
{
	"${enter[@]}" "$@"
}

inside_as()
{
	inside setpriv --reuid "$1" --regid nogroup --clear-groups "${@:2}"
}

need 'its root' box_make
need 'it starts' box_start
same 'of Hexa there is' "/var/lib/hexa
$published
$published/directory.mdb" inside find /var/lib/hexa ! -name '*-lock'
lacks 'which nobody there can write' ^ok inside sh -c "touch $published/new && echo ok"

# ---- who is who ----------------------------------------------------------------------------

for asked in 'passwd anna' "passwd $(id -u anna)" 'group technician' 'group anna' 'initgroups anna' passwd \
	group; do
	# shellcheck disable=SC2086 # a database and a key
	same "getent $asked" "$(getent $asked)" inside getent $asked
done
same 'id' "$(id anna)" inside id anna
same 'the same for an ordinary user' "$(id anna)" inside_as nobody id anna
same 'who is that' anna inside setpriv --reuid anna --regid anna --init-groups id -un
same 'her groups' "$(id -Gn anna)" inside setpriv --reuid anna --regid anna --init-groups id -Gn
refused 'nobody' 2 inside getent passwd zoe
refused 'an address is not known there' 2 inside getent passwd anna@example.org
has 'as it is on the host' '^anna:' getent passwd anna@example.org
same 'her key, for an sshd there' "$(as nobody /usr/libexec/hexa/hexa-authorized-keys anna)" \
	inside_as nobody /usr/libexec/hexa/hexa-authorized-keys anna
has 'which is one' '^ssh-ed25519 ' inside_as nobody /usr/libexec/hexa/hexa-authorized-keys anna

# ---- what the host changes -----------------------------------------------------------------

# A shell that has been there all the time; it looks ~NAME up in its own process.
coproc looker { inside_as nobody bash -c 'while read -r name; do eval "echo ~$name"; done'; }
# shellcheck disable=SC2154 # the coprocess
homes()
{
	echo "$1" >&"${looker[1]}"
	read -r home <&"${looker[0]}"
	echo "$home"
}

knows()
{
	[ "$(homes "$1")" = "$2" ]
}

same 'a program there knows anna' /home/anna homes anna
same 'and nobody else' '~dave' homes dave
ok 'the host gets dave' hexa_user dave technician $anna
same 'who is known there' /home/dave homes dave
same 'as a member, too' "$(getent group technician)" inside getent group technician
ok 'he gets another home' hexa-admin user edit dave --home /srv/dave
same 'which is known there' /srv/dave homes dave
inode=$(stat -c %i $published/directory.mdb)
need 'the file is kept' cp -a $published/directory.mdb /tmp/kept.mdb
need 'and taken away' mv $published/directory.mdb /tmp/away.mdb
refused 'who asks now gets no answer' 2 inside getent passwd dave
has 'but for the local users' '^carl:' inside getent passwd carl
same 'who has asked before goes on' /srv/dave homes dave
ok 'with the next change it is made anew' hexa-admin user edit dave --home /srv/david
lacks 'as another file' "^$inode\$" stat -c %i $published/directory.mdb
has 'who asks knows' ':/srv/david:' inside getent passwd dave
ok 'and who went on, within a second' await knows dave /srv/david
need 'the kept one is put back, by a rename' mv /tmp/kept.mdb $published/directory.mdb
has 'who asks is told what is in that' ':/srv/dave:' inside getent passwd dave
ok 'and who went on' await knows dave /srv/dave
ok 'the next change mends it' hexa-admin user edit dave --home /home/dave
ok 'there, too' await knows dave /home/dave
ok 'a backup' hexa-admin backup /root/hexa.backup
ok 'dave is deleted' hexa-admin --yes user delete dave
ok 'and is nobody there' await knows dave '~dave'
ok 'the backup is restored' hexa-admin --yes restore /root/hexa.backup
ok 'and he is back there' await knows dave /home/dave
ok 'dave is deleted' hexa-admin --yes user delete dave
ok 'and is nobody there' await knows dave '~dave'

# ---- who gets in ---------------------------------------------------------------------------

# nobody_of_hexas WHEN: PAM says that it has no answer, and everybody else comes in
nobody_of_hexas()
{
	told "$1: anna cannot log in, with a key" 1 "^acct_mgmt: $no_answer" \
		inside $O/tests/pam/client sshd anna acct_mgmt
	ok "$1: root can" inside $O/tests/pam/client sshd root authenticate acct_mgmt open_session <<<$root
	ok "$1: carl can" inside $O/tests/pam/client sshd carl authenticate acct_mgmt open_session <<<$carl
	has "$1: su to root" '^root' answer $root "${enter[@]}" \
		setpriv --reuid carl --regid carl --init-groups su -c whoami
}

ok 'on the host anna logs in' $O/tests/pam/client sshd anna authenticate acct_mgmt <<<$anna
nobody_of_hexas 'no database'
told 'no database: nor with her password' 1 "^authenticate: $no_answer" \
	inside $O/tests/pam/client sshd anna authenticate <<<$anna
told 'as nobody can with a wrong one' 1 '^authenticate: Authentication failure' \
	inside $O/tests/pam/client sshd carl authenticate <<<wrong
ok 'nor was one made' inside test ! -e /var/lib/hexa/private
need 'a folder hides the helper' inside mount -t tmpfs tmpfs /usr/libexec/hexa
nobody_of_hexas 'no helper'
