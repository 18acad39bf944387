# A screen locker: not root, one PAM handle for as many tries as it takes.  By way of the setuid helper it verifies
# its own user's password and nobody else's.

locker=$O/tests/pam/locker
anna=annas-Long-password-1
next=annas-Long-password-2
bob=bobs-Long-password-1
carl=carls-Long-password-1
root=roots-Long-password-1

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna' hexa_user anna technician $anna --email anna@example.org
need 'bob' hexa_user bob technician $bob --email bob@example.org
need 'a local user beside' local_user carl $carl
need 'root has a password' chpasswd <<<"root:$root"
# As its package would install it.
printf '@include common-auth\n@include common-account\n' >/etc/pam.d/locker

# locks USER LINE…: the locker of USER, given these
locks()
{
	as "$1" $locker < <(printf '%s\n' "${@:2}")
}
# for_another WHO USER LINE…: that of WHO, who says to be USER
for_another()
{
	as "$1" $locker locker "$2" < <(printf '%s\n' "${@:3}")
}
no='locked: Authentication failure'

# ---- the own password ----

same 'her own password unlocks' unlocked locks anna $anna
same 'at the fourth try too' "$no
$no
$no
unlocked" locks anna "$bob" '' "$anna$anna" $anna
logged 'each is in the log' 'hexa-pam-helper.*"anna" refused for service "locker".*wrong password'
ok 'bob may change his' answer "$bob $next $next" as bob passwd
same 'then that unlocks' unlocked locks bob $next
same 'a local user'\''s' unlocked locks carl $carl
same 'her own, by her address' unlocked for_another anna anna@example.org $anna
same 'root'\''s own program is asked for everybody' unlocked $locker locker anna <<<$anna

# ---- no other, and nobody else's ----

# All at once: who is refused waits two seconds.
tries=()
while IFS=, read -r who user password what; do
	for_another "$who" "$user" "$password" >"/tmp/try-${#tries[@]}" 2>&1 &
	tries+=("$!|$what: $who as $user")
done <<END
anna,anna,,no password
anna,anna,$next,another's password
anna,anna,x$anna,the own password, and more
bob,bob,$bob,a password of before
carl,carl,$anna,another's password
root,anna,$bob,another's password
anna,bob,$next,that one's password
anna,bob@example.org,$next,that one's password
anna,carl,$carl,that one's password
anna,root,$root,that one's password
anna,nobody-of-this-name,$anna,the own password
bob,anna,$anna,that one's password
carl,anna,$anna,that one's password
nobody,anna,$anna,that one's password
END
for i in "${!tries[@]}"; do
	refused "${tries[i]#*|}" 1 wait "${tries[i]%%|*}"
	lacks "${tries[i]#*|}: stays locked" unlocked cat "/tmp/try-$i"
	has "${tries[i]#*|}: and says so" '^locked: ' cat "/tmp/try-$i"
done

# ---- who may not log in ----

while IFS='|' read -r what leaves comes; do
	# shellcheck disable=SC2086 # words
	ok "$what" hexa-admin user $leaves
	refused "$what: her screen stays locked" 1 locks anna $anna
	# shellcheck disable=SC2086 # words
	ok "$what: no more" hexa-admin user $comes
	same "$what: it is unlocked" unlocked locks anna $anna
done <<'END'
suspended|suspend anna|resume anna
without a role|edit anna --clear roles|edit anna --add-role technician
END

# A screen that is locked all the while.
coproc screen { as anna $locker; }
# The shell forgets its descriptors with its end, which may come before its last line is read.
exec 5<&"${screen[0]}" 6>&"${screen[1]}"
# tries PASSWORD: in that one
tries()
{
	echo "$1" >&6 && read -r -t 60 -u 5 line && echo "$line"
}
same 'her screen is locked' "$no" tries $bob
ok 'anna is suspended' hexa-admin user suspend anna
same 'her screen stays locked' "$no" tries $anna
ok 'anna is back' hexa-admin user resume anna
ok 'with another password' hexa-admin user password anna --password-stdin <<<$next
same 'the old one is none' "$no" tries $anna
same 'the new one unlocks' unlocked tries $next
ok 'set back' hexa-admin user password anna --password-stdin <<<$anna

# ---- a bad day ----

unavailable='^locked: Authentication service cannot retrieve authentication info$'
told 'a helper that cannot become root says neither yes nor no' 1 "$unavailable" \
	as anna setpriv --no-new-privs $locker <<<$anna
mv /usr/libexec/hexa/hexa-pam-helper /tmp/kept
told 'nor does none' 1 "$unavailable" locks anna $anna
mv /tmp/kept /usr/libexec/hexa/hexa-pam-helper
same 'her own again' unlocked locks anna $anna
lacks 'no password in the log' 'Long-password' log
ok 'no process is left' within 20 none_of '(hexa-pam-helper|locker)'
