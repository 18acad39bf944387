# The drop-in by which sshd asks for Hexa's keys: it says that and nothing else, a command that the host has goes on,
# sshd's configuration is well when it stands there or is as it was, and switching off leaves no byte behind.

config=/etc/ssh/sshd_config
folder=/etc/ssh/sshd_config.d
drop_in=$folder/hexa.conf
program=/usr/libexec/hexa/hexa-authorized-keys

# effective KEYWORD: what sshd says that it does for anybody
effective()
{
	sshd -T -C user=anybody,host=host.invalid,addr=192.0.2.1 | sed -n "s/^$1 //Ip"
}

# configuration: all of it, with modes and owners
configuration()
{
	(cd /etc/ssh && find . -type f ! -name 'ssh_host*' ! -name moduli -printf '%p %m %u %g\n' -exec sha256sum {} \; | sort)
}

# finding CHECK: how the doctor calls it
finding()
{
	hexa-admin doctor | sed -n "s/ $1: .*//p"
}

# row NAME: of host show
row()
{
	hexa-admin host show | sed -n "s/^$1 *//p"
}

# again: switched off and on
again()
{
	hexa-admin host disable && hexa-admin host enable
}

# others: what sshd does beside asking for keys
others()
{
	sshd -T -C user=anybody,host=host.invalid,addr=192.0.2.1 | grep -iv '^authorizedkeyscommand'
}

# ---- switched on and off ----

untouched=$(configuration)
plain=$(others)
need 'a database' hexa-admin init
same 'before, sshd asks for no keys' off row sshd-keys
same 'takes passwords' on row sshd-password
same 'and does not let PAM ask' off row sshd-keyboard
told 'switched on, it says that sshd is to be reloaded' 0 'systemctl reload ssh' hexa-admin host enable
same 'the drop-in: its mode and owner' '644 root root' stat -c '%a %U %G' $drop_in
same 'its two lines' "AuthorizedKeysCommand $program %u"$'\n''AuthorizedKeysCommandUser nobody' grep -v '^#' $drop_in
same 'sshd takes it' "$program %u" effective AuthorizedKeysCommand
same 'and nothing else is otherwise' "$plain" others
same 'host show says so' on row sshd-keys
same 'doctor is content' good finding sshd-keys
same 'once more says nothing' '' hexa-admin host enable
told 'switched off, too' 0 'systemctl reload ssh' hexa-admin host disable
same 'all is as it was' "$untouched" configuration
same 'off, once more says nothing' '' hexa-admin host disable
rmdir /run/sshd
ok 'where sshd never ran since the start' hexa-admin host enable
ok 'the drop-in is there' test -e $drop_in
refused 'and sshd'\''s folder is not' 1 test -e /run/sshd
mkdir -m 755 /run/sshd
chmod 666 $drop_in
same 'one that others may write: the doctor' error finding sshd-keys
ok 'is set right' hexa-admin host enable
same 'then' good finding sshd-keys
ok 'off' hexa-admin host disable

# ---- a host that has a command ----

cat >/usr/local/sbin/their-keys <<'END'
#!/bin/sh
[ "$1" != lena ] || cat /etc/ssh/test-keys/lena.pub
END
chmod 755 /usr/local/sbin/their-keys
for command in /usr/local/sbin/their-keys '/usr/local/sbin/their-keys %u'; do
	sed -i '/^AuthorizedKeysCommand/d' $config
	printf 'AuthorizedKeysCommand %s\nAuthorizedKeysCommandUser daemon\n' "$command" >>$config
	untouched=$(configuration)
	need "on, with: $command" hexa-admin host enable
	same 'it is chained' "$program --chain /usr/local/sbin/their-keys %u" effective AuthorizedKeysCommand
	same 'and its user is theirs' daemon effective AuthorizedKeysCommandUser
	same 'doctor is content' good finding sshd-keys
	same 'once more leaves it' '' hexa-admin host enable
	ok 'off' hexa-admin host disable
	same 'all is as it was' "$untouched" configuration
	same 'and the command theirs alone' "$command" effective AuthorizedKeysCommand
