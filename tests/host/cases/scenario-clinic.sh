# The clinic: a role for each kind of work, and single calendars for single people.
# The number before a check is the row of that system that it shows.

preset=policy/presets/clinic.yaml
alma=almas-Long-password-1
hugo=hugos-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset clinic
need 'sshd' sshd_start
need 'an administrator of the clinic' hexa_user alma administrator $alma
told 'comes to the users by ssh and sudo, with her password' 0 '^alma\b' \
	ssh_sudo alma $alma hexa-admin user list --columns name
need 'from here on sudo asks nobody' sudo_hexa_admin
for user in maria nils olof; do
	need "$user is a tenant" key_user $user tenant
done

# ---- 2.1, 2.7: one role for many users, and what follows by itself ----

refused '2.7 before: maria edits no calendar' 1 hexa-admin can maria calendar.room-1.edit
lacks '2.7 and is in no such group' '\bsecretary\b' as nobody id -Gn maria
ok '2.1 three users get a role by one command' \
	hexa-admin user edit maria nils olof --add-role secretary
for user in maria nils olof; do
	ok "2.1 $user has its rights" hexa-admin can $user calendar.room-1.edit
	has "2.7 and its group, for programs that run" '\bsecretary\b' as nobody id -Gn $user
	has "2.7 and in the next session" '\bsecretary\b' ssh_key $user id -Gn
done
same '2.1 the role has them as members' 'maria nils olof' \
	sh -c 'hexa-admin role members secretary --columns name --json |
		sed -n "s/.*: \"\(.*\)\".*/\1/p" | xargs'
ok '2.7 maria changes over to therapist' \
	hexa-admin user edit maria --remove-role secretary --add-role therapist
ok '2.7 she has its rights at once' hexa-admin can maria journals.edit
refused '2.7 and no longer the others' 1 hexa-admin can maria calendar.room-1.edit
same '2.7 and its group' 'maria tenant therapist' \
	sh -c 'id -Gn maria | tr " " "\n" | sort | xargs'
has '2.7 the next session says so' 'HEXA_ROLES=.*therapist' ssh_key maria env
lacks '2.7 and nothing of the other' 'secretary' ssh_key maria 'env; id'

# ---- 2.2: what comes along ----

for name in hexa-center clinic client-center field-service workflow linux-host; do
	has "2.2 the preset $name is listed" "^$name\b" hexa-admin policy presets
done
for role in administrator secretary therapist tenant; do
	has "2.2 with what the clinic's brings: $role" "$role" hexa-admin policy presets
	ok "2.2 and it is there: $role" hexa-admin role show $role
done
ok '2.2 with rights already set' hexa-admin policy test

# ---- 2.3: they are changed, and switched off ----

refused '2.3 before: nils does no therapy' 1 hexa-admin can nils journals.view
ok '2.3 a role is changed' hexa-admin role edit tenant --add-permission invoices.view
ok '2.3 that counts at once' hexa-admin can olof invoices.view
ok '2.3 and back' hexa-admin role edit tenant --remove-permission invoices.view
ok '2.3 nils is a secretary and nothing else' hexa-admin user edit nils --remove-role tenant
same '2.3 who is let in' nils ssh_key nils whoami
ok '2.3 the role is disabled' hexa-admin role disable secretary
refused '2.3 nils is out' 255 ssh_key nils
same '2.3 user check says why' role-disabled verdict nils --service sshd
refused '2.3 and has none of its rights' 1 hexa-admin can nils calendar.room-1.edit
same '2.3 olof has another role' olof ssh_key olof whoami
refused '2.3 which is what is left to him' 1 hexa-admin can olof calendar.room-1.edit
ok '2.3 the role is enabled' hexa-admin role enable secretary
same '2.3 nils is in again' nils ssh_key nils whoami
ok '2.3 with all its rights' hexa-admin can nils calendar.room-1.edit

# ---- 2.5: a user in one step ----

# hired ROLE [--FIELD V…]: alma takes hugo on, with contact details, profession, group and a calendar, at once
hired()
{
	behind_sudo alma user add hugo --role "$1" --first-name Hugo --last-name Falk --phone +46701234501 \
		--profession Physiotherapist --grant calendar.room-2.edit --password-stdin "${@:2}" <<<$hugo
}
told '2.5 a mistake in one field' 6 '^hexa-admin: email: ' hired therapist --email hugo@example
told '2.5 a group that there is not' 3 'therapists' hired therapists --email hugo@example.org
told '2.5 a calendar that there is not' 3 'calendar.room-9.edit' \
	hired therapist --email hugo@example.org --grant calendar.room-9.edit
refused '2.5 makes nobody' 2 getent passwd hugo
need '2.5 all right, and the user is made' hired therapist --email hugo@example.org
same '2.5 with all that was said' \
	'Hugo,Falk,hugo@example.org,+46701234501,Physiotherapist,therapist,calendar.room-2.edit,active' \
	sh -c 'hexa-admin user list --filter name=hugo --csv \
		--columns first-name,last-name,email,phone,profession,roles,grants,status | sed 1d'
same '2.5 it was one step' 'user add' sh -c 'hexa-admin activity list --user hugo --csv |
	sed 1d | cut -d, -f5 | uniq'
