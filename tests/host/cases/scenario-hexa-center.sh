# Hexa Center: everybody is in one list, and one permission, whichever, lets its holders in.
# The number before a check is the row of that system that it shows.

mona=monas-Long-password-1
rosa=rosas-Long-password-1
rita=ritas-Long-password-1
tim=tims-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset hexa-center
need 'sshd' sshd_start
need 'a user manager' hexa_user mona user-manager $mona --email mona@example.org

# listed [--OPTION V…]: the overview that mona has, a user a line
listed()
{
	behind_sudo mona user list --csv "$@" | sed 1d
}

# how_many: users there are
how_many()
{
	listed --columns name | wc -l
}

# takes_on NAME ROLE [--FIELD V…]: mona makes a user, who comes by key
takes_on()
{
	behind_sudo mona user add "$1" --role "$2" --first-name "${1^}" --last-name Berg "${@:3}" &&
		authorize "$1"
}

# field NAME FIELD: what mona sees in it
field()
{
	behind_sudo mona user show "$1" | sed -n "s/^$2  *//p"
}

# own USER VERB…: what users do with their own account, without sudo
own()
{
	as "$1" hexa-admin self "${@:2}"
}

# ---- 1.3: who may, by what the host was given when it was switched on ----

told '1.3 the user manager comes to the users by ssh and sudo, with her password' 0 '^mona\b' \
	ssh_sudo mona $mona hexa-admin user list --columns name
told '1.3 and to nothing else' 1 'not allowed to execute' ssh_sudo mona $mona id
need '1.3 from here on sudo asks nobody' sudo_hexa_admin

# ---- 1.6: role, first and last name, and no more ----

same '1.6 a user of role, first and last name: the name is made up, and printed' aoberg \
	behind_sudo mona user add --role practitioner --first-name Åsa --last-name Öberg
same '1.6 it is theirs' 'aoberg,practitioner,Åsa,Öberg' \
	listed --filter name=aoberg --columns name,roles,first-name,last-name
has '1.6 and the host knows it' '^aoberg:.*:Åsa Öberg:' as nobody getent passwd aoberg
same '1.6 another of these names' aoberg2 \
	behind_sudo mona user add --role practitioner --first-name Åsa --last-name Öberg
before=$(how_many)
told '1.6 the role is required' 6 '--role is required' \
	behind_sudo mona user add --first-name Ina --last-name Berg
told '1.6 the first name is' 6 'first-name is required' \
	behind_sudo mona user add --role practitioner --last-name Berg
told '1.6 the last name is' 6 'last-name is required' \
	behind_sudo mona user add --role practitioner --first-name Ina
same '1.6 which made nobody' "$before" how_many
same '1.6 with all three' iberg \
	behind_sudo mona user add --role practitioner --first-name Ina --last-name Berg
same '1.6 somebody is made' $((before + 1)) how_many
authorize aoberg
same '1.6 who is let in, as 1.7 says' aoberg ssh_key aoberg whoami

# ---- 1.1: employees and clients; the role decides who logs in ----

need '1.1 an employee of a role that logs in' takes_on pete practitioner
need '1.1 one of a role that does not' takes_on emil employee
need '1.1 a client of a role that does not' takes_on carl client --type client \
	--email carl@example.org --phone +31600000101
need '1.1 one of a role that does' takes_on clio portal-client --type client \
	--email clio@example.org --phone +31600000102
same '1.1 this employee logs in' pete ssh_key pete whoami
refused '1.1 this one does not' 255 ssh_key emil
refused '1.1 the client does not' 255 ssh_key carl
same '1.1 for want of a permission' no-permission verdict carl --service sshd
same '1.1 the other, by the role, does' clio ssh_key clio whoami
for user in emil carl; do
	has "1.1 the host knows $user all the same" "^$user:" getent passwd $user
done

# ---- 1.2: one overview ----

need '1.2 one more' takes_on rosa receptionist --email rosa@example.org --phone +31600000103
ok '1.2 is suspended' behind_sudo mona user suspend rosa
same '1.2 all are in it, employees and clients, with access and without' \
'mona,employee,active,user-manager
aoberg,employee,active,practitioner
aoberg2,employee,active,practitioner
iberg,employee,active,practitioner
pete,employee,active,practitioner
emil,employee,active,employee
carl,client,active,client
clio,client,active,portal-client
rosa,employee,suspended,receptionist' listed --columns name,type,status,roles
ok '1.2 and resumed' behind_sudo mona user resume rosa
same '1.2 then it says so' rosa,active listed --columns name,status --filter name=rosa