done
for command in '/usr/local/sbin/their-keys %u %k' '/usr/local/sbin/their-keys %f' '/usr/local/sbin/their-keys anna'; do
	sed -i '/^AuthorizedKeysCommand/d' $config
	printf 'AuthorizedKeysCommand %s\nAuthorizedKeysCommandUser daemon\n' "$command" >>$config
	told "left alone: $command" 0 'is left to it' hexa-admin host enable
	refused 'there is no drop-in' 1 test -e $drop_in
	same 'doctor warns' warning finding sshd-keys
	same 'host show says no' off row sshd-keys
	ok 'the host is switched on all the same' grep -q '^passwd:.*hexa' /etc/nsswitch.conf
	ok 'off' hexa-admin host disable
done
sed -i '/^AuthorizedKeysCommand/d' $config
# A file that comes before.
printf 'AuthorizedKeysCommand /usr/local/sbin/their-keys %%u\nAuthorizedKeysCommandUser daemon\n' >$folder/10-theirs.conf
told 'one in a file that is read before' 0 "10-theirs.conf, line 1.*, write .*$program --chain /usr/local/sbin/their-keys.*then: systemctl reload" hexa-admin host enable
refused 'there is no drop-in' 1 test -e $drop_in
sed -i "s,Command ,&$program --chain ," $folder/10-theirs.conf
same 'as it was told' '' hexa-admin host enable
same 'doctor is content' good finding sshd-keys
same 'host show says yes' on row sshd-keys
ok 'off' hexa-admin host disable
rm $folder/10-theirs.conf
# One that came afterwards.
ok 'on' hexa-admin host enable
printf 'AuthorizedKeysCommand /usr/local/sbin/their-keys\nAuthorizedKeysCommandUser daemon\n' >>$config
same 'one that came later is not run: doctor' warning finding sshd-keys
ok 'which off and on mends' again
same 'then' good finding sshd-keys
sed -i '/^AuthorizedKeysCommand/d' $config
ok 'off' hexa-admin host disable

# ---- an sshd that is not well, or would let anybody in ----

cp -p $config /root/sshd_config
echo 'Nonsense yes' >>$config
untouched=$(configuration)
told 'broken already: said in its words' 0 'finds fault.*Nonsense|Nonsense.*' hexa-admin host enable
same 'and nothing is written' "$untouched" configuration
same 'doctor says it' error finding sshd-keys
ok 'the host is switched on all the same' grep -q '^passwd:.*hexa' /etc/nsswitch.conf
cp -p /root/sshd_config $config
ok 'once it is mended it comes' hexa-admin host enable
ok 'the drop-in is there' test -e $drop_in
ok 'off' hexa-admin host disable
sed -i 's/^UsePAM.*/UsePAM no/' $config
told 'without PAM there is none' 0 'does not ask PAM.*sshd_config, line [0-9]+ is to say .UsePAM yes' hexa-admin host enable
refused 'really' 1 test -e $drop_in
same 'no password is asked of PAM' off row sshd-password
same 'doctor says it' error finding sshd-pam
ok 'off' hexa-admin host disable
cp -p /root/sshd_config $config
sed -i '/^Include/d' $config
told 'an sshd that would not read it' 0 'needs the line .Include' hexa-admin host enable
refused 'gets none' 1 test -e $drop_in
cp -p /root/sshd_config $config
ok 'on' hexa-admin host enable
sed -i '/^Include/d' $config
same 'one that reads it no longer: doctor' error finding sshd-keys
cp -p /root/sshd_config $config
ok 'off' hexa-admin host disable

# An sshd that finds fault with the text, or with the whole once the drop-in is in it.
before=$(cat /etc/nsswitch.conf)
untouched=$(configuration)
mv /usr/sbin/sshd /usr/sbin/sshd.real
for fault in '*-t*' '*-T*'; do
	cat >/usr/sbin/sshd <<-FAULTY
		#!/bin/sh
		case "\$*" in
		$fault) if [ -e $drop_in ] || [ '$fault' = '*-t*' ]; then echo 'no good'; exit 1; fi ;;
		esac
		exec /usr/sbin/sshd.real "\$@"
	FAULTY
	chmod 755 /usr/sbin/sshd
	told "sshd finds fault: $fault" 7 'no good' hexa-admin host enable
	same 'its configuration is as it was' "$untouched" configuration
	same 'and so is all else' "$before" cat /etc/nsswitch.conf
