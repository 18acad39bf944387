# Processes that see less of the host: other namespaces, a chroot, a folder mounted alone, little memory; and a
# directory that is cut, beside programs that go on.

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician annas-Long-password-1
for i in 1 2 3 4 5 6 7 8; do
	hexa_user "user$i" technician annas-Long-password-1 || exit
done
uid=$(id -u anna)
line="anna:*:$uid:$uid:Anna Berg:/home/anna:/bin/bash"
file=/var/lib/hexa/directory/directory.mdb

# ---- less of the host ----

if as nobody unshare -r true 2>/dev/null; then
	same 'in a user namespace' "$line" as nobody unshare -r getent passwd anna
	refused 'where nobody is root to Hexa' 2 as nobody unshare -r getent passwd anna@example.org
else
	skip 'in a user namespace' 'this kernel lets ordinary users make none'
fi
jail=/srv/jail
mkdir -p $jail/{usr,etc,var/lib/hexa/directory,proc}
ln -s usr/bin usr/lib usr/lib64 usr/sbin $jail/
mount --bind /usr $jail/usr
cp /etc/nsswitch.conf /etc/passwd /etc/group $jail/etc/
refused 'in a chroot without the directory' 2 chroot $jail getent passwd anna
same 'where local users are as ever' 'root:x:0:0:root:/root:/bin/bash' chroot $jail getent passwd root
mount --bind -o ro "$(dirname $file)" $jail/var/lib/hexa/directory
mount -o remount,bind,ro $jail/var/lib/hexa/directory
same 'with the folder alone, read-only' "$line" chroot $jail getent passwd anna
has 'and groups' 'technician' chroot $jail id anna
ok 'a change' hexa-admin user edit anna --first-name Anne
has 'is seen there' ':Anne Berg:' chroot $jail getent passwd anna
ok 'a file in the place of the old' sh -c "rm $file && hexa-admin user edit anna --first-name Anna"
same 'is seen there too' "$line" chroot $jail getent passwd anna
mkdir -p /srv/list && umount $jail/var/lib/hexa/directory
cp $file $jail/var/lib/hexa/directory/
chmod 000 $jail/var/lib/hexa/directory/directory.mdb
refused 'a file that this process may not read is no file' 2 chroot --userspec=nobody $jail getent passwd anna
umount -l $jail/usr
same 'with little memory' "$line" sh -c 'ulimit -v 20000 && getent passwd anna'
same 'with few descriptors' "$line" sh -c 'ulimit -n 4 && getent passwd anna'

# ---- a name of any length costs nothing ----

long()
{
	perl -e 'my $name = $ARGV[0] x $ARGV[1]; my @a = getpwnam($name); my @b = getgrnam($name);
		exit(@a || @b ? 0 : 1)' "$1" "$2"
}
for size in 32 33 255 256 65535 65536 1048576; do
	refused "a name of $size bytes" 1 long a $size
done
strace -f -qq -e trace=open,openat -o /tmp/trace \
	perl -e 'getpwnam("*"); getpwnam("a b"); getpwnam("-rf"); getpwnam("..")'
has 'these were asked for' 'libnss_hexa' cat /tmp/trace
lacks 'what is no name is not looked for' 'directory.mdb' cat /tmp/trace

# ---- a directory that is cut at every page, before a program opens it ----

good=/srv/good.mdb
cp $file $good
size=$(stat -c %s $good)
# survives CMD…: it ends by itself, with what getent says of nothing, or with the truth
survives()
{
	timeout 60 "$@" >/tmp/said 2>&1
	local status=$?
	[ $status -le 2 ] && return 0
	echo "exit $status: $*"
	cat /tmp/said
	return 1
}
cut_everywhere()
{
	local at=$size
	while [ $((at -= 4096)) -ge 0 ]; do
		head -c $at $good >$file.cut && chmod 644 $file.cut && mv $file.cut $file
		survives getent passwd anna && survives getent passwd "$uid" && survives getent passwd &&
			survives getent group technician && survives id anna &&
			survives getent passwd root || { echo "cut at $at"; return 1; }
		grep -q '^uid=0' <(id root) || return 1
	done
}
need 'there are pages to cut' test "$size" -ge 20480
ok 'cut anywhere' cut_everywhere
# A program that has it open goes on through all of it: what replaces the file leaves its mapping be.
cp $good $file
mkfifo /srv/ask /srv/said
perl -e '$| = 1; while (<STDIN>) { my @a = getpwnam("anna"); my @b = getpwnam("root");
	print "$b[0] ", scalar(@a), "\n" }' </srv/ask >/srv/said &
asker=$!
exec 7>/srv/ask 8</srv/said
ask()
{
	echo >&7 && read -r -t 60 answer <&8 && echo "$answer"
}
same 'a program that has it open' 'root 9' ask
alive()
{
	local at=$size
	while [ $((at -= 4096)) -ge 0 ]; do
		head -c $at $good >$file.cut && chmod 644 $file.cut && mv $file.cut $file
		[[ $(ask) == 'root '* ]] || { echo "cut at $at"; return 1; }
	done
}
ok 'lives through all of it' alive
cp $good $file.cut && chmod 644 $file.cut && mv $file.cut $file
finds()
{
	[ "$(ask)" = 'root 9' ]
}
ok 'and finds her again' await finds
exec 7>&- 8<&-
wait $asker
ok 'the next command mends what is left' hexa-admin user edit anna --note mended
same 'for everybody' "$line" getent passwd anna
