# A plain host: each service that works is named, and each lets in those who should use it; all others are
# closed.

client=$O/tests/pam/client
olga=olgas-Long-password-1
meg=megs-Long-password-1
kari=karis-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset linux-host
need 'sshd' sshd_start
need 'a host-operator' hexa_user olga host-operator $olga
need 'a member' hexa_user meg member $meg
need 'an account-keeper' hexa_user kari account-keeper $kari
need 'a developer' key_user dan developer
need 'an auditor' key_user aud auditor
need 'a backup-operator' key_user bo backup-operator
need 'a former member' key_user eva former-member
need 'an account for jobs' key_user batch batch-account --type system
for user in olga meg kari; do
	authorize $user
done

# ---- sshd, su, login ----

for user in olga meg kari dan aud bo; do
	same "sshd: $user" $user ssh_key $user whoami
	same "su by root: $user" $user su $user -c whoami
	same "su - by root: $user" $user su - $user -c whoami
done
for user in eva batch; do
	refused "sshd: not $user" 255 ssh_key $user
	refused "su by root: not $user" 1 su $user -c true
done
same 'why not eva' no-permission verdict eva --service sshd
same 'why not batch' type-cannot-log-in verdict batch --service sshd
same 'sshd by password' meg ssh_login meg $meg whoami
has 'su with the password' '^meg' answer $meg as dan su meg -c whoami
has 'login' '^meg' tty_login meg $meg whoami
has 'eva is known to the host' '^eva:' getent passwd eva

# ---- sudo: root for some, hexa-admin for others ----

same 'sudo: a host-operator is root' 0 as olga sudo -S -k -p '' id -u <<<$olga
has 'who is in the group sudo' '\bsudo\b' as nobody id -Gn olga
refused 'sudo: not a member' 1 as meg sudo -S -k -p '' id -u <<<$meg
logged 'whom Hexa refuses' '"meg" refused for service "sudo"'
has 'so says user check' '^service-not-permitted' hexa-admin user check meg --service sudo
refused 'sudo: an account-keeper is not root' 1 as kari sudo -S -k -p '' id -u <<<$kari
not_logged 'whom Hexa lets through, and sudoers does not' '"kari" refused'
has 'sudo: an account-keeper runs hexa-admin' '^meg\b' \
	as kari sudo -S -k -p '' hexa-admin user list --columns name <<<$kari
refused 'and nothing else' 1 as kari sudo -S -k -p '' id -u <<<$kari
ok 'takes people on' as kari sudo -S -k -p '' hexa-admin user add mia --role member \
	--first-name Mia --last-name Berg <<<$kari
refused 'and nobody who has more' 4 as kari sudo -S -k -p '' hexa-admin user add mio \
	--role host-operator --first-name Mio --last-name Berg <<<$kari

# ---- jobs: cron and at ----

# A service of the host's runs what is due at its start by itself: no clock is waited for.
mkdir -m 1777 /tmp/ran
for user in dan bo meg eva batch olga; do
	printf '@reboot touch /tmp/ran/cron-%s\n' $user | crontab -u $user - ||
		failed "a crontab for $user" 'exit 0' crontab
done
rm -f /run/crond.reboot
cron -f 2>/dev/null &
cron=$!
for user in dan bo olga batch; do
	ok "cron: the job of $user runs" await test -e /tmp/ran/cron-$user
done
logged_in()
{
	grep -E "\"$1\" refused for service \"$2\"" $log_file
}
for user in meg eva; do
	ok "cron: the job of $user is refused" await logged_in $user cron
	refused "cron: and does not run: $user" 1 test -e /tmp/ran/cron-$user
done
kill $cron

rm -f /etc/at.allow
atd -f 2>/dev/null &
atd=$!
need 'atd runs' await test -s /run/atd.pid
# later USER: a job of USER's for now.  Its home is where it is run.
later()
{
	install -d -o "$1" -g "$1" "/home/$1" &&
		as "$1" env HOME="/home/$1" bash -c "cd && echo touch /tmp/ran/at-$1 | at now"
}
for user in dan meg; do
	ok "at: $user has a job" later $user
done
ok 'at: the job of dan runs' await atd_awake test -e /tmp/ran/at-dan
ok 'at: the job of meg is refused' await atd_awake logged_in meg atd
refused 'at: and does not run' 1 test -e /tmp/ran/at-meg
kill $atd

# ---- passwd ----

ok 'passwd: a member' answer "$meg megs-Long-password-2 megs-Long-password-2" as meg passwd
same 'whose new one is good' meg ssh_login meg megs-Long-password-2 whoami

# ---- what runs beside a session, and what nobody named ----

service()
{
	[ -e "/etc/pam.d/$1" ] || printf '@include common-%s\n' auth account session >"/etc/pam.d/$1"
}
service systemd-user
service vsftpd
for user in meg dan olga; do
	ok "systemd-user: $user" $client systemd-user $user acct_mgmt open_session close_session
	refused "vsftpd, which nothing names: not $user" 1 $client vsftpd $user acct_mgmt
done
refused 'systemd-user: not eva' 1 $client systemd-user eva acct_mgmt
refused 'nor batch' 1 $client systemd-user batch acct_mgmt
same 'user check says why not vsftpd' service-not-permitted verdict olga --service vsftpd
need 'a system administrator' key_user boss system-administrator
refused 'not even the one who has everything' 1 $client vsftpd boss acct_mgmt
same 'whom sshd lets in' boss ssh_key boss whoami
ok 'until it is named' sh -c 'hexa-admin policy show |
	sed "s/^permissions:$/&\n  files.move: {services: [vsftpd]}/" >/tmp/named.yaml &&
	hexa-admin policy apply /tmp/named.yaml &&
	hexa-admin role edit member --add-permission files.move'
ok 'then it opens, to those' $client vsftpd meg acct_mgmt
refused 'and to no others' 1 $client vsftpd aud acct_mgmt

# ---- groups of the host ----

same 'logs: an auditor reads them' 'adm' sh -c 'id -Gn aud | tr " " "\n" | grep -x adm'
lacks 'a member does not' '\badm\b' id -Gn meg
same 'backups: the group backup' backup sh -c 'id -Gn bo | tr " " "\n" | grep -x backup'
has 'and in the session' '\bbackup\b' ssh_key bo id -Gn

# ---- never together ----

refused 'an auditor does not run the host' 1 hexa-admin user edit aud --add-role host-operator
refused 'nor keeps its accounts' 1 hexa-admin user edit aud --add-role account-keeper
ok 'but may be a member' hexa-admin user edit aud --add-role member

same_sshd 'all through, sshd is the same process'