# ---- 1.3: and who may not ----

need '1.3 a role that has nothing to do with users' behind_sudo mona role add visitor \
	--title Visitor --permission programs.view
told '1.3 whose Unix group mona has not, and what to do' 4 'role edit visitor --group no' takes_on vic visitor
ok '1.3 it is done' behind_sudo mona role edit visitor --group no
need '1.3 somebody who holds it' takes_on vic visitor
same '1.3 logs in' vic ssh_key vic whoami
while read -r line; do
	# shellcheck disable=SC2086 # words
	told "1.3 and cannot even view users: $line" 4 'vic may not do this' behind_sudo vic $line
done <<-'END'
	user list
	user list --search vic
	user list --filter name=vic --json
	user show pete
	user show vic
	user check pete
	user export
	role members practitioner
	who-can dossiers.view
	can pete dossiers.view
	document list
	activity list
	activity list --user vic
END
ok '1.3 who may see roles' behind_sudo mona user edit vic --grant hexa.roles.view
ok '1.3 sees them' behind_sudo vic role show practitioner
while read -r line; do
	# shellcheck disable=SC2086 # words
	told "1.3 and no users: $line" 4 'vic may not do this: it needs hexa\.users\.view' behind_sudo vic $line
done <<-'END'
	user list
	user show pete
	user check pete
	role members practitioner
END
ok '1.3 vic is granted View users' behind_sudo mona user edit vic --grant hexa.users.view
for line in 'user list' 'user show pete' 'user check pete' 'role members practitioner'; do
	# shellcheck disable=SC2086 # words
	told "1.3 and views them: $line" 0 '\bpete\b|^allowed' behind_sudo vic $line
done
for user in vic rosa pete; do
	told "1.3 $user, who may view, does not edit" 4 "$user may not do this: it needs hexa\.users\.edit" \
		behind_sudo $user user edit emil --profession Gardener
done
same '1.3 nothing came of it' '' field emil profession
ok '1.3 who may edit does' behind_sudo mona user edit emil --profession Gardener --first-name Emile \
	--email emil@example.org --phone +31600000104 --unit /garden --note 'in the mornings'
same '1.3 which stands' 'Emile emil@example.org +31600000104 Gardener' \
	sh -c "hexa-admin user list --csv --filter name=emil --columns first-name,email,phone,profession |
		sed 1d | tr , ' '"
has '1.3 and everybody sees it' '^emil:.*:Emile Berg:' as nobody getent passwd emil
need '1.3 a system administrator' key_user root1 system-administrator
told '1.3 who has more than one has is not edited' 4 'root1 has every permission.*which you have not' \
	behind_sudo mona user edit root1 --note x
ok '1.3 but edits' behind_sudo root1 user edit mona --note 'since March'

# ---- 1.4: the own profile ----

told '1.4 rosa sees her own profile over ssh' 0 '^name +rosa$' ssh_key rosa /usr/sbin/hexa-admin self show
for user in rosa pete clio; do
	told "1.4 $user sees the own profile" 0 "^name +$user\$" own $user show
	ok "1.4 and updates it" own $user edit --last-name Bergman
	same "1.4 others see that" Bergman field $user last-name
done
has '1.4 and who did it' '\brosa +.*self edit +user +rosa +last-name +Berg +Bergman' \
	behind_sudo mona activity list --actor rosa
told '1.4 the screen for other users is not for one'\''s own' 4 'this is your own account' \
	behind_sudo mona user edit mona --profession Manager
ok '1.4 the own profile is' own mona edit --profession Manager
same '1.4 and it stands' Manager field mona profession
told '1.4 a role, which gives access, is not in it' 4 'nobody changes this of their own account' \
	own rosa edit --add-role user-manager

# ---- 1.5: nobody changes the own e-mail and phone ----

