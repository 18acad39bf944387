# Accounts that the host itself has become Hexa's: the same person with the same password, ids, groups and
# files before, between and after; by ssh, su and passwd, with nothing restarted.

# Roles without groups, so that what `id` says can be compared.
sed 's/\(technician: {\|visitor: *{\|maintainer: {\)/\1group: no, /' tests/host/policy.yaml >/tmp/policy.yaml
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
need 'a group of the host' groupadd --gid 3300 painters
need 'anna, with a password' local_user anna 'annas-old-password'
need 'her full name, and another group' usermod --comment 'Anna Berg,room 5,,' \
	--append --groups painters anna
need 'bob, whose uid is no gid' useradd --create-home --uid 3400 --gid 3300 --shell /bin/bash \
	--comment 'Bob Dahl' bob
need 'his password, by another method' chpasswd --crypt-method SHA512 <<<'bob:bobs-old-password'
need 'cleo, whose uid is the gid of a group' useradd --create-home --uid 3300 --gid 3300 \
	--shell /bin/bash cleo
need 'a file of anna'\''s' install -o anna -g anna -m 600 /dev/null /home/anna/letter
need 'a key of cleo'\''s' authorize cleo
annas_id=$(id anna)
bobs_id=$(id bob)
cleos_id=$(id cleo)
annas_uid=$(id -u anna)

# removal USER: the command that takes their local lines away, as `user check` has it
removal()
{
	hexa-admin user check "$1" 2>&1 | sed -n 's/^  try: \(.*sed .*passwd.*\)/\1/p'
}

# upgrades USER: how often a hash of theirs was renewed; fails while there is none
upgrades()
{
	hexa-admin activity list --user "$1" --json | grep -c '"password upgrade"'
}

# ---- before: the host's own ----

same 'anna logs in' anna ssh_login anna 'annas-old-password' whoami
same 'bob logs in' bob ssh_login bob 'bobs-old-password' whoami
has 'the plan' '^password +yescrypt$' hexa-admin user adopt anna --role technician --dry-run
has 'has the same ids' "^uid +$annas_uid\$" hexa-admin user adopt anna --role technician --dry-run
refused 'and nobody is adopted' 3 hexa-admin user show anna

# ---- between: adopted, and the local line stands ----

ok 'they are adopted' hexa-admin user adopt anna bob cleo --role technician
same 'anna is who she was' "$annas_id" id anna
same 'and logs in' anna ssh_login anna 'annas-old-password' whoami
refused 'by the host'\''s own word: Hexa stays out' 1 upgrades anna
has 'the doctor says so' '^warning local-users: anna is adopted' hexa-admin doctor
has 'with what ends it' \
	"try: hexa-admin user adopt anna && sed -i '/\^anna:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow" \
	hexa-admin doctor
ok 'her roles do not count: without any' hexa-admin user edit anna --remove-role technician \
	--add-role visitor
same 'she logs in' anna ssh_login anna 'annas-old-password' whoami
ok 'the role again' hexa-admin user edit anna --remove-role visitor --add-role technician

# Hexa's copy of her password is no second way in, and nobody makes it anew or another one.
ok 'an address' hexa-admin user edit anna --email anna@example.org
refused 'lets nobody in' 255 ssh_login anna@example.org 'annas-old-password'
ask=$O/tests/pam/ask
lacks 'nor does the helper let her in' 'allowed' as anna $ask authenticate anna sshd <<<'annas-old-password'
lacks 'or change it' 'done' as anna $ask change anna sshd <<<$'annas-old-password\nannas-Other-password'
refused 'nothing was renewed' 1 upgrades anna

# The password is changed on the host, and dan is locked there: that is what counts when the line goes.
need 'dan' local_user dan 'dans-old-password'
ok 'he is adopted' hexa-admin user adopt dan --role technician
need 'the command that was printed' sh -c 'hexa-admin user check dan 2>&1 |
	sed -n "s/^  try: \(.*sed .*\)/\1/p" >/tmp/dan && test -s /tmp/dan'
