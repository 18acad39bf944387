# Users come by their e-mail address and their phone number where the policy says so, at every service that has
# them typed; PAM_USER stays what was typed, and the session is that of the user.

anna=annas-Long-password-1
bob=bobs-Long-password-1
carl=carls-Long-password-1
address=Anna.Berg@Example.org
number=+46701234567

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna' hexa_user anna technician $anna --email anna.berg@example.org --phone $number
need 'bob' hexa_user bob technician $bob --email bob@example.org --phone +46701234568
need 'a local user beside' local_user carl $carl
need 'sshd' sshd_start
need 'anna has a key' authorize anna

install -d -o anna -g anna /home/anna

# Behind Hexa, in the stacks of sshd, su and login, a module that notes PAM_USER in each phase.
cat >/usr/local/sbin/note-phase <<'END'
#!/bin/sh
echo "$PAM_SERVICE $PAM_TYPE $PAM_USER" >>/tmp/phases
END
chmod 755 /usr/local/sbin/note-phase
# The stack of su-l includes that of su.
for service in sshd su login; do
	for phase in auth account open_session; do
		echo "${phase#open_} optional pam_exec.so quiet type=$phase /usr/local/sbin/note-phase" >>/etc/pam.d/$service
	done
done
# in_phases NAME SERVICE PHASE…: those that were noted since the last time, in order, each with this NAME
in_phases()
{
	same "PAM_USER: $2, $1" "$(printf "$2 %s $1\n" "${@:3}")" cat /tmp/phases
	: >/tmp/phases
}
: >/tmp/phases
chmod 666 /tmp/phases

# by_key NAME CMD…: with anna's key, whatever she calls herself
by_key()
{
	ssh "${ssh_options[@]}" -o PreferredAuthentications=publickey -o IdentitiesOnly=yes \
		-i "$keys/anna" -l "$1" 127.0.0.1 "${@:2}" </dev/null
}
who='echo $(id -un) $(id -gn) $USER $LOGNAME $HOME'
her='anna anna anna anna /home/anna'

# ---- every service ----

for name in anna $address $number; do
	same "sshd: $name" "$her" ssh_login $name $anna "$who"
	in_phases $name sshd auth account open_session
	same "sshd, prompted: $name" "$her" ssh_prompted $name $anna "$who"
	in_phases $name sshd auth account open_session
	same "sshd, by key: $name" "$her" by_key $name "$who"
	in_phases $name sshd account open_session
	has "login: $name" "^$her" tty_login $name $anna "$who"
	in_phases $name login auth account open_session
	# su(1) looks the name up itself, and from there on speaks of the user.
	has "su: $name" "^$her" answer $anna as carl su $name -c "$who"
	in_phases anna su auth account open_session
	has "su -: $name" "^$her" answer $anna as carl su - $name -c "$who"
	in_phases anna su-l auth account open_session
	same "su by root: $name" "$her" su $name -c "$who"
	in_phases anna su account open_session
done
refused "sshd: a wrong password for $address" 255 ssh_login $address $bob
refused "login: a wrong password for $number" 1 tty_login $number $bob "$who"
refused "su: a wrong password for $address" 1 answer $bob as carl su $address -c "$who"
: >/tmp/phases

# ---- whom the policy lets come so ----

# setting TEXT: the policy with this for its line "login:"
setting()
{
	{ cat tests/host/policy.yaml && echo "login: $1"; } | hexa-admin policy apply -
}
# comes NAME, stays_out NAME: by each way.  (su looks up whom it is run for, and logs in the user.)
comes()
{
	same "sshd: $1" anna ssh_login "$1" $anna whoami
	same "sshd, by key: $1" anna by_key "$1" whoami
	has "login: $1" '^anna' tty_login "$1" $anna whoami
}
stays_out()
{
	refused "sshd: not $1" 255 ssh_login "$1" $anna
	refused "sshd, by key: not $1" 255 by_key "$1" true
	refused "login: not $1" 1 tty_login "$1" $anna whoami
}
ok 'no login by address' setting '{email: no}'
stays_out $address
comes $number
ok 'no login by number' setting '{phone: no}'
stays_out $number
comes $address
ok 'by neither' setting '{email: no, phone: no}'
refused "sshd, by key: not $address" 255 by_key $address true
refused "sshd, by key: not $number" 255 by_key $number true
comes anna
ok 'by both again' setting '{email: yes, phone: yes}'
comes $number

# ---- whose it is ----

ok 'the address is bob'\''s now' sh -c 'hexa-admin user edit anna --email anna.b@example.org &&
	hexa-admin user edit bob --email anna.berg@example.org --yes'
same 'it is his login' bob ssh_login $address $bob whoami
refused 'and not hers' 255 ssh_login $address $anna
same 'nor has her key a place in it' anna by_key anna.b@example.org whoami
refused 'which is seen' 255 by_key $address true
ok 'anna is suspended' hexa-admin user suspend anna
for name in anna anna.b@example.org $number; do
	refused "sshd, by key: not $name" 255 by_key $name true
	refused "su by root: not $name" 1 su $name -c true
done
ok 'anna is back' hexa-admin user resume anna
same 'and in' anna ssh_login $number $anna whoami

# What only looks like one is nobody's.
for name in anna@ @example.org anna.b@example.org@ +46701234567x ++46701234567 0046701234567 \
	anna.b@example.org.; do
	refused "no such name: $name" 255 by_key "$name" true
done
same_sshd 'all through, sshd is the same process'
