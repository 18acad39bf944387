# Where a password, a note or an address could turn up that is nobody's to read: argument lists and
# environments, the log, the journal, cores, every world-readable byte, with all that was edited and deleted.

# Each is a word that stands nowhere else on the host.
pw=kanari-Password-zq1
pw2=kanari-Password-zq2
pw3=kanari-Password-zq3
wrong=kanari-Password-zqw
note=kanari-note-zq
mail=kanari-mail-zq@example.org
phone=+99923456781
secret='kanari-(Password-zq[0-9]|note-zq|mail-zq)|99923456781'

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'sshd' sshd_start

# A watcher of the argument lists and environments of what is Hexa's, and of who calls it.
watch()
{
	local pid
	while [ ! -e /tmp/stop ]; do
		for pid in $(pgrep '^(hexa-|nscd|sshd)'); do
			cat "/proc/$pid/comm" >>/tmp/seen
			tr '\0' '\n' <"/proc/$pid/environ"
			tr '\0' '\n' <"/proc/$pid/cmdline"
		done
	done 2>/dev/null | grep -Ea "$secret" >/tmp/watched
}
watch &
watcher=$!

ulimit -c unlimited
ok 'a user with all of it' hexa_user anna technician $pw --note $note --email $mail --phone $phone
ok 'one beside, who goes' hexa_user kanarizq technician $pw --note $note
same 'a login' anna ssh_login anna $pw whoami
same 'by address' anna ssh_login $mail $pw whoami
refused 'a wrong one' 255 ssh_login anna $wrong
refused 'typed as the name' 255 ssh_login $wrong $pw
ok 'changed by root' chpasswd <<<"anna:$pw2"
ok 'changed by herself' answer "$pw2 $pw3 $pw3" as anna passwd
ok 'changed by an administrator' hexa-admin user password anna --password-stdin <<<$pw
refused 'not, in vain' 6 hexa-admin user password anna --password-stdin <<<"$pw"$'\x01'
lacks 'which says nothing of it' "$secret" hexa-admin user password anna --password-stdin <<<"$pw"$'\x01'
lacks 'nor does an option that there is not' "$pw" hexa-admin user edit anna --pasword="$pw"
lacks 'nor is it ever shown' 'argon2|kanari-Password' \
	sh -c 'hexa-admin user show anna; hexa-admin user show anna --json; hexa-admin activity list --json'
for i in 1 2 3 4 5 6; do
	ok "edited $i" hexa-admin user edit anna --note "$note-$i" --email "$i-$mail" --phone "${phone}$i"
done
ok 'deleted' hexa-admin --yes user delete kanarizq
ok 'anna too' hexa-admin --yes user delete anna

# Ended while they hold one: root's tool at its prompt, the helper at its work.
# shellcheck disable=SC2016 # for the inner shell
ok 'hexa-admin is ended while it reads' sh -c '
	cd /tmp && { printf "%s" '$pw'; exec sleep 20; } | hexa-admin user password anna --password-stdin &
	until pid=$(pgrep -x hexa-admin); do :; done
	kill -QUIT $pid; kill -SEGV $pid 2>/dev/null; kill -ABRT $pid 2>/dev/null; pkill -x sleep; :'
same 'no core' '' find / -xdev -type f -name '*core' -newer /run/sshd-test.pid

: >/tmp/stop
wait $watcher
has 'hexa-admin was watched' '^hexa-admin$' cat /tmp/seen
has 'and the helper' '^hexa-pam-helper$' cat /tmp/seen
lacks 'no argument list or environment had a password' 'kanari-Password' cat /tmp/watched
lacks 'the log has none' 'kanari-Password-zq[0-9]|argon2' cat $log_file
lacks 'nor a name that is nobody'\''s, but from sshd itself' 'hexa.*kanari-Password' cat $log_file

# Everything that others may read, byte by byte: used pages and free ones.
has 'a way to find them that works' kanarizq strings -a /var/lib/hexa/private/hexa.mdb
published()
{
	find /var/lib/hexa /run/hexa -type f -perm /o=r -exec cat {} +
}
lacks 'what is published has no password, note or address' "$secret" published
lacks 'nor a hash' 'argon2|\$6\$|\$y\$' published
lacks 'nor anything of hexa.mdb' 'hexa-policy|system-administrator|must-change|user edit' published
same 'all else is root'\''s alone' '600 root' \
	sh -c "find /var/lib/hexa /run/hexa -type f -not -perm /o=r -printf '%m %u\n' | sort -u"
lacks 'no copy is left anywhere else' . grep -rlaE 'kanari-(Password-zq[0-9]|note)' /tmp /var/tmp \
	/var/log /run /etc /var/mail --exclude=watched --exclude='tmp.*'
