# The commands of README.md and docs/people.md, as they stand there, typed by somebody with sudo on a host where
# nothing is installed: a newcomer's first hour.
. tests/host/reader.sh

anna=annas-Long-password-1
reader=readers-Long-password-1

# What is typed where a command asks.
answers()
{
	case $1 in
	*'user password anna'*) echo "$anna $anna" ;;
	ssh*) echo "yes $anna" ;;
	*' restore '*) echo y ;;
	esac
}

reader_begin $reader
follow 'install' < <(block make)
follow 'the first user' < <(block first)
has 'she was let in, as what she is' '^uid=[0-9]+\(anna\).*\(developer\)' tail -n 1 /tmp/said
same 'a local user logs in as before' reader ssh_login reader $reader whoami
follow 'people' < <(blocks docs/people.md)
has 'the host is well, but for who is adopted' '^warning local-users: frida' hexa-admin doctor
same 'and nothing else' 1 sh -c 'hexa-admin --quiet doctor | grep -c "^[a-z]"'
follow 'backup' < <(block backup)
same 'anna is in' anna ssh_login anna $anna whoami
typed 'remove' "$(block remove | head -n 1)"
refused 'switched off: anna is nobody' 255 ssh_login anna $anna
typed 'remove' 'sudo make uninstall'
ok 'nothing is installed any more' uninstalled
ok 'the database stays' test -e /var/lib/hexa/private/hexa.mdb
same 'and the local user logs in' reader ssh_login reader $reader whoami
kill $sshd
