# The client center: roles as the rungs of one ladder.
# The number before a check is the row of that system that it shows.

need 'a new database with the preset, and the host switched on' hexa_enable --preset client-center
# What the person's own ssh sends is let through.
sshd_extra='AcceptEnv HEXA_*'
need 'sshd' sshd_start
need 'hexa-admin behind sudo' sudo_hexa_admin
need 'level 20' key_user vera l20-viewer
need 'level 40' key_user bert l40-buyer
need 'level 60' key_user ada l60-approver
need 'level 80' key_user dora l80-admin
need 'level 90' key_user olle l90-owner

# ---- 3.1: users are visible from level 80 upwards ----

for user in vera bert ada; do
	refused "3.1 below: $user, behind sudo" 4 behind_sudo $user user list
	refused "3.1 below: $user, with --as" 4 hexa-admin --as $user user list
	refused "3.1 below: $user sees no single one either" 4 behind_sudo $user user show vera
done
for user in dora olle; do
	has "3.1 from there on: $user, behind sudo" '\bvera\b' behind_sudo $user user list
	has "3.1 from there on: $user, with --as" '\bvera\b' hexa-admin --as $user user list
done

# ---- 3.3: each level has what the lower ones have ----

all='documents.view orders.view orders.place orders.approve invoices.pay hexa.users.view
	hexa.users.delete contracts.sign'
# rungs USER PERMISSION…: these, and no other of all
rungs()
{
	local user=$1 permission
	shift
	for permission in $all; do
		case " $* " in
		*" $permission "*)
			ok "3.3 $user can $permission" hexa-admin can "$user" "$permission"
			;;
		*)
			refused "3.3 $user cannot $permission" 1 \
				hexa-admin can "$user" "$permission"
			;;
		esac
	done
	same "3.3 $user logs in, by what the lowest level has" "$user" ssh_key "$user" whoami
}
rungs vera documents.view orders.view
rungs bert documents.view orders.view orders.place
rungs ada documents.view orders.view orders.place orders.approve invoices.pay
rungs dora documents.view orders.view orders.place orders.approve invoices.pay hexa.users.view
rungs olle $all

need '3.3 a rung in between' hexa-admin role add l50-payer --title 'L50 - Payer' \
	--ladder client-center --level 50 --permission contracts.view
refused '3.3 is not below 40' 1 hexa-admin can bert contracts.view
ok '3.3 and below 60' hexa-admin can ada contracts.view
ok '3.3 and 80' hexa-admin can dora contracts.view
ok '3.3 it is disabled' hexa-admin role disable l50-payer
refused '3.3 and gives nothing to those above' 1 hexa-admin can ada contracts.view
same '3.3 who have what stands further below' ada ssh_key ada whoami
ok '3.3 nobody gives a level above their own' \
	hexa-admin role enable l50-payer
refused '3.3 behind sudo neither' 4 behind_sudo dora user edit vera --add-role l90-owner
ok '3.3 and their own, if they like' behind_sudo dora user edit vera --add-role l80-admin
ok '3.3 and back' behind_sudo dora user edit vera --remove-role l80-admin

# ---- 3.1 again: of one client's people ----

need '3.1 a client' hexa-admin client add acme --title Acme
need '3.1 another' hexa-admin client add bolt --title Bolt
number=0
# client_user NAME CLIENT…
client_user()
{
	local name=$1 options=() client
	shift
	for client; do
		options+=(--client "$client")
	done
	number=$((number + 1))
	key_user "$name" l20-viewer --type client --email "$name@example.org" \
		--phone "+4670123450$number" "${options[@]}"
}
need '3.1 cora of acme' client_user cora acme
need '3.1 bea of bolt' client_user bea bolt
need '3.1 duo of both' client_user duo acme bolt
need '3.1 pia' key_user pia l20-viewer
refused '3.1 who sees nobody' 4 behind_sudo pia user list
ok '3.1 she gets level 80, of acme' hexa-admin user edit pia --add-role l80-admin@client:acme
has '3.1 and sees its people' '\bcora\b' behind_sudo pia user list --columns name
lacks '3.1 and no others' '\b(bea|duo|vera|pia)\b' behind_sudo pia user list --columns name
ok '3.1 edits them' behind_sudo pia user edit cora --note 'seen by pia'
for user in bea duo vera; do
	refused "3.1 and not $user" 4 behind_sudo pia user edit $user --note 'seen by pia'
