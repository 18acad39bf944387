# A host's whole life with Hexa, by packages, with no other command than those of README.md and docs/recovery.md:
# installed, the first user, a login, an upgrade, a backup, a disaster, restored, removed.
. tests/host/reader.sh

anna=annas-Long-password-1
reader=readers-Long-password-1
database=/var/lib/hexa/private/hexa.mdb

answers()
{
	case $1 in
	*'user password anna'*) echo "$anna $anna" ;;
	ssh*) echo "yes $anna" ;;
	*' restore '*) echo y ;;
	esac
}

# under FILE HEADING: the first block of commands below it
under()
{
	sed -n "/^## $2\$/,/^## /p" "$1" | sed -n '/^```/,/^```$/p' | sed '1d; /^```/,$d'
}

# both: who gets in of anna and the reader
both()
{
	echo "$(ssh_login anna $anna whoami) $(ssh_login reader $reader whoami)"
}

if ! command -v dh >/dev/null; then
	skip 'packages' 'debhelper is not installed'
	case_end
fi
# A clone of the reader's own: only what is built there is written.
mkdir /tmp/upper /tmp/work /src
need 'a checkout' mount -t overlay -o lowerdir=/hexa,upperdir=/tmp/upper,workdir=/tmp/work overlay /src
cd /src || exit
# Indexing the manuals takes longer than all of this.
rm -f /var/lib/man-db/auto-update
reader_begin $reader
install -d -o reader build build/deb

# ---- installed, and the first user ---------------------------------------------------------------

follow 'install' < <(block packages)
same 'nothing is switched on' reader ssh_login reader $reader whoami
follow 'the first user' < <(block first)
has 'she was let in, as what she is' '^uid=[0-9]+\(anna\).*\(developer\)' tail -n 1 /tmp/said
same 'anna and a local user log in' 'anna reader' both

# ---- upgraded --------------------------------------------------------------------------------------

for deb in build/deb/*.deb; do
	dpkg-deb -R "$deb" /tmp/deb
	sed -i -E '/^(Version|Depends):/s/\b0\.1\.0\b/0.1.1/g' /tmp/deb/DEBIAN/control
	dpkg-deb --root-owner-group -Znone -b /tmp/deb "${deb/0.1.0/0.1.1}" >/dev/null
	rm -r /tmp/deb "$deb"
done
follow 'upgrade' < <(block upgrade)
same 'the newer version' 0.1.1 dpkg-query -Wf '${Version}' hexa-admin
same 'upgraded: anna and a local user log in' 'anna reader' both

# ---- a backup, a disaster, restored ----------------------------------------------------------------

typed 'backup' "$(block backup | head -n 1)"
ok 'a change after it' hexa-admin user edit anna --note 'after the backup'
need 'a disaster' dd if=/dev/urandom of=$database bs=4096 seek=2 count=20 conv=notrunc status=none
same 'damaged: a local user logs in, anna does not' ' reader' both
told 'doctor says what it is' 1 '^error +(pages|database): ' hexa-admin doctor
while read -r command; do
	typed 'restore' "sudo su - -c '$command'"
done < <(under docs/recovery.md 'The database is damaged or gone')
has 'anna is there again' 'anna' cat /tmp/said
lacks 'as she was then' 'after the backup' hexa-admin user show anna
same 'restored: anna and a local user log in' 'anna reader' both
ok 'the damaged one is kept' ls /var/lib/hexa/private/hexa-damaged-*.mdb
need 'gone altogether' rm $database
typed 'restore' "$(block backup | tail -n 1)"
same 'restored again: anna and a local user log in' 'anna reader' both
follow 'nobody can log in: out of the logins, and back' < <(
	sed -n '/^## Nobody can log in/,/^## /p' docs/recovery.md | grep -E '^hexa-admin host (dis|en)able$' | sed "s/.*/sudo su - -c '&'/")
same 'switched off and on: anna and a local user log in' 'anna reader' both

# ---- removed ---------------------------------------------------------------------------------------

follow 'remove' < <(block remove)
ok 'nothing is installed any more' uninstalled
same 'removed: a local user logs in, anna does not' ' reader' both
ok 'the database stays' test -e $database
kill $sshd
