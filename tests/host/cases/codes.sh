# One-time codes: typed as the password, at every door; they let in once, and then a new password is set before
# anything else.

client=$O/tests/pam/client
anna=annas-Long-password-1
carl=carls-Long-password-1

need 'a new database, and the host switched on' hexa_enable
# So many passwords are verified here that each had better be cheap.
sed 's/^password: {/&argon2: {operations: 1, memory: 8MiB}, /' tests/host/policy.yaml >/tmp/policy.yaml
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'anna, who has a password' hexa_user anna technician $anna
need 'a local user beside' local_user carl $carl
need 'sshd' sshd_start
need 'anna has a key' authorize anna

# ---- somebody new ----

code_by 'nora is invited, and the code is printed alone' \
	hexa-admin user add nora --role technician --first-name Nora --last-name Berg --invite
need 'nora has a key' authorize nora
same 'who is not active yet' not-active verdict nora --service sshd
refused 'nor comes by key' 255 ssh_key nora
refused 'nor by su' 1 su nora -c true
new=noras-Long-password-1
told 'the code lets her set a password over ssh, on a terminal, and no more' 0 \
	'You must change your password now and login again' answer "$code $code $new $new" \
	ssh "${ssh_options[@]}" -o PreferredAuthentications=password -tt -l nora 127.0.0.1 touch /tmp/in
refused 'nothing was run' 1 test -e /tmp/in
same 'with that she is in' nora ssh_login nora $new whoami
same 'and active' nora ssh_key nora whoami
refused 'the code is no password any more' 255 ssh_login nora "$code"
has 'the journal says that it was she' ',code login,user,nora,status,invited,active$' \
	hexa-admin activity list --csv --user nora --actor nora
logged_code()
{
	log
	hexa-admin activity list --json
	hexa-admin user show nora --json
	hexa-admin user list --csv
}
lacks 'neither journal, log nor record has the code' "${code//-/-?}" logged_code

# ---- every door ----

# Everybody who gets a code is new, so that at the end all is asked for at once: a refusal takes two seconds.
people=0
changed=()
# somebody [ROLE]: $user, whose password is $old, gets $code, and will set $new
somebody()
{
	people=$((people + 1))
	user=user$people old=old-Long-password-$people new=new-Long-password-$people
	hexa_user $user "${1-technician}" $old || exit 1
	code_by "$user gets a code" hexa-admin user reset $user
}
# is_changed: $new is the password of $user, and neither $old nor $code is
is_changed()
{
	same "the new password is $user's" 'Password: 
authenticate: Success
acct_mgmt: Success' $client sshd $user authenticate acct_mgmt <<<$new
	changed+=("$user $old $code")
}
# refusals NAME USER:PASSWORD…: none of them is good, all at once
refusals()
{
	local name=$1 tries=() try
	shift
	for try; do
		$client sshd "${try%%:*}" authenticate <<<"${try#*:}" >/dev/null &
		tries+=("$!:$try")
	done
	for try in "${tries[@]}"; do
		refused "$name (${try#*:})" 1 wait "${try%%:*}"
	done
}
# prompted ANSWERS CMD…: ssh as $user, keyboard-interactive
prompted()
{
	answer "$1" ssh "${ssh_options[@]}" -o PreferredAuthentications=keyboard-interactive \
		-l $user 127.0.0.1 "${@:2}"
}
somebody
same 'the old password is good until there is a new one' $user ssh_login $user $old whoami
has 'ssh, keyboard-interactive, changes it and goes on' "^$user" prompted "$code $new $new" whoami
is_changed
somebody
has 'login does' "^$user" tty_login $user "$code $new $new" whoami
is_changed
somebody
has 'su does' "^$user" answer "$code $new $new" as carl su $user -c whoami
is_changed
somebody
has 'su - does' "^$user" answer "$code $new $new" as carl su - $user -c whoami
is_changed
somebody maintainer
has 'sudo does' '^0' answer "$code $new $new" as $user sudo -k id -u
is_changed
somebody
ok 'passwd takes it for the current password' answer "$code $new $new" as $user passwd
is_changed
somebody
ok 'and so does hexa-admin' answer "$code $new $new" as $user hexa-admin self password
is_changed
somebody
told 'ssh with a password, without a terminal, lets nobody in' 1 'no TTY available' \
	ssh_login $user "$code" touch /tmp/in
