# Where a password, a note or an address could turn up that is nobody's to read: argument lists and
# environments, the log, the journal, cores, every world-readable byte, with all that was edited and deleted.

# Each is a word that stands nowhere else on the host.
pw=kanari-Password-zq1
pw2=kanari-Password-zq2
pw3=kanari-Password-zq3
pw4=kanari-Password-zq4
pw5=kanari-Password-zq5
wrong=kanari-Password-zqw
note=kanari-note-zq
mail=kanari-mail-zq@example.org
phone=+99923456781
secret='kanari-(Password-zq[0-9]|note-zq|mail-zq)|99923456781'

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'sshd' sshd_start

# What is looked for: each line of this file, which grows.  No such word stands in an argument list of this case.
words=/root/words
touch $words
look_for()
{
	printf '%s\n' "$@" >>$words
}
# a_code NAME CMD…: a check, and the code that comes of it is looked for, as it is printed and as it is typed
a_code()
{
	code_by "$@"
	typed=${code//-/}
	typed=${typed,,}
	look_for "$code" "${code//-/}" "$typed"
}
look_for $pw $pw2 $pw3 $pw4 $pw5 $wrong

# A watcher of the argument lists and environments of all processes but those that play the one who types.
cat >/tmp/watch.pl <<'END'
use strict;
my ($words) = @ARGV;
my ($size, $any, %seen) = (-1);
$| = 1;
sub slurp { open(my $f, '<:raw', $_[0]) or return ''; local $/; <$f> // '' }
until (-e '/tmp/stop') {
	if (-s $words != $size) {
		$size = -s $words;
		$any = join '|', map { quotemeta } split /\n/, slurp($words);
	}
	for my $pid (map { m,(\d+)$, } glob '/proc/[0-9]*') {
		my $name = slurp("/proc/$pid/comm");
		my $same = $name;
		chomp $name;
		next if $pid == $$ or $name =~ /^(sshpass|ssh|terminal)$/;
		my $found = slurp("/proc/$pid/environ") . slurp("/proc/$pid/cmdline");
		# One that has become another program meanwhile is looked at the next time.
		next if $same ne slurp("/proc/$pid/comm");
		print $same unless $seen{$same}++;
		print STDERR "$name $1\n" if $found =~ /($any)/;
	}
	# What lives for less loads no library; to look without a pause is a processor's whole work.
	select undef, undef, undef, 0.004;
}
END
perl /tmp/watch.pl $words >/tmp/seen 2>/tmp/watched &
watcher=$!
# By a name that nothing else has: the watcher may yet tell of it when it is gone.
printf '#!/usr/bin/perl\nsleep 1000;\n' >/tmp/canary && chmod 755 /tmp/canary
CANARY=$pw /tmp/canary &
canary=$!
ok 'the watcher finds what is there to be found' await grep -q '^canary kanari' /tmp/watched
kill $canary

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
lacks 'nor does an option that there is not' kanari-option hexa-admin user edit anna --pasword=kanari-option
lacks 'nor is it ever shown' 'argon2|kanari-Password' \
	sh -c 'hexa-admin user show anna; hexa-admin user show anna --json; hexa-admin activity list --json'

# ---- codes ----

ok 'a mail program' mail_start
# It is there for a moment, and once: until it is seen.
sed -i '2i for ((i = 0; i < 6000; i++)); do ! grep -qx sendmail /tmp/seen || break; done' /usr/sbin/sendmail
a_code 'a code' hexa-admin user reset anna
has 'typed at su, and a new password' '^anna' answer "$typed $pw4 $pw4" as nobody su anna -c whoami
a_code 'another code' hexa-admin user reset anna
ok 'typed over ssh, and again in the session, with a new password' answer "$code $code $pw5 $pw5" \
	ssh "${ssh_options[@]}" -o PreferredAuthentications=password -tt -l anna 127.0.0.1 true
a_code 'one that is typed in vain' hexa-admin user reset anna
ok 'void' hexa-admin user password anna --password-stdin <<<"$pw"
refused 'so refused' 255 ssh_login anna "$code"
ok 'one by mail' hexa-admin user reset anna --mail
mailed_code $mail
look_for "$code" "${code//-/}"
has 'that is used' '^anna' answer "$code $pw4 $pw4" as nobody su anna -c whoami
ok 'and back' chpasswd <<<"anna:$pw"

# ---- in the memory of others, while sessions last ----

# memory PID…: what stands in theirs of what is looked for
cat >/tmp/memory.pl <<'END'
use strict;
my $any = do { open(my $f, '<', shift) or die; local $/; join '|', map { quotemeta } split /\n/, <$f> };
for my $pid (@ARGV) {
	open(my $maps, '<', "/proc/$pid/maps") && open(my $memory, '<:raw', "/proc/$pid/mem") or next;
	open(my $comm, '<', "/proc/$pid/comm"); chomp(my $name = <$comm> // '');
	while (<$maps>) {
		my ($from, $to, $what) = /^(\w+)-(\w+) r\S+ \S+ \S+ \S+\s*(.*)/ or next;
		my ($size, $bytes) = (hex($to) - hex($from), '');
		next if $what =~ /^\[v/;
		sysseek($memory, hex $from, 0);
		1 while length $bytes < $size and sysread($memory, $bytes, $size - length $bytes, length $bytes);
		print "$name $pid $1 $what\n" while $bytes =~ /($any)/g;
	}
	print "$name $pid was read\n";
}
END
# Those who type, and the shells of this case, are root's; in a session nobody is, or not by these names.
others()
{
	local pid
	for pid in $(pgrep . | grep -vx $$); do
		case $(cat "/proc/$pid/comm" 2>/dev/null):$(stat -c %U "/proc/$pid" 2>/dev/null) in
		bash:root | inside:root | enter:root | sshpass:* | terminal:* | perl:root | :*) ;;
		*) echo "$pid" ;;
		esac
	done
}
memory()
{
	# shellcheck disable=SC2046 # words
	perl /tmp/memory.pl $words $(others)
}
ok 'olga, who may use sudo' hexa_user olga maintainer $pw2
a_code 'who has a code' hexa-admin user reset olga
held=()
hold()
{
	"$@" >/dev/null 2>&1 &
	held+=($!)
}
hold ssh_login anna $pw sleep 1001
hold ssh_prompted anna $pw sleep 1002
hold answer $pw as nobody su anna -c 'sleep 1003'
hold tty_login anna $pw 'sleep 1004'
hold answer "$code $pw3 $pw3" as olga sudo sleep 1005
for i in 1 2 3 4 5; do
	ok "a session that lasts: $i" await pgrep -f "^sleep 100$i\$"
done
memory >/tmp/memory
for name in sshd su login sudo busybox sleep; do
	has "memory was read: $name" "^$name [0-9]+ was read" cat /tmp/memory
done
lacks 'nobody else has it in memory' 'kanari|-.*-.*-| [A-Za-z2-9]{16} ' cat /tmp/memory
has 'a way to find it that works: who types has it' '^terminal [0-9]+ kanari' \
	perl /tmp/memory.pl $words "$(pgrep -x terminal | head -n 1)"
kill "${held[@]}"
pkill -f '^sleep 100'

for i in 1 2 3 4 5 6; do
	ok "edited $i" hexa-admin user edit anna --note "$note-$i" --email "$i-$mail" --phone "${phone}$i"
done

# ---- cores: ended while they hold one ----

cores()
{
	find / -path /proc -prune -o -path /sys -prune -o -type f -name 'core*' -newer /run/sshd-test.pid -print
}
if [ "$(cat /proc/sys/kernel/core_pattern)" = core ]; then
	# shellcheck disable=SC2016 # for the inner shell
	refused 'a program that dies leaves a core here' 139 sh -c 'cd /tmp && exec sh -c "kill -SEGV \$\$"'
	has 'which is found' /tmp/core cores
	rm -f /tmp/core*
else
	skip 'cores are found' 'this kernel puts them elsewhere'
fi
mkfifo /tmp/typing
# waits_for_more PID: it has read all that was typed
waits_for_more()
{
	grep -q '^0 0x0 ' "/proc/$1/syscall"
}
for signal in QUIT ILL ABRT; do
	(cd /tmp && exec hexa-admin user password anna --password-stdin <typing) &
	pid=$!
	exec 7>/tmp/typing
	printf '%s' $pw >&7
	ok "hexa-admin has a password, and waits for its end: $signal" await waits_for_more $pid
	kill -$signal $pid
	refused "it is ended by $signal" $((128 + $(kill -l $signal))) wait $pid
	exec 7>&-
done
# Passwords that take long to verify.
sed 's/^password: {/&argon2: {operations: 30, memory: 64MiB}, /' tests/host/policy.yaml >/tmp/slow.yaml
ok 'a slow policy' hexa-admin policy apply /tmp/slow.yaml
ok 'a password by it' hexa-admin user password anna --password-stdin <<<"$pw2"
a_code 'and a code' hexa-admin user reset anna
for password in $pw2 "$code"; do
	(cd /tmp && exec "$OLDPWD/$O/tests/pam/client" sshd anna authenticate <<<"$password" >/dev/null) &
	pid=$!
	ok 'the helper is at work' await pgrep -P $pid -x hexa-pam-helper
	helper=$(pgrep -P $pid -x hexa-pam-helper)
	# It gives up the right to one as the first that it does.
	ok 'whatever becomes of it, it leaves no core' await grep -Eq 'Max core file size +0 +0' "/proc/$helper/limits"
	# It holds all other signals back.
	kill -ALRM "$helper"
	refused 'it is ended, and that is no yes' 1 wait $pid
done
same 'no core of any of them' '' cores
ok 'another policy' hexa-admin policy apply tests/host/policy.yaml
ok 'deleted' hexa-admin --yes user delete kanarizq
ok 'anna too' hexa-admin --yes user delete anna

: >/tmp/stop
wait $watcher
for name in hexa-admin hexa-pam-helper sshd su passwd sendmail sudo; do
	has "watched: $name" "^$name\$" cat /tmp/seen
done
lacks 'no argument list or environment had a password or a code' . grep -v '^canary kanari' /tmp/watched
lacks 'the log has none' 'argon2' grep -Ff $words $log_file
lacks 'nor a hash' 'argon2|\$code' cat $log_file
lacks 'nor a name that is nobody'\''s, but from sshd itself' 'hexa.*kanari-Password' cat $log_file

# Everything that others may read, byte by byte: used pages and free ones.
has 'a way to find them that works' kanarizq strings -a /var/lib/hexa/private/hexa.mdb
published()
{
	find /var/lib/hexa /run/hexa -type f -perm /o=r -exec cat {} +
}
lacks 'what is published has no password, note or address' "$secret" published
lacks 'nor a hash' 'argon2|\$6\$|\$y\$|\$code' published
lacks 'nor anything of hexa.mdb' 'hexa-policy|system-administrator|must-change|user edit' published
same 'all else is root'\''s alone' '600 root' \
	sh -c "find /var/lib/hexa /run/hexa -type f -not -perm /o=r -printf '%m %u\n' | sort -u"
# The database itself, with its free pages, has the notes, and neither a password nor a code in any spelling.
# (btmp has the name that was typed, from sshd itself.)
everywhere()
{
	grep -rlaFf $words /var /run /etc /home /root /tmp /dev/shm --exclude-dir=mail-test \
		--exclude-dir=tmp --exclude=words --exclude='tmp.*' --exclude="${log_file##*/}" --exclude=btmp
}
echo $pw >/var/lib/hexa/private/kanari
same 'a way to find them that works' /var/lib/hexa/private/kanari everywhere
rm /var/lib/hexa/private/kanari
lacks 'no password or code is left anywhere' . everywhere
lacks 'nor a note in anything but the database' . grep -rlaE 'kanari-note-zq' /tmp /var/tmp /var/log /run /etc \
	/var/mail --exclude='tmp.*'