annas_removal=$(removal anna)
need 'another password of anna'\''s' chpasswd <<<'anna:annas-next-password'
need 'dan is locked' usermod --lock dan
has 'user check says so' 'was changed since' hexa-admin user check anna
has 'the doctor too' '^warning local-users: dan .*was changed since' hexa-admin doctor
has 'with what mends it' 'try: hexa-admin user adopt dan$' hexa-admin doctor
ok 'the command from before takes both along' sh /tmp/dan
refused 'dan has no line' 1 grep '^dan:' /etc/passwd
refused 'and stays out' 255 ssh_login dan 'dans-old-password'
has 'suspended' '^status +suspended' hexa-admin user show dan
ok 'until he is let in again' hexa-admin user resume dan
same 'with his password, also when he asks by himself' 'verdict allowed' \
	as dan $ask authenticate dan sshd '10.0.0.1 by root (uid 0)' <<<'dans-old-password'
ok 'which renews his hash' await upgrades dan
lacks 'from nowhere that he says' '10[.]0[.]0[.]1' hexa-admin activity list --user dan
printf '%s\n' dans-old-password dans-next-password >/tmp/dans
has 'or when he changes it, on a terminal' '^done' \
	as dan script -qec "$ask change dan sshd 10.0.0.1 </tmp/dans" /dev/null
lacks 'is it from there' '10[.]0[.]0[.]1' hexa-admin activity list --user dan
has 'but from where he is' '^dan,(pts/[0-9]+|127[.]0[.]0[.]1),password,' \
	sh -c 'hexa-admin activity list --csv --user dan | cut -d, -f3-'
same 'by which he logs in' dan ssh_login dan 'dans-next-password' whoami

# Behind sudo she acts by her roles from now on, although /etc/passwd knows her.
need 'sudo for hexa-admin' sudo_hexa_admin
refused 'anna may not do what root may' 4 behind_sudo anna role add nothing --title Nothing
ok 'a local user who is not adopted may' local_user lena 'lenas-old-password'
ok 'as root' behind_sudo lena role add nothing --title Nothing

# ---- after: the local lines are gone ----

for user in anna bob cleo; do
	command=$(removal $user)
	[ $user = anna ] && command=$annas_removal
	ok "the lines of $user go" sh -c "$command"
	refused "$user is not in /etc/passwd" 1 grep "^$user:" /etc/passwd
	refused "nor in /etc/shadow" 1 grep "^$user:" /etc/shadow
done
ok 'nobody else'\''s have gone' grep -q '^lena:' /etc/shadow
ok 'the host'\''s group stays' grep -q '^painters:x:3300:' /etc/group
refused 'her own went with her' 1 grep '^anna:' /etc/group
has 'files are in order' 'anna' ls -ld /home/anna
same 'anna is who she was' "$annas_id" id anna
same 'bob is who he was' "$bobs_id" id bob
same 'cleo is who she was' "$cleos_id" id cleo
same 'the name comes from GECOS' "anna:*:$annas_uid:$annas_uid:Anna Berg:/home/anna:/bin/bash" \
	getent passwd anna
same 'her group is answered' "anna:*:$annas_uid:" getent group anna
same 'by its gid too' "anna:*:$annas_uid:" getent group "$annas_uid"
refused 'bob has no group of his own' 2 getent group bob
refused 'nor has cleo, whose gid is the host'\''s' 2 getent group cleo
same 'which the host answers' 'painters:x:3300:anna' getent group 3300
same 'her file is hers' 'anna anna' stat -c '%U %G' /home/anna/letter
same 'his home is his' 'bob painters' stat -c '%U %G' /home/bob