refused 'nothing was run' 1 test -e /tmp/in
refused 'and it is used up' 255 ssh_login $user "$code"
told 'the old one is good still, and asks for the change' 1 'acct_mgmt: .*new one required' \
	$client sshd $user authenticate acct_mgmt <<<$old
has 'which it is good for' "^$user" prompted "$old $new $new" whoami
is_changed

# ---- how it is typed ----

# entered TEXT: taken for a code, with which a new password is set
entered()
{
	printf '%s\n' "$1" "$new" "$new" | $client sshd $user authenticate chauthtok-expired
}
while IFS='|' read -r how script; do
	somebody
	ok "$how" entered "$(sed "$script" <<<"$code")"
	is_changed
done <<'END'
lower case|s/.*/\L&/
no dashes|s/-//g
lower case, no dashes|s/.*/\L&/; s/-//g
spaces for dashes|s/-/ /g
spaces all over|s/-//g; s/./& /g; s/^/ /
dashes elsewhere|s/-//g; s/.../&-/g
END
somebody
has 'with spaces, through a real door' "^$user" prompted "${code//-/ }"$'\n'"$new"$'\n'"$new" whoami
is_changed
somebody
refusals 'what is nearly one is none' "$user:${code%?}" "$user:${code}A" "$user:${code/-/.}" \
	"$user:A$code" "$user:${code%?}0" "$user:$code$old" "$user:"
ok 'but it is one still' entered "$code"
is_changed

# ---- once ----

somebody
: >/tmp/in
for i in {1..10}; do
	$client sshd $user authenticate <<<"$code" >/dev/null && echo "$i" >>/tmp/in &
	tries[i]=$!
done
for i in {1..10}; do
	wait "${tries[i]}"
done
same 'of ten at once it lets in one' 1 sh -c 'wc -l </tmp/in'

somebody
refused 'a change that is not gone through with lets nobody in' 255 prompted "$code" whoami
refused 'is no second login: ssh' 255 ssh_prompted $user "$code"
refused 'nor su' 1 answer "$code $new $new" as carl su $user -c whoami
ok 'but passwd goes on with it' answer "$code $new $new" as $user passwd
is_changed
somebody
told 'one that is left in the middle of it' 1 'acct_mgmt: .*new one required' \
	$client sshd $user authenticate acct_mgmt chauthtok-expired <<<"$code"
has 'the old password lets them in, to the change' "^$user" answer "$old $new $new" as carl su $user -c whoami
is_changed

# ---- new passwords that will not do ----

somebody
has 'it is asked again: too short, typed differently, and then a good one' "^$user" \
	answer "$code short short $new $new-other $new $new" as carl su $user -c whoami
is_changed
somebody
has 'the old password is not the new one' "^$user" prompted "$code $old $old $new $new" whoami
is_changed
somebody
refused 'three that will not do end it' 1 \
	answer "$code short short $user $user $old $old $new $new" as carl su $user -c whoami
refusals 'which changed nothing' $user:$new $user:short "$user:$code"
has 'and the old one lets them in, to the change' "^$user" answer "$old $new $new" as carl su $user -c whoami
is_changed

tries=()
for each in "${changed[@]}"; do
	read -r user old code <<<"$each"
	tries+=("$user:$old" "$user:$code")
done
refusals 'neither the old password nor the code is good after' "${tries[@]}"

# ---- time ----