done
rm /usr/sbin/sshd
same 'without sshd the host is switched on, and nothing said' '' hexa-admin host enable
refused 'and there is no drop-in' 1 test -e $drop_in
same 'of which doctor says nothing' '' finding sshd-keys
same 'nor does host show' off row sshd-keys
mv /usr/sbin/sshd.real /usr/sbin/sshd
same 'with sshd doctor misses it' error finding sshd-keys
# What fails behind it takes it along.
mv /usr/sbin/visudo /usr/sbin/visudo.real
cat >/usr/sbin/visudo <<'END'
#!/bin/sh
case "$*" in *-f*) echo 'no good'; exit 1 ;; esac
END
chmod 755 /usr/sbin/visudo
rm -f /etc/sudoers.d/hexa
refused 'sudo finds fault' 7 hexa-admin host enable
same 'and sshd is as it was' "$untouched" configuration
mv /usr/sbin/visudo.real /usr/sbin/visudo

# An administrator's own is theirs.
ok 'on' hexa-admin host enable
echo 'PermitRootLogin no' >>$drop_in
told 'a changed drop-in is left' 0 'changed by hand' hexa-admin host enable
has 'as it is' '^PermitRootLogin no' cat $drop_in
told 'switching off keeps it' 0 'hexa.conf.hexa-saved' hexa-admin host disable
has 'aside' '^PermitRootLogin no' cat $drop_in.hexa-saved
lacks 'where sshd passes it over' "$program" effective AuthorizedKeysCommand
rm $drop_in.hexa-saved
same 'all is as it was' "$untouched" configuration

# What sshd runs is not taken away under it.
uninstall()
{
	make --no-print-directory O="$O" uninstall
}
ok 'on' hexa-admin host enable
told 'no uninstall while it is there' 2 'switched on .*hexa.conf' uninstall
cp -p $drop_in /root/hexa.conf
ok 'off' hexa-admin host disable
cp -p /root/hexa.conf $drop_in
told 'nor when it alone is left' 2 'switched on .*: /etc/ssh/sshd_config.d/hexa.conf$' uninstall
ok 'the program is there' test -x $program
rm $drop_in

# ---- a Match that another name passes by ----

cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
login: {email: yes}
permissions:
  shell.login: {services: [sshd]}
roles:
  technician: {permissions: [shell.login]}
END
need 'a policy with logins by address' hexa-admin policy apply /tmp/policy.yaml
mkdir -p $keys
need 'anna' key_user anna technician --email anna@example.org
need 'on' hexa-admin host enable
same 'no Match, no finding' good finding sshd-match
while IFS='|' read -r line wanted; do
	printf '%s\n\tForceCommand /bin/true\n' "$line" >$folder/20-match.conf
	same "doctor on: $line" "$wanted" finding sshd-match
done <<'END'
Match User anna|warning
Match Address 10.0.0.0/8 User bob,anna|warning
Match User *,!anna|warning
Match User ann*|warning
match user="anna"|warning
Match User root|good
Match User *|good
Match Group anna|good
Match Host anna|good
Match all|good
END
sed -i 's/email: yes/email: no, phone: no/' /tmp/policy.yaml
need 'no logins by address' hexa-admin policy apply /tmp/policy.yaml
echo 'Match User anna' >$folder/20-match.conf
same 'then nobody has another name' '' finding sshd-match
rm $folder/20-match.conf

# ---- sshd itself ----

need 'lena is a local user' local_user lena lenas-Long-password-1
need 'her key is given by the host'\''s own command, and stands in no file of hers' authorize lena
ok 'off' hexa-admin host disable
printf 'AuthorizedKeysCommand /usr/local/sbin/their-keys\nAuthorizedKeysCommandUser root\nLogLevel VERBOSE\n' >>$config
/usr/sbin/sshd -D -o ListenAddress=127.0.0.1 -o PidFile=/run/sshd-test.pid &
sshd=$!
need 'sshd' await test -s /run/sshd-test.pid
same 'it lets her in' lena ssh_key lena whoami
ok 'on' hexa-admin host enable
rm /run/sshd-test.pid
kill -HUP "$sshd"
need 'reloaded' await test -s /run/sshd-test.pid
same 'she is let in as before' lena ssh_key lena whoami
refused 'a user of Hexa'\''s without a key is not' 255 ssh_key anna
kill "$sshd"
