# People's own SSH keys, without sudo, through the setuid helper; and a delegate's, behind sudo, with the delegate's rights
# to the FILE.

ask=$PWD/$O/tests/pam/ask
program=/usr/libexec/hexa/hexa-authorized-keys
annas=Annas-Long-password-1 bobs=Bobs-Long-password-1
cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
permissions:
  shell.login: {title: Log in, services: [sshd, login]}
roles:
  technician: {permissions: [shell.login], group: no}
  desk: {permissions: [shell.login, hexa.users.view, hexa.credentials.reset], group: no}
END
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
sshd_extra="AuthorizedKeysCommand $program %u
AuthorizedKeysCommandUser nobody"
need 'sshd' sshd_start
need 'anna' hexa_user anna technician $annas
need 'bob' hexa_user bob technician $bobs
need 'dana of the help desk' hexa_user dana desk Danas-Long-password-1
need 'a local user' local_user lena lenas-Long-password-1

# The two halves of a key, which anna has and sshd has not.
own=/tmp/own
mkdir -m 755 $own
for name in anna bob other; do
	need "a key: $name" ssh-keygen -q -t ed25519 -N '' -C "$name@laptop" -f $own/$name
done
chown anna: $own/anna $own/anna.pub
chown bob: $own/bob $own/bob.pub
chmod 600 $own/anna.pub

# by_key USER KEY [CMD…]
by_key()
{
	local user=$1 key=$2
	shift 2
	ssh "${ssh_options[@]}" -o PreferredAuthentications=publickey -o IdentitiesOnly=yes -i $own/"$key" \
		-l "$user" 127.0.0.1 "${@:-true}" </dev/null
}

fingerprint()
{
	ssh-keygen -lf $own/"$1".pub | cut -d' ' -f2
}

# The same as a regular expression: half of them have a +.
pattern()
{
	fingerprint "$1" | sed 's/[+.]/\\&/g'
}

# from FILE CMD…: CMD with FILE as its standard input
from()
{
	"${@:2}" <"$1"
}

rested()
{
	rm -f /run/hexa/self-edits
}

sequence()
{
	hexa-admin activity verify | cut -d: -f1
}

unchanged()
{
	same "$1: nothing was written" "$before" sequence
}

# ---- theirs ----

same 'anna has no keys' '' ssh_login anna $annas hexa-admin self keys
refused 'and does not come in by one' 255 by_key anna anna
ok 'she adds hers, in a session' ssh_login anna $annas hexa-admin self keys add $own/anna.pub
logged 'which is in the log' 'hexa-pam-helper.*user anna \(uid [0-9]+\) changed: keys by anna'
same 'then she comes in by it' anna by_key anna anna whoami
has 'she sees it' "^$(pattern anna) +ssh-ed25519 +256 +anna@laptop" by_key anna anna hexa-admin self keys
has 'as JSON' '"comment": "anna@laptop"' as anna hexa-admin --json self keys
same 'by the column' "$(printf 'type\nssh-ed25519')" as anna hexa-admin self keys --columns type
same 'the same as root sees' "$(hexa-admin --json key list anna)" as anna hexa-admin --json self keys
has 'the journal names her' '\banna +self key add +key ' hexa-admin activity list --actor anna
ok 'and its chain holds' hexa-admin activity verify
before=$(sequence)
refused 'the same again' 5 as anna hexa-admin self keys add $own/anna.pub
unchanged 'the same again'
ok 'another by stdin' from $own/other.pub as anna hexa-admin self keys add -
same 'opens too' anna by_key anna other whoami
ok 'she removes it by its fingerprint' by_key anna anna hexa-admin self keys remove "$(fingerprint other)"
refused 'and it opens nothing' 255 by_key anna other
other=$(fingerprint other)
refused 'it is gone' 3 as anna hexa-admin self keys remove "${other#SHA256:}"
refused 'what is no fingerprint is no key' 6 as anna hexa-admin self keys remove x
ok 'again' as anna hexa-admin self keys add $own/other.pub
ok 'and without its kind' as anna hexa-admin self keys remove "${other#SHA256:}"
same 'hers is left' "$(fingerprint anna)" sh -c 'setpriv --reuid anna --regid anna --init-groups hexa-admin self keys --csv --columns fingerprint | tail -n +2'

# ---- what is refused ----

before=$(sequence)
refused 'a private key' 6 as anna hexa-admin self keys add $own/anna
has 'is called so' 'this is a private key' as anna hexa-admin self keys add $own/anna
lacks 'and not shown' 'PRIVATE KEY-----|b3BlbnNzaC1' as anna hexa-admin self keys add $own/anna
refused 'somebody else'\''s file' 6 as bob hexa-admin self keys add $own/anna.pub
refused 'no file' 6 as anna hexa-admin self keys add $own/none
refused 'nothing' 6 from /dev/null as anna hexa-admin self keys add -
echo "command=\"/bin/sh\" $(cat $own/other.pub)" >/tmp/option.pub
refused 'an option that runs something' 6 as anna hexa-admin self keys add /tmp/option.pub
cat $own/other.pub $own/bob.pub >/tmp/two.pub
refused 'two keys' 6 as anna hexa-admin self keys add /tmp/two.pub
refused 'another word' 2 as anna hexa-admin self keys delete x
refused 'one word' 2 as anna hexa-admin self keys add
unchanged 'what was refused'