user=anna
code_by 'a code that was made in time' at_time -7100 user reset anna
new=annas-Long-password-2
ok 'lets her in' entered "$code"
code_by 'a code whose two hours are up' at_time -7201 user reset anna
refusals 'lets nobody in' "anna:$code"
logged 'which the log calls what it looks like' '"anna".*wrong password'
refused 'nor is it good for passwd' 10 answer "$code $new-x $new-x" as anna passwd
code_by 'a new one' hexa-admin user reset anna
new=annas-Long-password-3
ok 'does' entered "$code"
code_by 'a code of now' hexa-admin user reset anna
ok 'with the clock three hours on' at_time 10800 user edit nora --note later
refusals 'lets nobody in when the clock is set back' "anna:$code"
code_by 'nor one that is of tomorrow' at_time 86400 user reset anna
refusals 'before its time' "anna:$code"
code_by 'a new one' hexa-admin user reset anna
new=annas-Long-password-4
ok 'does again' entered "$code"

# ---- what voids a code, and what does not ----

# Each has a user of their own, so that all are tried at once.
tried=()
while IFS='|' read -r result what command; do
	user=void${#tried[@]}
	hexa_user "$user" technician users-Long-password-1 >/dev/null 2>&1
	code_by "$what: a code" hexa-admin user reset "$user"
	ok "$what: done" sh -c "${command//NAME/$user}"
	$client sshd "$user" authenticate <<<"$code" >/dev/null &
	tried+=("$!|$result|$what")
done <<'END'
1|a newer code|hexa-admin user reset NAME
1|an invitation|hexa-admin user invite NAME
1|a password by an administrator|echo other-Long-password-1 | hexa-admin user password NAME --password-stdin
1|a password by root|echo NAME:other-Long-password-1 | chpasswd
1|suspended and resumed|hexa-admin user suspend NAME && hexa-admin user resume NAME
1|revoked and restored|hexa-admin user revoke NAME && hexa-admin user restore NAME
1|without a role meanwhile|hexa-admin user edit NAME --clear roles && hexa-admin user edit NAME --add-role technician
1|another type meanwhile|hexa-admin user edit NAME --type system && hexa-admin user edit NAME --type employee
1|another's|hexa-admin user suspend NAME && hexa-admin user resume NAME
0|nothing|true
0|a note|hexa-admin user edit NAME --note hello
0|one role of two|hexa-admin user edit NAME --add-role visitor && hexa-admin user edit NAME --remove-role visitor
0|a code for somebody else|hexa-admin user reset nora
0|another policy|hexa-admin policy show | hexa-admin policy apply -
END
for try in "${tried[@]}"; do
	IFS='|' read -r pid result what <<<"$try"
	refused "$what: the code is $([ "$result" = 0 ] && echo good || echo void)" "$result" wait "$pid"
done
refused 'another'\''s code is nobody'\''s' 1 $client sshd anna authenticate <<<"$code"

# ---- whom, and what, a code does not let in ----

user=anna
code_by 'anna has one' hexa-admin user reset anna
refused 'a screen stays locked' 1 as anna $O/tests/pam/locker sshd <<<"$code"
ok 'anna has no role that logs in' hexa-admin user edit anna --add-role visitor --remove-role technician
refused 'the code of who may not log in' 1 $client sshd anna authenticate <<<"$code"
logged 'is refused for that' '"anna" refused.*no role of anna'
ok 'a role that does' hexa-admin user edit anna --add-role technician
new=annas-Long-password-5
ok 'then it does, for it was not used up' entered "$code"
need 'a machine' hexa-admin user add feed --type integration --role technician --first-name F --last-name B
refused 'is not invited' 1 hexa-admin user invite feed
refused 'nor reset' 1 hexa-admin user reset feed

# ---- guessing ----

sed -i '/^lockout:/s/{.*}/{failures: 3}/' /tmp/policy.yaml
ok 'a policy that locks out' hexa-admin policy apply /tmp/policy.yaml
code_by 'anna has a code' hexa-admin user reset anna
new=annas-Long-password-6
refusals 'a wrong one' "anna:${code%?????}-ABCD" "anna:${code%?????}-ABCE" "anna:${code%?????}-ABCF"
refused 'then the right one is none' 1 $client sshd anna authenticate <<<"$code"
same 'her key is no matter of that' anna ssh_key anna whoami
code_by 'a new code forgets them' hexa-admin user reset anna
ok 'and is good' entered "$code"
lacks 'no password in the log' 'Long-password' log
same_sshd 'all through, sshd is the same process'
