# Keys that Hexa keeps, through a real sshd that asks hexa-authorized-keys as nobody: whoever is active and may log in
# comes in by them, and what is taken away is away with the next login.

password=some-Long-password-1
program=/usr/libexec/hexa/hexa-authorized-keys
own=/etc/ssh/own-keys

# make USER: a key of theirs, which sshd knows nothing of
make()
{
	mkdir -p $own && ssh-keygen -q -t ed25519 -N '' -C "$1@laptop" -f $own/"$1"
}

# by_key NAME KEY [OPTION…] [-- CMD…]: a login as NAME with the key that was made for KEY
by_key()
{
	local name=$1 key=$2 options=()
	shift 2
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	[ $# -gt 0 ] || set -- -- true
	ssh "${ssh_options[@]}" -o PreferredAuthentications=publickey -o IdentitiesOnly=yes -i $own/"$key" \
		"${options[@]}" -l "$name" 127.0.0.1 "${@:2}" </dev/null
}

# line OPTIONS KEY: the public key with options before it, as a file
line()
{
	echo "$1 $(cat $own/"$2".pub)" >/tmp/line.pub && echo /tmp/line.pub
}

# any: a public key that nobody has the other half of
any()
{
	echo "ssh-ed25519 $({ printf '\0\0\0\013ssh-ed25519\0\0\0\040'; head -c 32 /dev/urandom; } | base64 -w 0)"
}

fingerprint()
{
	ssh-keygen -lf $own/"$1".pub | cut -d' ' -f2
}

# lines USER: how many sshd would be given
lines()
{
	as nobody $program "$1" | wc -l
}

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna may log in' hexa_user anna technician $password --email anna@example.org
need 'bob holds a role that may not' hexa_user bob visitor $password
need 'many' hexa_user many technician $password
need 'lena is the host'\''s own' local_user lena $password
for user in anna bob many lena; do
	need "$user has a key" make $user
done
sshd_extra="AuthorizedKeysCommand $program %u
AuthorizedKeysCommandUser nobody"
need 'sshd' sshd_start

# ---- nobody else's process looks into it ----

# A daemon may run as nobody too, and what is printed is taken for whoever logs in, root among them.
same 'none but root reads the program' '711 root:root' stat -c '%a %U:%G' $program
mkfifo -m 666 /tmp/hold
printf '#!/bin/sh\nexec cat /tmp/hold\n' >/usr/local/bin/held && chmod 755 /usr/local/bin/held
as nobody $program --chain /usr/local/bin/held anna >/tmp/held.keys &
held=$!
need 'one is at work' await pgrep -u nobody -x hexa-authorized
pid=$(pgrep -u nobody -x hexa-authorized | head -n 1)
need 'and waits for the other command' await pgrep -u nobody -x cat
other=$(pgrep -u nobody -x cat)
refused 'nothing is put into what it prints' 2 as nobody sh -c "true >>/proc/$pid/fd/1"
ok 'into a process that they may look into it is' as nobody sh -c "true >>/proc/$other/fd/1"
echo >/tmp/hold
ok 'it comes to its end' wait $held


# ---- who comes in ----

refused 'a key that nobody was told of' 255 by_key anna anna
ok 'anna'\''s is added' hexa-admin key add anna $own/anna.pub
same 'then she is in' anna by_key anna anna -- whoami
refused 'with another'\''s she is not' 255 by_key anna bob
refused 'nor anybody else with hers' 255 by_key many anna
same 'by her address too' anna by_key anna@example.org anna -- whoami
ok 'bob'\''s is added' hexa-admin key add bob $own/bob.pub
same 'sshd is given it' 1 lines bob
refused 'no permission: the key is right, the account is not' 255 by_key bob bob
logged 'and the log says why' 'sshd:account.*"bob" refused .*permission'
ok 'bob is given a role that may' hexa-admin user edit bob --add-role technician
same 'then he is in' bob by_key bob bob -- whoami

# ---- what ends, ends at once ----

ok 'anna is suspended' hexa-admin user suspend anna
refused 'she is out at once' 255 by_key anna anna
same 'sshd is given nothing' 0 lines anna
ok 'she is back' hexa-admin user resume anna
same 'and in' anna by_key anna anna -- whoami
ok 'her key is removed' hexa-admin key remove anna "$(fingerprint anna)"
refused 'it opens nothing' 255 by_key anna anna
ok 'it is added again' hexa-admin key add anna $own/anna.pub
same 'and does' anna by_key anna anna -- whoami
ok 'her time is up' hexa-admin user edit anna --valid-until 2020-01-01
refused 'she is out' 255 by_key anna anna
same 'sshd is given nothing then' 0 lines anna
ok 'it is not' hexa-admin user edit anna --clear valid-until
same 'she is in' anna by_key anna anna -- whoami
ok 'it has not begun' hexa-admin user edit anna --valid-from 2199-01-01
refused 'she is not in yet' 255 by_key anna anna
ok 'it has' hexa-admin user edit anna --clear valid-from
ok 'anna loses her role' hexa-admin user edit anna --remove-role technician
refused 'the key is still hers, the account is not' 255 by_key anna anna
ok 'and has it back' hexa-admin user edit anna --add-role technician
ok 'she has a new name' hexa-admin user rename anna anne
refused 'the old one is nobody'\''s' 255 by_key anna anna
same 'the new one has her key' anne by_key anne anna -- whoami
ok 'bob is deleted' hexa-admin --yes user delete bob
refused 'and out' 255 by_key bob bob

# ---- options are obeyed ----

again()
{
	hexa-admin key remove anne "$(fingerprint anna)" && hexa-admin key add anne "$(line "$1" anna)"
}

ok 'from elsewhere only' again 'from="192.0.2.0/24,!127.0.0.1"'
refused 'from here it opens nothing' 255 by_key anne anna
ok 'from here' again 'from="127.0.0.0/8"'
same 'it does' anne by_key anne anna -- whoami
ok 'for a while that is over' again 'expiry-time="20200101Z"'
refused 'it opens nothing any more' 255 by_key anne anna
ok 'for one that is not' again 'expiry-time="21990101Z"'
same 'it does still' anne by_key anne anna -- whoami
has 'a terminal, as long as it has no options' '^/dev/pts/' by_key anne anna -tt -- tty
ok 'restricted' again 'restrict'
told 'then there is none' 255 'PTY allocation request failed' by_key anne anna -tt -- tty
same 'it goes on otherwise' anne by_key anne anna -- whoami

# ---- very many ----

for ((i = 0; i < 499; i++)); do
	any >/tmp/any.pub
	hexa-admin key add many /tmp/any.pub || break
done
ok 'five hundred keys' hexa-admin key add many $own/many.pub
same 'they are all there' 500 lines many
same 'one of them lets in' many by_key many many -- whoami
not_logged 'and sshd finds no fault with how the program ended' 'AuthorizedKeysCommand.*(failed|signal|status)'

# ---- the host's own, and damage ----

same 'sshd is given nothing for root' 0 lines root
same 'nor for a user of the host'\''s' 0 lines lena
ok 'who keeps a key as ever' install -D -o lena -m 600 $own/lena.pub /home/lena/.ssh/authorized_keys
same 'and is in by it' lena by_key lena lena -- whoami
directory=/var/lib/hexa/directory/directory.mdb
cp $directory /tmp/well
head -c 6000 /tmp/well >/tmp/cut && mv /tmp/cut $directory && chmod 644 $directory
same 'a damaged directory: nothing, and no fault' 0 lines anne
logged 'but a line in the log' 'hexa-authorized-keys.*(damaged|cannot be read)'
same 'the host'\''s own come in all the same' lena by_key lena lena -- whoami
mv $directory /tmp/cut
same 'no directory at all' 0 lines anne
mv /tmp/well $directory && chmod 644 $directory
same 'it is back' anne by_key anne anna -- whoami
same_sshd 'all that while sshd ran on'
