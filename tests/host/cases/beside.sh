# Beside systemd's own module, in either order, and beside nscd with both: whoever knows somebody answers, the
# groups of all count, and no server that answers everybody is told whose an address is.

anna=annas-Long-password-1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna --email anna@example.org
need 'bob is a visitor' hexa_user bob visitor $anna
uid=$(id -u anna)

# A user and a group that only systemd knows: nss-systemd(8).
need 'records of systemd'\''s' sh -c 'cd /etc && mkdir -p userdb && cd userdb &&
	echo "{\"userName\": \"lena\", \"uid\": 4001, \"gid\": 4001, \"disposition\": \"regular\"}" >lena.user &&
	ln -s lena.user 4001.user &&
	echo "{\"groupName\": \"crew\", \"gid\": 4002, \"disposition\": \"regular\"}" >crew.group &&
	ln -s crew.group 4002.group'
need 'a group of the host'\''s own, with anna' sh -c 'groupadd workshop && sed -i "s/^workshop:.*/&anna/" /etc/group'

# order SOURCE…: on the lines of passwd and group
order()
{
	sed -i "s/^\(passwd\|group\):.*/\1: $*/" /etc/nsswitch.conf
}

# whose ADDRESS [CMD…]: the name that it leads to, asked by CMD or root
whose()
{
	local address=$1
	shift
	"$@" getent passwd "$address" | cut -d: -f1 | grep . || echo nobody
}

# all_answer WHEN
all_answer()
{
	has "$1: Hexa's user" "^anna:.*:$uid:" getent passwd anna
	has "$1: by uid" '^anna:' getent passwd "$uid"
	has "$1: Hexa's group" '^technician:.*:anna$' getent group technician
	has "$1: systemd's user" '^lena:.*:4001:' getent passwd lena
	has "$1: systemd's group" '^crew:.*:4002:' getent group 4002
	same "$1: groups of the host's and of Hexa's" 'anna technician workshop' \
		sh -c 'id -Gn anna | tr " " "\n" | sort | xargs'
	has "$1: root" '^root:x:0:0:' getent passwd 0
	has "$1: nobody" '^nobody:.*:65534:' getent passwd nobody
	refused "$1: who is nobody's" 2 getent passwd zoe
	same "$1: each stands once in the list" '1 1' \
		sh -c 'getent passwd >/tmp/all; echo $(grep -c ^anna: /tmp/all) $(grep -c ^lena: /tmp/all)'
}

for sources in 'files systemd hexa' 'files hexa systemd'; do
	# shellcheck disable=SC2086 # words
	order $sources
	all_answer "$sources"
	same "$sources: an address, to root" anna whose anna@example.org
	same "$sources: to others" nobody whose anna@example.org as nobody
	ok "$sources: anna logs in" $O/tests/pam/client sshd anna authenticate acct_mgmt open_session <<<$anna
	refused "$sources: her name is taken" 5 hexa_user lena technician $anna
done

# ---- who comes to have her uid there --------------------------------------------------------

order files systemd hexa
content="{\"userName\": \"otto\", \"uid\": $uid, \"gid\": $uid, \"disposition\": \"regular\"}"
echo "$content" >/etc/userdb/otto.user && ln -s otto.user "/etc/userdb/$uid.user"
has 'anna'\''s uid is otto'\''s: the doctor says so' "^error ids: systemd knows the uid $uid of anna as otto" \
	hexa-admin doctor
has 'so does user check' '^host: .*otto' hexa-admin user check anna --service sshd
lacks 'not of bob' otto hexa-admin user check bob --service sshd
rm "/etc/userdb/$uid.user" /etc/userdb/otto.user
lacks 'otto is gone' otto hexa-admin user check anna --service sshd

# ---- and nscd ------------------------------------------------------------------------------

nscd_start()
{
	mkdir -p /run/nscd /var/cache/nscd && nscd && await nscd -g
}

# It is told to end, and does later; one that starts before that finds it at work.
nscd_end()
{
	nscd -K && await none_of nscd
}

if command -v nscd >/dev/null; then
	for sources in 'files systemd hexa' 'files hexa systemd'; do
		# shellcheck disable=SC2086 # words
		order $sources
		need "nscd runs: $sources" nscd_start
		has 'and is asked' 'nscd/socket' strace -f -e trace=connect getent passwd anna
		all_answer "nscd, $sources"
		all_answer "nscd, $sources, remembered"
		same 'whose an address is it is not told' nobody whose anna@example.org as nobody
		same 'nor does it tell root' nobody whose anna@example.org
		has 'the doctor says what that costs' '^warning nscd: .*e-mail' hexa-admin doctor
		ok 'anna logs in' $O/tests/pam/client sshd anna authenticate acct_mgmt open_session <<<$anna
		ok 'a change' hexa-admin user edit anna --first-name "$RANDOM"
		same 'is told at once' "$(hexa-admin user list --filter name=anna --columns first-name --csv | tail -n 1) Berg" \
			sh -c 'getent passwd anna | cut -d: -f5'
		ok 'it is ended' nscd_end
	done
	need 'nscd without passwd' sed -i '/enable-cache[[:space:]]*passwd/s/yes/no/' /etc/nscd.conf
	need 'nscd runs' nscd_start
	same 'an address, to root' anna whose anna@example.org
	lacks 'which costs nothing' '^warning nscd' hexa-admin doctor
	same 'to others' nobody whose anna@example.org as nobody
	ok 'it is ended' nscd_end
else
	skip nscd 'it is not installed'
fi