need '1.5 rosa has a password' behind_sudo mona user password rosa --password-stdin <<<$rosa
same '1.5 and logs in with her address' rosa ssh_login rosa@example.org $rosa whoami
for field in email=pete@example.org phone=+31600000105; do
	for user in rosa pete clio; do
		told "1.5 $user does not change the own ${field%=*}" 4 \
			"${field%=*}: nobody changes this of their own account" \
			own $user edit --${field%=*} ${field#*=}
	done
	told "1.5 nor takes it away: ${field%=*}" 4 'nobody changes this of their own account' \
		own rosa edit --clear ${field%=*}
	for user in mona root1; do
		told "1.5 $user, who may edit users, neither: ${field%=*}" 4 'this is your own account' \
			behind_sudo $user user edit $user --${field%=*} ${field#*=}
	done
done
same '1.5 all is as it was' 'rosa@example.org,+31600000103' listed --filter name=rosa --columns email,phone
told '1.5 what somebody has is nobody else'\''s' 5 'rosa@example.org' \
	behind_sudo mona user edit pete --email Rosa@example.org
ok '1.5 another editor changes them' behind_sudo mona user edit rosa --email rosa.b@example.org \
	--phone +31600000106
same '1.5 then she logs in with the new address' rosa ssh_login rosa.b@example.org $rosa whoami
refused '1.5 and no longer with the old' 255 ssh_login rosa@example.org $rosa
same '1.5 but with the new' rosa ssh_login +31600000106 $rosa whoami
told '1.5 nobody takes the old one over at once' 5 'given up a short while ago' \
	behind_sudo mona user edit pete --email rosa@example.org
ok '1.5 mona'\''s is changed by another too' behind_sudo root1 user edit mona --email mona.b@example.org

# ---- 1.7: a role with a permission lets in, one without does not ----

need '1.7 a receptionist is made, who may view users and nothing else' \
	hexa_user rita receptionist $rita
same '1.7 she has access at once' rita ssh_login rita $rita whoami
same '1.7 by any service, for the policy names none' rita su rita -c whoami
need '1.7 an employee is made' key_user emma employee
refused '1.7 whose role has no permission' 255 ssh_key emma
logged '1.7 and the log says so' '"emma" refused.*emma'
same '1.7 user check too' no-permission verdict emma --service sshd
refused '1.7 nor by another service' 1 su emma -c true
need '1.7 emma gets another role' hexa-admin user edit emma --add-role receptionist
same '1.7 and is in' emma ssh_key emma whoami

need '1.7 a role without permissions' hexa-admin role add trainee --title Trainee
need '1.7 a trainee' hexa_user tim trainee $tim
need '1.7 with a key too' authorize tim
refused '1.7 is refused, by password' 255 ssh_login tim $tim
refused '1.7 and by key' 255 ssh_key tim
ok '1.7 the role gets View users' hexa-admin role edit trainee --add-permission hexa.users.view
same '1.7 he is in, by password' tim ssh_login tim $tim whoami
same '1.7 and by key' tim ssh_key tim whoami
ok '1.7 and a second permission' hexa-admin role edit trainee --add-permission programs.view
ok '1.7 the first is taken away' hexa-admin role edit trainee --remove-permission hexa.users.view
same '1.7 he is still in' tim ssh_key tim whoami
ok '1.7 the last is taken away' hexa-admin role edit trainee --remove-permission programs.view
refused '1.7 he is out, by key' 255 ssh_key tim
refused '1.7 and by password' 255 ssh_login tim $tim
same_sshd '1.7 all through, sshd is the same process'

# The preset promises, in its own tests, that employees do not log in.
has '1.7 who gives the role employee a permission is told of what was promised' \
	'role employee cannot log in' hexa-admin role edit employee --add-permission hexa.users.view
ok '1.7 which is then so' hexa-admin can emma hexa.users.view
ok '1.7 it is taken away' hexa-admin role edit employee --remove-permission hexa.users.view
ok '1.7 and the promise is kept' hexa-admin policy test

# ---- 1.8: login by e-mail or phone number ----

anna=annas-Long-password-1
need '1.8 anna' hexa_user anna practitioner $anna --email anna@example.org --phone +31612345678
need '1.8 who has a key' authorize anna
# ssh_at ADDRESS@HOST ANSWERS CMD…: as people type it
ssh_at()
{
	answer "$2" ssh "${ssh_options[@]}" -o PubkeyAuthentication=no "$1" "${@:3}"
}
for name in anna@example.org +31612345678 ANNA@Example.ORG; do
	has "1.8 ssh $name@host" '^anna' ssh_at $name@127.0.0.1 $anna whoami
	same "1.8 $name, prompted" anna ssh_prompted $name $anna whoami
	same "1.8 $name, by key" anna \
		ssh "${ssh_options[@]}" -o IdentitiesOnly=yes -i $keys/anna -l $name 127.0.0.1 whoami
	has "1.8 $name, at the console" '^anna' tty_login $name $anna whoami
	has "1.8 $name, by su" '^anna' answer $anna as rosa su $name -c whoami
done
refused '1.8 with another'\''s password' 255 ssh_login anna@example.org $rosa
refused '1.8 by an address of nobody' 255 ssh_login anne@example.org $anna
refused '1.8 by a number of nobody' 255 ssh_login +31612345679 $anna
need '1.8 clients too' takes_on cleo portal-client --type client --email cleo@example.org --phone +31600000108
ok '1.8 with a password' behind_sudo mona user password cleo --password-stdin <<<cleos-Long-password-1
same '1.8 by address' cleo ssh_login cleo@example.org cleos-Long-password-1 whoami
same '1.8 by number' cleo ssh_login +31600000108 cleos-Long-password-1 whoami
ok '1.8 the policy says no' sh -c 'hexa-admin policy show | sed "/^login:/,/^\$/d" >/tmp/login.yaml &&
	{ cat /tmp/login.yaml; echo "login: {email: no}"; } | hexa-admin policy apply -'
refused '1.8 then not by address' 255 ssh_login anna@example.org $anna
same '1.8 and by number still' anna ssh_login +31612345678 $anna whoami
ok '1.8 and yes again' hexa-admin policy apply /tmp/login.yaml
same '1.8 then by address' anna ssh_login anna@example.org $anna whoami

# ---- 1.9: cannot log in? ----

need '1.9 pia, who logs in' takes_on pia portal-client --type client --email pia@example.org \
	--phone +31600000109
same '1.9 does' pia ssh_key pia whoami

# mended_by COMMAND…: the command that user check printed is this, and it is run
mended_by()
{
	local mend
	mend=$(behind_sudo mona user check pia --service sshd | sed -n 's/^  try: hexa-admin //p')
	[ "$mend" = "$1" ] || { echo "not \`$1' but \`$mend'"; return 1; }
	# What the reader has to fill in.
	mend=${mend/ROLE/portal-client} mend=${mend/NUMBER/+31600000109}
	# shellcheck disable=SC2086 # words
	behind_sudo mona ${mend/ADDRESS/pia@example.org}
}
while IFS='|' read -r cause broken mend; do
	# shellcheck disable=SC2086 # words
	ok "1.9 $cause: $broken" behind_sudo mona $broken
	refused "1.9 $cause: pia cannot log in" 255 ssh_key pia
	logged "1.9 $cause: the log says so" '"pia" refused for service "sshd"'
	same "1.9 $cause: user check names it" "$cause" verdict pia --service sshd
	ok "1.9 $cause: and what mends it" mended_by "$mend"
	same "1.9 $cause: which does" pia ssh_key pia whoami
done <<'END'
no-role|user edit pia --remove-role portal-client|user edit pia --add-role ROLE
no-contact|user edit pia --clear phone|user edit pia --phone NUMBER
not-active|user suspend pia|user resume pia
not-active|user revoke pia|user restore pia
expired|user edit pia --valid-until 2026-01-01|user edit pia --clear valid-until
END
# Whoever inherits a role has it no more when it is disabled, and gives nobody what they have not.
told '1.9 role-disabled: role disable portal-client, which says who can enable it' 0 \
	'to enable it again takes somebody' behind_sudo mona role disable portal-client
refused '1.9 role-disabled: pia cannot log in' 255 ssh_key pia
same '1.9 role-disabled: user check names it' role-disabled verdict pia --service sshd
has '1.9 role-disabled: and what mends it' 'try: hexa-admin role enable portal-client' \
	behind_sudo mona user check pia --service sshd
refused '1.9 role-disabled: not by mona, who inherits it' 4 behind_sudo mona role enable portal-client
ok '1.9 role-disabled: by who has everything' behind_sudo root1 role enable portal-client
same '1.9 role-disabled: which does' pia ssh_key pia whoami
told '1.9 a typo in the address of a client is for the one to mend who set the host up' 1 \
	'not changed.*root may insist with --yes' behind_sudo mona user edit clio --email clio.b@example.org
ok '1.9 who insists' hexa-admin user edit clio --email clio.b@example.org --yes
same '1.9 then it is another' clio.b@example.org field clio email
for typo in pia@example pia@exam,ple.org pia.example.org 'pia @example.org' pia@@example.org; do
	told "1.9 a typo in the address is seen when it is entered: $typo" 6 '^hexa-admin: email: expected' \
		behind_sudo mona user edit carl --email "$typo"
done
for typo in 0612345678 +3161234567x +31 '+31 6 1234'; do
	told "1.9 and one in the number: $typo" 6 '^hexa-admin: phone: expected' \
		behind_sudo mona user edit carl --phone "$typo"
done
same '1.9 nothing came of them' 'carl@example.org,+31600000101' listed --filter name=carl --columns email,phone

# ---- 1.12: a client with an address, a number and a permission logs in ----

need '1.12 a client with neither' takes_on nel portal-client --type client
need '1.12 with an address alone' takes_on noa portal-client --type client --email noa@example.org
need '1.12 with a number alone' takes_on nia portal-client --type client --phone +31600000112
for user in nel noa nia; do
	refused "1.12 $user is not let in" 255 ssh_key $user
	logged "1.12 $user: the log says why" "\"$user\" refused.*client without a valid"
	same "1.12 $user: so does user check" no-contact verdict $user --service sshd
done
ok '1.12 nel gets both' behind_sudo mona user edit nel --email nel@example.org --phone +31600000113
ok '1.12 noa the number' behind_sudo mona user edit noa --phone +31600000114
ok '1.12 nia the address' behind_sudo mona user edit nia --email nia@example.org
for user in nel noa nia; do
	same "1.12 $user is in" $user ssh_key $user whoami
done
ok '1.12 a number that is taken away' behind_sudo mona user edit noa --clear phone
refused '1.12 takes the login along' 255 ssh_key noa
ok '1.12 a role without a permission' behind_sudo mona user edit nel --add-role client --remove-role portal-client
refused '1.12 is not enough' 255 ssh_key nel
same '1.12 as user check says' no-permission verdict nel --service sshd
same '1.12 an employee needs neither' aoberg ssh_key aoberg whoami

# ---- 1.11: dossiers ----

install -d -o pete -g pete /srv/pete
as pete sh -c 'echo "what carl said" >/srv/pete/intake; echo "how it goes" >/srv/pete/course'
same '1.11 a dossier gets a number' 1 behind_sudo pete document add carl /srv/pete/intake --kind dossier \
	--title Intake --date 2026-03-02
same '1.11 another the next' 2 behind_sudo pete document add carl /srv/pete/course --kind dossier --title Course
same '1.11 of whomever it is' 3 behind_sudo pete document add clio /srv/pete/course --kind dossier
told '1.11 they are listed on the user, with number and date' 0 '^ +1 +dossier +Intake +2026-03-02' \
	behind_sudo pete user show carl
told '1.11 that of the day if none is said' 0 "^ +2 +dossier +Course +$(date -u +%F)" \
	behind_sudo pete user show carl
lacks '1.11 and no others' '^ +3 ' behind_sudo pete user show carl
same '1.11 each is come to from there' 'what carl said' behind_sudo pete document get 1
lacks '1.11 who may view users and no dossiers does not see them' 'Intake' behind_sudo rosa user show carl
told '1.11 nor comes to one' 4 'rosa may not do this: it needs hexa\.documents\.view' \
	behind_sudo rosa document get 1
told '1.11 nor makes one' 4 'needs hexa\.documents\.edit' \
	behind_sudo rosa document add carl /etc/hostname --kind dossier
ok '1.11 one is removed' behind_sudo pete document remove 2 --yes
same '1.11 its number is no other'\''s' 4 behind_sudo pete document add carl /srv/pete/course --kind dossier

# ---- 1.10: deleting a user ----

uid=$(id -u carl)
told '1.10 who may only view does not delete' 4 'needs hexa\.users\.delete' \
	behind_sudo rosa user delete clio --yes
told '1.10 it is asked first; no' 1 'Delete user clio.*\?' answer n as mona sudo -n hexa-admin user delete clio
told '1.10 where nobody can be asked, nobody is deleted' 2 'yes' behind_sudo mona user delete clio
same '1.10 clio is in' clio ssh_key clio whoami
told '1.10 yes' 0 'Delete user clio.*\?' answer y as mona sudo -n hexa-admin user delete clio
refused '1.10 she is out' 255 ssh_key clio
refused '1.10 and the host knows her no more' 2 getent passwd clio
told '1.10 nor does the overview' 3 'no such user' behind_sudo mona user show clio
ok '1.10 --yes asks nothing' behind_sudo mona user delete carl --yes
lacks '1.10 carl is gone' '\b(carl|clio)\b' listed --columns name
same '1.10 his dossiers are not' 'what carl said' behind_sudo pete document get 1
has '1.10 nor what was done with him' '\bmona\b.*user delete +user +carl\b' \
	behind_sudo mona activity list --user carl
need '1.10 whoever comes next' takes_on carl2 client --type client
ok '1.10 does not own his files' test "$(id -u carl2)" -ne "$uid"
told '1.10 nobody deletes the own account' 4 'this is your own account' behind_sudo mona user delete mona --yes


# ---- 1.13: the system administrator ----

need '1.13 a system administrator' key_user boss system-administrator
# has_everything WHEN
has_everything()
{
	local permission
	for permission in dossiers.edit portal.view hexa.policy.apply hexa.users.delete; do
		ok "1.13 $1: boss has $permission" hexa-admin can boss $permission
	done
	same "1.13 $1: and logs in" boss ssh_key boss whoami
}
# fewer ROLE-YAML: a policy that says so of the system administrator
fewer()
{
	{ hexa-admin policy show && echo "# ---" && echo "$1"; } |
		awk '/^# ---$/ { getline; line = "  system-administrator: " $0; exit }
		{ text = text $0 "\n" }
		END { sub(/\nroles:\n/, "\nroles:\n" line "\n", text); printf "%s", text }'
}
has_everything 'from the start'
refused '1.13 no permission is removed' 1 \
	hexa-admin role edit system-administrator --remove-permission '*'
refused '1.13 nor all of them' 1 hexa-admin role edit system-administrator --clear permissions
refused '1.13 the role is not disabled' 1 hexa-admin role disable system-administrator
refused '1.13 nor deleted' 1 hexa-admin --yes role delete system-administrator
for line in '{permissions: [hexa.users.view]}' '{permissions: []}' \
	'{permissions: ["*"], disabled: yes}'; do
	fewer "$line" >/tmp/fewer.yaml
	refused "1.13 nor by a policy: $line" 6 hexa-admin policy apply /tmp/fewer.yaml
done
fewer '{title: The boss, permissions: ["*"]}' >/tmp/fewer.yaml
ok '1.13 a policy that leaves it whole applies' hexa-admin policy apply /tmp/fewer.yaml
has_everything 'after all that'

# ---- 1.14: the tree ----

cat >/tmp/words.pl <<'END'
# The words of each line but its drawing, with its depth: by where the first word stands.
use utf8; use open qw(:std :utf8);
while (<>) { print length($1), " $2\n" if /^([^a-z]*)([a-z][a-z0-9.-]*)/ }
END
# below WORD CHILD: does CHILD stand below WORD, deeper, before a line as shallow as WORD's?
below()
{
	hexa-admin policy show --tree | perl /tmp/words.pl | awk -v word="$1" -v child="$2" '
		inside && $1 <= depth { inside = 0 }
		inside && ($2 == child || $2 == word "." child) { found = 1 }
		$2 == word { inside = 1; depth = $1 }
		END { exit !found }'
}
ok '1.14 dossiers is a branch, with edit on it' below dossiers edit
ok '1.14 and view' below dossiers view
ok '1.14 programs is another' below programs view
refused '1.14 each leaf on its own' 1 below programs dossiers
ok '1.14 what is built in is in the tree' below hexa users

same_sshd 'all through, sshd is the same process'