refused 'a wrong password is wrong' 255 ssh_login anna 'annas-next-passwort'
refused 'an empty one too' 255 ssh_login anna ''
refused 'and so is the one from before' 255 ssh_login anna 'annas-old-password'
refused 'no login has renewed her hash' 1 upgrades anna
same 'anna logs in with the password that she had' anna ssh_login anna 'annas-next-password' whoami
same 'in the groups that she was in' "$annas_id" ssh_login anna 'annas-next-password' id
ok 'the first login has renewed her hash' await upgrades anna
same 'once' 1 upgrades anna
has 'by herself' 'anna .*password upgrade' hexa-admin activity list --user anna
same 'and she logs in' anna ssh_login anna 'annas-next-password' whoami
same 'which renews nothing' 1 upgrades anna
refused 'a wrong password is wrong still' 255 ssh_login anna 'annas-next-passwort'

# Somebody holds the host's one writer: the login does not wait for it, and the hash is renewed later.
cat >/tmp/writer.c <<'END'
#include <lmdb.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	MDB_env *env;
	MDB_txn *txn;

	if (mdb_env_create(&env) || mdb_env_set_maxdbs(env, 32) ||
	    mdb_env_open(env, "/var/lib/hexa/private/hexa.mdb", MDB_NOSUBDIR, 0600) ||
	    mdb_txn_begin(env, NULL, 0, &txn))
		return 1;
	puts("writing");
	fflush(stdout);
	return pause();
}
END
need 'a writer' cc -o /tmp/writer /tmp/writer.c -llmdb
/tmp/writer >/tmp/written &
writer=$!
need 'holds the database' await grep -q writing /tmp/written
same 'bob logs in beside it' bob ssh_login bob bobs-old-password whoami
same 'and once more' bob ssh_login bob bobs-old-password whoami
kill $writer
wait $writer 2>/dev/null
ok 'his hash is renewed when it is gone' await upgrades bob
same 'and he logs in' bob ssh_login bob bobs-old-password whoami
same 'it was renewed once' 1 upgrades bob

# ---- the other programs ----

need 'a role for su' hexa-admin user edit anna --add-role maintainer
has 'su by a user of the host'\''s' '^anna' answer annas-next-password as lena su anna -c whoami
ok 'passwd' answer 'annas-next-password annas-New-password annas-New-password' as anna passwd
refused 'the old password is old' 255 ssh_login anna annas-next-password
same 'the new one is good' anna ssh_login anna annas-New-password whoami
same 'cleo, who never had one, comes by her key' cleo ssh_key cleo whoami
ok 'and loses her role' hexa-admin user edit cleo --remove-role technician --add-role visitor
refused 'so that she does not' 255 ssh_key cleo
same_sshd 'nothing was restarted'

# ---- whom another source knows ----

# What the C library reads users from beside its files: a database of makedb's.
if command -v makedb >/dev/null && ls /lib/*/libnss_db.so.2 /usr/lib/*/libnss_db.so.2 >/dev/null 2>&1; then
	mkdir -p /var/lib/misc
	lenas_uid=$(id -u lena)
	printf '%s\n' ".olga olga:x:$lenas_uid:$lenas_uid::/:/bin/sh" \
		"=$lenas_uid olga:x:$lenas_uid:$lenas_uid::/:/bin/sh" \
		"00 olga:x:$lenas_uid:$lenas_uid::/:/bin/sh" | makedb -o /var/lib/misc/passwd.db -
	sed -i 's/^passwd:.*files/& db/' /etc/nsswitch.conf
	need 'a source that has olga' getent -s db passwd olga
	refused 'lena has the uid of olga, who stands behind the files' 5 \
		hexa-admin user adopt lena --role technician
	has 'who is named' 'under another name: olga' hexa-admin user adopt lena --role technician
	sed -i 's/^\(passwd:.*files\) db/\1/' /etc/nsswitch.conf
else
	skip 'a source behind the files' 'no makedb, or no libnss_db'
fi
ok 'alone she is adopted' hexa-admin user adopt lena --role technician
refused 'and no more root behind sudo' 4 behind_sudo lena role add more --title More