same '2.5 he is in at once' hugo ssh_login hugo $hugo whoami
same '2.5 by his address too' hugo ssh_login hugo@example.org $hugo whoami
has '2.5 with his group' '\btherapist\b' as nobody id -Gn hugo
ok '2.5 with its rights' hexa-admin can hugo journals.edit
ok '2.5 with his calendar' hexa-admin can hugo calendar.room-2.edit
refused '2.5 and no other' 1 hexa-admin can hugo calendar.room-1.edit
told '2.5 nobody is taken on twice' 5 hugo behind_sudo alma user add --role therapist \
	--first-name Hugo --last-name Falk --email Hugo@example.org
need '2.5 a secretary' key_user siri secretary
for user in siri hugo; do
	told "2.5 $user takes nobody on" 4 "$user may not do this" \
		behind_sudo $user user add --role tenant --first-name Ole --last-name Berg
done

# ---- 2.6: one calendar for one person ----

refused '2.6 before: maria does not edit room 2' 1 hexa-admin can maria calendar.room-2.edit
ok '2.6 it is granted to her' hexa-admin user edit maria --grant calendar.room-2.edit
ok '2.6 she edits room 2' hexa-admin can maria calendar.room-2.edit
refused '2.6 and not room 3' 1 hexa-admin can maria calendar.room-3.edit
need '2.6 another therapist' key_user tora therapist
refused '2.6 nobody else does' 1 hexa-admin can tora calendar.room-2.edit
ok '2.6 a locum, until a day' hexa-admin user edit tora --grant calendar.room-2.edit@2099-12-31
ok '2.6 may, on that day' hexa-admin can tora calendar.room-2.edit --at 2099-12-31T23:59:59Z
refused '2.6 and not on the next' 1 \
	hexa-admin can tora calendar.room-2.edit --at 2100-01-01T00:00:00Z
refused '2.6 of a calendar that there is not: no' 3 \
	hexa-admin user edit maria --grant calendar.room-9.edit
ok '2.6 it is taken back' hexa-admin user edit maria --ungrant calendar.room-2.edit
refused '2.6 she does not' 1 hexa-admin can maria calendar.room-2.edit

# ---- 2.8: nobody without a role ----

same '2.8 olof is in' olof ssh_key olof whoami
refused '2.8 a user is not made without a role' 6 \
	hexa-admin user add per --first-name Per --last-name Berg
# without_role USER: whom alma or another finds to be without
without_role()
{
	behind_sudo "$1" user list --filter roles= --csv --columns name | sed 1d | xargs
}
same '2.8 nobody is without' '' without_role alma
ok '2.8 olof gets a calendar of his own' hexa-admin user edit olof --grant calendar.room-1.edit
ok '2.8 and loses his roles' \
	behind_sudo alma user edit olof --remove-role tenant --remove-role secretary
refused '2.8 he has no access' 255 ssh_key olof
logged '2.8 as the log says' '"olof" refused.*holds no role'
same '2.8 user check says why' no-role verdict olof --service sshd
ok '2.8 so has one more, who is suspended besides' hexa-admin user edit nils --clear roles
ok '2.8 he is' hexa-admin user suspend nils
same '2.8 they are found' 'nils olof' without_role alma
same '2.8 by whoever may view users' 'nils olof' without_role siri
told '2.8 and nobody else' 4 'hugo may not do this' behind_sudo hugo user list --filter roles=
same '2.8 all others have one' 'alma hugo maria siri tora' \
	sh -c 'for role in administrator therapist secretary tenant; do
	hexa-admin user list --filter roles=$role --csv --columns name | sed 1d; done | sort -u | xargs'
ok '2.8 one of them is not to be found any more' hexa-admin user edit nils --add-role secretary
ok '2.8 and works on' hexa-admin user resume nils
same '2.8 that leaves olof' olof without_role alma
refused '2.8 the grant alone is nothing' 1 hexa-admin can olof calendar.room-1.edit
ok '2.8 he gets a role' behind_sudo alma user edit olof --add-role tenant
same '2.8 nobody is without' '' without_role alma
same '2.8 and is in' olof ssh_key olof whoami
ok '2.8 and the grant counts' hexa-admin can olof calendar.room-1.edit

# ---- 2.4: no limit to their number ----

awk '/^tests:/ {
	for (i = 1; i <= 10000; i++)
		printf "  group-%05d: {title: Group %d, permissions: [clinic.login]}\n", i, i
} { print }' $preset >/tmp/many.yaml
ok '2.4 a group is made' hexa-admin role add group-00000 --title 'Group 0' \
	--permission clinic.login
# In seconds of a processor: the machine may give it little of one.
need '2.4 10 000 more are applied' prlimit --cpu=100 hexa-admin policy apply /tmp/many.yaml
same '2.4 and reviewed' 10000 sh -c 'prlimit --cpu=20 hexa-admin role list --columns name | grep -c ^group-'
refused '2.4 the one that the policy lacks is gone' 3 hexa-admin role show group-00000
ok '2.4 a user gets the last of them' hexa-admin user edit nils --add-role group-10000
has '2.4 who has its Unix group' '\bgroup-10000\b' prlimit --cpu=10 id -Gn nils
has '2.4 which lists him' '^group-10000:\*:[0-9]+:nils$' prlimit --cpu=10 getent group group-10000
same '2.4 a user of it alone is made' '' key_user siv group-09999
same '2.4 and is in' siv ssh_key siv whoami
ok '2.4 one of them loses its permission' \
	prlimit --cpu=20 hexa-admin role edit group-09999 --remove-permission clinic.login
refused '2.4 and siv is out' 255 ssh_key siv
same '2.4 maria, of the first roles, is in' maria ssh_key maria whoami

same_sshd 'all through, sshd is the same process'
