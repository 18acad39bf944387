# The field service: four roles of its own people, and clients' people who reach their own hosts only.
# The number before a check is the row of that system that it shows.

need 'a new database with the preset, and the host switched on' hexa_enable --preset field-service
need 'sshd' sshd_start
need 'hexa-admin behind sudo' sudo_hexa_admin

# ---- 4.4: the internal roles ----

# title ROLE
title()
{
	hexa-admin role show "$1" | sed -n 's/^title  *//p'
}
same '4.4 Admin' Admin title administrator
same '4.4 Manager' Manager title manager
same '4.4 Technician' Technician title technician
same '4.4 Accountant' Accountant title accountant
for row in ada:administrator mats:manager tess:technician akke:accountant; do
	need "4.4 ${row#*:}" key_user ${row%:*} ${row#*:}
	same "4.4 ${row#*:} logs in" ${row%:*} ssh_key ${row%:*} whoami
	same "4.4 ${row#*:} by su too" ${row%:*} su ${row%:*} -c whoami
done
for row in ada:invoices.edit ada:schedules.edit ada:hexa.users.delete mats:schedules.edit \
	mats:hexa.clients.edit tess:protocols.edit akke:invoices.edit; do
	ok "4.4 ${row%:*} can ${row#*:}" hexa-admin can ${row%:*} ${row#*:}
done
for row in mats:invoices.edit mats:hexa.users.delete tess:schedules.edit tess:invoices.view \
	akke:protocols.view akke:hexa.users.view; do
	refused "4.4 ${row%:*} cannot ${row#*:}" 1 hexa-admin can ${row%:*} ${row#*:}
done
has '4.4 a manager comes to the users' '\btess\b' behind_sudo mats user list
refused '4.4 a technician does not' 4 behind_sudo tess user list
refused '4.4 a manager makes no Admin' 4 behind_sudo mats user edit tess --add-role administrator
ok '4.4 an Admin makes a manager' behind_sudo ada user edit tess --add-role manager
ok '4.4 and takes it back' behind_sudo ada user edit tess --remove-role manager

# ---- 4.6: clients, their sites, and hosts ----

need '4.6 a client' hexa-admin client add acme --title Acme
need '4.6 another' hexa-admin client add bolt --title Bolt
need '4.6 a site' hexa-admin site add harbour --client acme --title Harbour
need '4.6 another' hexa-admin site add north --client acme --title North
need '4.6 the other client'\''s' hexa-admin site add depot --client bolt --title Depot
number=0
# client_user NAME [--FIELD V…]
client_user()
{
	number=$((number + 1))
	key_user "$1" client --type client --email "$1@example.org" --phone "+4670123450$number" \
		"${@:2}"
}
need '4.6 cora of acme' client_user cora --client acme
need '4.6 bea of bolt' client_user bea --client bolt
need '4.6 duo of both' client_user duo --client acme --client bolt
need '4.6 hanna of acme, at one site' client_user hanna --client acme --site harbour

# at WHERE IN… : who of them gets in on this host, and that all others are refused
at()
{
	local where=$1 user
	shift
	for user in cora bea duo hanna; do
		case " $* " in
		*" $user "*)
			same "4.6 $where: $user is in" $user ssh_key $user whoami
			same "4.6 $where: as user check says" allowed verdict $user --service sshd
			;;
		*)
			refused "4.6 $where: $user is refused" 255 ssh_key $user
			logged "4.6 $where: which the log says" "\"$user\" refused.*host"
			same "4.6 $where: as user check does" wrong-site \
				verdict $user --service sshd
			;;
		esac
	done
	same "4.6 $where: tess is in" tess ssh_key tess whoami
}
at 'a host of nobody'
ok '4.6 the host is acme'\''s' hexa-admin host set --client acme
at 'a host of acme' cora duo
ok '4.6 and stands at the harbour' hexa-admin host set --site harbour
at 'at the harbour' cora duo hanna
ok '4.6 it moves north' hexa-admin host set --site north
at 'in the north' cora duo
ok '4.6 it is sold' hexa-admin host set --clear --client bolt
at 'a host of bolt' bea duo
ok '4.6 the depot'\''s' hexa-admin host set --site depot
at 'at the depot' bea duo

ok '4.6 one client is disconnected' hexa-admin user edit duo --remove-client bolt
ok '4.6 another site is chosen' hexa-admin user edit hanna --add-site north
at 'after that' bea
ok '4.6 back to acme' hexa-admin host set --clear --client acme --site north
at 'in the north again' cora duo hanna
ok '4.6 no site is chosen any more: every one of acme'\''s' \
	hexa-admin user edit hanna --clear sites
ok '4.6 the host at no site' hexa-admin host set --clear --client acme
at 'at no site' cora duo hanna
refused '4.6 a site of another client: no' 6 hexa-admin user edit cora --add-site depot
refused '4.6 a client that there is not: no' 3 hexa-admin user edit cora --add-client acmee

# The portal, and nothing behind it.
ok '4.6 cora sees her own data' hexa-admin can cora portal.data.view
refused '4.6 and no internal screen' 1 hexa-admin can cora protocols.view
refused '4.6 by su she is not let in' 1 su cora -c true
same '4.6 user check says why' service-not-permitted verdict cora --service su
refused '4.6 an employee has nothing of the portal'\''s' 1 hexa-admin can ada portal.data.view

# ---- 4.7: nobody twice ----

has '4.7 known, with access: told, and no second record' 'cora has cora@example.org already' \
	hexa-admin user add --role client --first-name C --last-name B --email cora@example.org
refused '4.7 exit 5' 5 \
	hexa-admin user add --role client --first-name C --last-name B --email cora@example.org
ok '4.7 she is revoked' hexa-admin user revoke cora
refused '4.7 and shut out' 255 ssh_key cora
same '4.7 known, without access: the role is assigned' cora \
	hexa-admin user add --role client --first-name C --last-name B --email Cora@example.org --quiet
same '4.7 and she is in again' cora ssh_key cora whoami

# ---- 4.9: five of a client ----

for number in 4 5 6; do
	need "4.9 kim$number of bolt" key_user kim$number client --type client --client bolt \
		--email kim$number@example.org --phone "+467012346$number"
done
# users_of CLIENT: how many
users_of()
{
	hexa-admin user list --filter clients="$1" --columns name | sed 1d | wc -l
}
same '4.9 of acme there are three' 3 users_of acme
has '4.9 of three more two succeed, and it is said' '^hexa-admin: 2 of 3 assigned; acme is full \(5\)$' \
	hexa-admin user edit kim4 kim5 kim6 --add-client acme
same '4.9 acme has five' 5 users_of acme
refused '4.9 one more: 5' 5 hexa-admin user edit kim6 --add-client acme
ok '4.9 one goes' hexa-admin user edit kim4 --remove-client acme
ok '4.9 one comes' hexa-admin user edit kim6 --add-client acme
ok '4.9 and goes, for later' hexa-admin user edit kim6 --remove-client acme

# ---- 4.8: the plan ----

seats=$(hexa-admin user list --columns name | sed 1d | wc -l)
ok '4.8 the plan is used up' sh -c \
	"hexa-admin policy show | sed 's/^  users: 250/  users: $seats/' | hexa-admin policy apply -"
has '4.8 one more is refused, with the reason' "this host is full \($seats\)" \
	hexa-admin user add late --role technician --first-name L --last-name B
refused '4.8 exit 5' 5 hexa-admin user add late --role technician --first-name L --last-name B
ok '4.8 somebody leaves' hexa-admin user revoke kim6
ok '4.8 there is room' key_user late technician
refused '4.8 and none to come back' 5 hexa-admin user restore kim6
ok '4.8 another plan' sh -c \
	"hexa-admin policy show | sed 's/^  users: $seats/  users: 250/' | hexa-admin policy apply -"
ok '4.8 there is' hexa-admin user restore kim6

# ---- 4.11, 4.12: what is not edited ----

refused '4.11 nobody edits their own account there' 4 behind_sudo ada user edit ada --note mine
ok '4.11 but that of others' behind_sudo ada user edit tess --note hers
refused '4.12 the e-mail of a client user is not changed' 1 \
	behind_sudo ada user edit cora --email cora2@example.org
ok '4.12 that of an employee is' behind_sudo ada user edit tess --email tess@example.org
ok '4.12 as often as need be' behind_sudo ada user edit tess --email tess2@example.org

# ---- 4.14: the last client ----

ok '4.14 duo has both again' hexa-admin user edit duo --add-client bolt
ok '4.14 one goes' hexa-admin user edit duo --remove-client bolt
same '4.14 the other stays' duo ssh_key duo whoami
has '4.14 the last takes the access along' 'duo is revoked: that was their last client' \
	hexa-admin user edit duo --remove-client acme
refused '4.14 duo is out' 255 ssh_key duo
same '4.14 as user check says' not-active verdict duo --service sshd
ok '4.14 and the owner of files has a name' getent passwd duo
refused '4.14 without a client there is no way back' 1 hexa-admin user restore duo
ok '4.14 with one' hexa-admin user edit duo --add-client acme
ok '4.14 there is' hexa-admin user restore duo
same '4.14 duo is in again' duo ssh_key duo whoami

# ---- 4.15: deleting ----

refused '4.15 nobody deletes their own account' 4 behind_sudo ada user delete ada --yes
ok '4.15 that of another' behind_sudo ada user delete kim5 --yes
has '4.15 the activity stays' 'kim5' hexa-admin activity list --user kim5
need '4.15 a system administrator' hexa-admin user add root1 --role system-administrator \
	--first-name Ruth --last-name One
refused '4.15 the last one stays' 1 hexa-admin user delete root1 --yes
refused '4.15 and is not revoked' 1 hexa-admin user revoke root1

same_sshd 'all through, sshd is the same process'