# ---- nobody else's ----

ok 'bob has a key' as bob hexa-admin self keys add $own/bob.pub
before=$(sequence)
refused 'anna does not remove it' 3 as anna hexa-admin self keys remove "$(fingerprint bob)"
lacks 'nor see it' 'bob@laptop' as anna hexa-admin self keys
refused 'nor has it by her name' 255 by_key anna bob
refused 'root has no keys of its own' 4 hexa-admin self keys
refused 'nor adds to them' 4 hexa-admin self keys add $own/other.pub
refused 'a local user is no user of Hexa'\''s' 3 as lena hexa-admin self keys
refused 'and adds none' 3 as lena hexa-admin self keys add $own/other.pub
# What hexa-admin would not say: the helper knows by itself.
has 'by another program: her own' "^fingerprint=$(pattern anna)\$" as anna "$ask" key-list bob x
lacks 'and no other' "$(pattern bob)" as anna "$ask" key-list bob x
has 'no option' '^refused: .*the option command' from /tmp/option.pub as anna "$ask" key-add bob x
has 'no other'\''s key' '^refused: anna has no key' as anna "$ask" key-remove bob x <<<"$(fingerprint bob)"
has 'root gets nothing so' '^fault$' "$ask" key-list anna x
unchanged 'of others'

# ---- how often, and who is not let in ----

many()
{
	local done=0
	for i in {1..15}; do
		ssh-keygen -q -t ed25519 -N '' -f /tmp/many$i && as anna hexa-admin self keys add /tmp/many$i.pub \
			2>/tmp/said || break
		done=$((done + 1))
	done
	echo "$done"
}
rested
same 'ten at once' 10 many
refused 'and no more' 5 as anna hexa-admin self keys add $own/other.pub
refused 'nor fewer' 5 as anna hexa-admin self keys remove "$(fingerprint anna)"
refused 'nor an edit' 5 as anna hexa-admin self edit --profession x
rested
ok 'an hour later' as anna hexa-admin self keys remove "$(ssh-keygen -lf /tmp/many1.pub | cut -d' ' -f2)"
need 'anna is suspended' hexa-admin user suspend anna
before=$(sequence)
refused 'she adds none' 4 as anna hexa-admin self keys add $own/other.pub
logged 'which is in the log' 'hexa-pam-helper.*asked by uid [0-9]+: user "anna" refused a change of their own account'
refused 'nor removes any' 4 as anna hexa-admin self keys remove "$(fingerprint anna)"
has 'but sees them' "$(pattern anna)" as anna hexa-admin self keys
unchanged 'by a suspended user'
need 'anna is back' hexa-admin user resume anna

# ---- very many ----

# More than one answer of the helper's holds.
for ((i = 0; i < 150; i++)); do
	echo "ssh-ed25519 $({ printf '\0\0\0\013ssh-ed25519\0\0\0\040'; head -c 32 /dev/urandom; } | base64 -w 0) key $i" |
		hexa-admin key add bob - || break
done
has 'an answer that is not all' '^more=yes$' as bob "$ask" key-list bob x
same 'all of them are shown' 151 sh -c 'setpriv --reuid bob --regid bob --init-groups hexa-admin self keys --csv --columns fingerprint | tail -n +2 | sort -u | wc -l'
same 'in root'\''s order' "$(hexa-admin --json key list bob)" as bob hexa-admin --json self keys

# ---- a delegate's, behind sudo ----

sudo_hexa_admin
install -m 600 -o dana $own/other.pub /tmp/danas.pub
install -m 600 $own/other.pub /root/roots.pub
ok 'dana adds a key of bob'\''s' behind_sudo dana key add bob /tmp/danas.pub
logged 'which is in the log' 'user bob \(uid [0-9]+\) changed: keys by dana'
ok 'and removes it' behind_sudo dana key remove bob "$(fingerprint other)"
refused 'no FILE that is not hers to read' 6 behind_sudo dana key add bob /root/roots.pub
refused 'not her own' 4 behind_sudo dana key add dana /tmp/danas.pub
ok 'but with self keys' as dana hexa-admin self keys add /tmp/danas.pub
refused 'anna adds none of bob'\''s' 4 behind_sudo anna key add bob $own/other.pub

# ---- when nobody answers ----

mv /usr/libexec/hexa/hexa-pam-helper /tmp/helper
refused 'no helper: no list' 7 as anna hexa-admin self keys
refused 'and no change' 7 as anna hexa-admin self keys remove "$(fingerprint anna)"
mv /tmp/helper /usr/libexec/hexa/hexa-pam-helper
has 'its own again' "$(pattern anna)" as anna hexa-admin self keys
