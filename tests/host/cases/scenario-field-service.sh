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

same_sshd 'all through, sshd is the same process'