done
ok '3.1 she gives them what she has' behind_sudo pia user edit cora --add-role l40-buyer
refused '3.1 not of more clients' 4 behind_sudo pia user edit cora --add-client bolt
refused '3.1 nor more of acme'\''s' 4 behind_sudo pia user edit cora --add-role l90-owner@client:acme
ok '3.1 a host of bolt' hexa-admin host set --client bolt
same '3.1 is a host to pia, for her first role' pia ssh_key pia whoami
refused '3.1 where the other is nothing' 1 hexa-admin can pia orders.place --service sshd
ok '3.1 of no client' hexa-admin host set --clear
ok '3.1 it is' hexa-admin can pia orders.place --service sshd

# ---- 3.4: how far back ----

at='--at 2026-06-30T12:00:00Z'
ok '3.4 level 20 sees 30 days' hexa-admin can vera orders.view --dated 2026-05-31 $at
refused '3.4 and no more' 1 hexa-admin can vera orders.view --dated 2026-05-30 $at
ok '3.4 level 40 sees 90' hexa-admin can bert orders.view --dated 2026-04-01 $at
refused '3.4 and no more' 1 hexa-admin can bert orders.view --dated 2026-03-31 $at
ok '3.4 a number of her own counts first' hexa-admin user edit vera --access-back 10
ok '3.4 so she sees 10' hexa-admin can vera orders.view --dated 2026-06-20 $at
refused '3.4 and no more' 1 hexa-admin can vera orders.view --dated 2026-06-19 $at
ok '3.4 by today'\''s date too' \
	hexa-admin can vera orders.view --dated "$(date -u -d '-9 days' +%F)"
refused '3.4 as said' 1 \
	hexa-admin can vera orders.view --dated "$(date -u -d '-12 days' +%F)"
same '3.4 the session knows' 10 ssh_key vera printenv HEXA_ACCESS_BACK
same '3.4 of a role'\''s number' 90 ssh_key bert printenv HEXA_ACCESS_BACK
ok '3.4 of two roles' hexa-admin user edit bert --add-role l60-approver
same '3.4 the larger' 365 ssh_key bert printenv HEXA_ACCESS_BACK
ok '3.4 which is disabled' hexa-admin role disable l60-approver
same '3.4 and counts no more' 90 ssh_key bert printenv HEXA_ACCESS_BACK
ok '3.4 her own is cleared' hexa-admin user edit vera --clear access-back
same '3.4 and the role'\''s counts, at the next login' 30 ssh_key vera printenv HEXA_ACCESS_BACK
same '3.4 nobody brings a number along' 30 ssh_key vera \
	-o SetEnv=HEXA_ACCESS_BACK=9999 printenv HEXA_ACCESS_BACK

# ---- 3.6, 3.8: access is given and taken, and the user stays ----

need '3.6 rosa' key_user rosa l20-viewer --email rosa@example.org
same '3.8 is in' rosa ssh_key rosa whoami
rosas_uid=$(id -u rosa)
ok '3.8 her access is removed' hexa-admin user revoke rosa
refused '3.8 she is out' 255 ssh_key rosa
same '3.8 and still known as the owner of her files' "rosa $rosas_uid" \
	sh -c 'getent passwd rosa | cut -d: -f1,3 | tr : " "'
refused '3.6 an address that nobody has is an error' 3 \
	hexa-admin user restore --email nobody@example.org --role l20-viewer
same '3.6 hers gives her a role, and says who she is' rosa \
	hexa-admin user restore --email Rosa@example.org --role l40-buyer --quiet
same '3.6 she is in' rosa ssh_key rosa whoami
ok '3.6 with what the role carries' hexa-admin can rosa orders.place
refused '3.6 who has access is not added again' 5 \
	hexa-admin user restore --email rosa@example.org --role l20-viewer
ok '3.8 removed again' hexa-admin user revoke rosa
ok '3.8 and given back' hexa-admin user restore rosa
same '3.8 she is who she was' "$rosas_uid" ssh_key rosa id -u

same_sshd 'all through, sshd is the same process'
