# Workflow: accounts that no person uses, and administrators of an area.
# The number before a check is the row of that system that it shows.

client=$O/tests/pam/client
dev=devs-Long-password-1
sara=saras-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset workflow
sshd_extra='AuthorizedKeysCommand /usr/libexec/hexa/hexa-authorized-keys %u
AuthorizedKeysCommandUser nobody'
need 'sshd' sshd_start
need 'a site administrator' hexa_user sara site-administrator $sara
told '5.1 comes to the users by ssh and sudo, with her password' 0 '^sara\b' \
	ssh_sudo sara $sara hexa-admin user list --columns name
need '5.1 from here on sudo asks nobody' sudo_hexa_admin

# ---- 5.4: types ----

need '5.4 a normal user' hexa_user dev developer $dev
same '5.4 logs in with a password' dev ssh_login dev $dev whoami
need '5.4 a system' hexa-admin user add nightly --type system --role task \
	--first-name Nightly --last-name Jobs
need '5.4 an integration' hexa-admin user add erp --type integration --role integration \
	--first-name ERP --last-name Feed

# Their keys where sshd looks for everybody's.
for user in nightly erp dev; do
	authorize $user
	home=$(getent passwd $user | cut -d: -f6)
	install -d -o $user -g $user -m 700 "$home" "$home/.ssh"
	install -o $user -g $user -m 600 $keys/$user.pub "$home/.ssh/authorized_keys"
	rm $keys/$user.pub
	has "5.4 $user has a key in the home" ssh-ed25519 cat "$home/.ssh/authorized_keys"
done
same '5.4 a normal user logs in by it' dev ssh_key dev whoami
same '5.4 an integration too, where its permission names the service' erp ssh_key erp whoami
for user in nightly erp; do
	ssh-keygen -q -t ed25519 -N '' -f $keys/of-$user
	ok "5.4 $user has a key that Hexa keeps" hexa-admin key add $user $keys/of-$user.pub
done
# by_kept_key USER CMD…
by_kept_key()
{
	ssh "${ssh_options[@]}" -o IdentitiesOnly=yes -o PreferredAuthentications=publickey \
		-i "$keys/of-$1" -l "$1" 127.0.0.1 "${@:2}" </dev/null
}
same '5.4 by which the integration comes too' erp by_kept_key erp whoami
refused '5.4 and the system does not' 255 by_kept_key nightly true
refused '5.4 and by no other service' 1 su erp -c true
logged '5.4 as the log says' '"erp" refused for service "su"'
same '5.4 and user check' type-cannot-log-in verdict erp --service su
refused '5.4 not by login' 1 $client login erp acct_mgmt
refused '5.4 nor by cron' 1 $client cron erp acct_mgmt
refused '5.4 nor by a service that nothing names' 1 $client other-thing erp acct_mgmt
refused '5.4 a system does not log in by its key' 255 ssh_key nightly
logged '5.4 as the log says' '"nightly" refused for service "sshd"'
refused '5.4 nor by su' 1 su nightly -c true
ok '5.4 its jobs run' $client cron nightly acct_mgmt setcred open_session close_session
refused '5.4 a password is not set for either: system' 1 \
	hexa-admin user password nightly --password-stdin <<<some-Long-password-1
refused '5.4 a password is not set for either: integration' 1 \
	hexa-admin user password erp --password-stdin <<<some-Long-password-1
refused '5.4 nor by root'\''s chpasswd' 1 chpasswd <<<erp:some-Long-password-1
refused '5.4 nor with a new one' 1 hexa_user feeder integration some-Long-password-1 \
	--type integration
for user in nightly erp; do
	refused "5.4 nor is there a code to set one by: user invite $user" 1 hexa-admin user invite $user
	refused "5.4 nor is there a code to set one by: user reset $user" 1 hexa-admin user reset $user
	refused "5.4 $user sets none with passwd" 10 \
		answer 'none some-Long-password-1 some-Long-password-1' as $user passwd
	refused "5.4 nor with hexa-admin: $user" 4 \
		answer 'none some-Long-password-1 some-Long-password-1' as $user hexa-admin self password
done
refused '5.4 nor is one made with an invitation' 1 hexa-admin user add feeder --type integration \
	--role integration --first-name F --last-name B --invite
refused '5.4 no such user was made' 3 hexa-admin user show feeder
refused '5.4 no password logs it in' 255 ssh_login erp some-Long-password-1
refused '5.4 nor none' 255 ssh_prompted erp ''
ok '5.4 whoever becomes an integration' hexa-admin user edit dev --type integration \
	--add-role integration
refused '5.4 has no password any more' 255 ssh_login dev $dev
same '5.4 and comes by key' dev ssh_key dev whoami
refused '5.4 to that service alone' 1 su dev -c true
ok '5.4 and back' hexa-admin user edit dev --type employee --remove-role integration
refused '5.4 the password does not come back' 255 ssh_login dev $dev
same '5.4 the login by key does' dev su dev -c whoami
refused '5.4 the role without the type is nothing' 1 hexa-admin can dev feeds.push
ok '5.4 the permission is taken from the role' \
	hexa-admin role edit integration --remove-permission feeds.push
refused '5.4 and the integration is out' 255 ssh_key erp
refused '5.4 by each key' 255 by_kept_key erp true
ok '5.4 and given back' hexa-admin role edit integration --add-permission feeds.push
same '5.4 and it is in' erp ssh_key erp whoami

# ---- 5.5: a site, and its areas ----

need '5.5 the site administrator has a key' authorize sara
need '5.5 an administrator of sales' key_user ina participant --unit /sales
ok '5.5 by an assignment with a scope' hexa-admin user edit ina --add-role administrator@/sales
need '5.5 somebody in sales' key_user sam participant --unit /sales
need '5.5 somebody below' key_user nora participant --unit /sales/north
need '5.5 somebody in support' key_user sue participant --unit /support
need '5.5 somebody of a unit that only begins so' key_user sly participant --unit /salesmen
need '5.5 somebody of no unit' key_user una participant
has '5.5 the role is a Unix group' '\barea-administrators\b' ssh_key ina id -Gn

for user in sam nora; do
	ok "5.5 ina edits $user" behind_sudo ina user edit $user --note 'seen by ina'
done
for user in sue sly una dev sara; do
	refused "5.5 ina does not edit $user" 4 behind_sudo ina user edit $user --note 'seen by ina'
done
refused '5.5 nor herself' 4 behind_sudo ina user edit ina --unit /
has '5.5 she sees her own people' '\bnora\b' behind_sudo ina user list --columns name
lacks '5.5 and no others' '\bsue\b' behind_sudo ina user list --columns name
ok '5.5 she moves people within' behind_sudo ina user edit nora --unit /sales/south
refused '5.5 not out' 4 behind_sudo ina user edit nora --unit /support
refused '5.5 not nowhere' 4 behind_sudo ina user edit nora --clear unit
refused '5.5 and nobody in' 4 behind_sudo ina user edit sue --unit /sales
ok '5.5 she makes a designer of sam' behind_sudo ina user edit sam --add-role designer
refused '5.5 not a developer, which is more than she has' 4 \
	behind_sudo ina user edit sam --add-role developer
refused '5.5 not an administrator of all' 4 behind_sudo ina user edit sam --add-role administrator
refused '5.5 nor of elsewhere' 4 behind_sudo ina user edit sam --add-role administrator@/support
ok '5.5 but one of a part of hers' behind_sudo ina user edit sam --add-role administrator@/sales/north
ok '5.5 she takes on people for sales' behind_sudo ina user add sven --role participant \
	--first-name Sven --last-name Ek --unit /sales
refused '5.5 and not for support' 4 behind_sudo ina user add stig --role participant \
	--first-name Stig --last-name Ek --unit /support
refused '5.5 the policy is not hers' 4 behind_sudo ina role edit participant \
	--add-permission scripts.edit
ok '5.5 sara edits everybody: sue' behind_sudo sara user edit sue --unit /sales
ok '5.5 now ina does too' behind_sudo ina user edit sue --note 'seen by ina'
ok '5.5 sara edits the policy' behind_sudo sara role edit designer --add-permission scripts.edit
need '5.5 a designer' key_user desi designer
ok '5.5 designers design' hexa-admin can desi templates.design
refused '5.5 and configure nothing' 1 hexa-admin can desi site.configure
refused '5.5 nor see users' 4 behind_sudo desi user list
ok '5.5 ina loses the area' hexa-admin user edit ina --remove-role administrator@/sales
refused '5.5 and edits nobody' 4 behind_sudo ina user edit sam --note again
same '5.5 and logs in as before' ina ssh_key ina whoami

# ---- 5.6: what is known of a user ----

# field NAME FIELD: what sara sees in it
field()
{
	behind_sudo sara user show "$1" | sed -n "s/^$2  *//p"
}

need '5.6 an administrator of sales, by sara' behind_sudo sara user add iris --first-name Iris \
	--last-name Ek --role participant --role administrator@/sales --unit /sales
need '5.6 one who is next' behind_sudo sara user add nick --first-name Nick --last-name Ek --role participant
need '5.6 a user, by iris, with all of it at once' behind_sudo iris user add tor --first-name Tor \
	--last-name Ekman --email tor@example.org --unit /sales/north --license full --report-to iris \
	--route-to sam --escalate-to nora --role participant --role designer
while read -r name value; do
	same "5.6 $name" "$value" field tor "$name"
done <<'END'
first-name Tor
last-name Ekman
email tor@example.org
name tor
unit /sales/north
license full
report-to iris
route-to sam
escalate-to nora
status active
roles participant designer
END
has '5.6 all of it stands in the activity' '\biris\b.*user add +user +tor +escalate-to +nora' \
	behind_sudo sara activity list --user tor
ok '5.6 the status is changed' behind_sudo iris user suspend tor
same '5.6 to suspended' suspended field tor status
ok '5.6 and back' behind_sudo iris user resume tor
while read -r name value; do
	ok "5.6 each is changed: $name" behind_sudo iris user edit tor "--$name" "$value"
	same "5.6 and stands: $name" "$value" field tor "$name"
done <<'END'
first-name Tore
last-name Ekberg
email tore@example.org
unit /sales/south
license reader
report-to sam
route-to iris
escalate-to iris
END
ok '5.6 and the user name' behind_sudo iris user rename tor tore
has '5.6 by which the host knows him' '^tore:.*:Tore Ekberg:' as nobody getent passwd tore
refused '5.6 and no longer by the other' 2 getent passwd tor

# Whom somebody reports to is somebody, and does not report to them.
told '5.6 somebody who is not there' 3 'there is no user nobody-such' \
	behind_sudo sara user edit tore --report-to nobody-such
for name in report-to route-to escalate-to; do
	ok "5.6 sam's $name is nora" behind_sudo sara user edit sam --$name nora
	ok "5.6 tore's $name is sam" behind_sudo sara user edit tore --$name sam
	told "5.6 nora's is not tore: a circle: $name" 1 'circle: nora, tore, sam, nora' \
		behind_sudo sara user edit nora --$name tore
	told "5.6 nor nora: $name" 1 'circle: nora, nora' behind_sudo sara user edit nora --$name nora
	ok "5.6 but nick: $name" behind_sudo sara user edit nora --$name nick
done
ok '5.6 somebody may be named by address' behind_sudo sara user edit sue --report-to tore@example.org
same '5.6 it is the user name that is kept' tore field sue report-to
told '5.6 a new user name' 0 'the report-to of 1 user was tore, and is torsten now' \
	behind_sudo sara user rename tore torsten
same '5.6 is followed' torsten field sue report-to
told '5.6 who is deleted' 0 'the report-to of 1 user was torsten, and is nobody now' \
	behind_sudo sara user delete torsten --yes
same '5.6 is nobody'\''s superior' '' field sue report-to
has '5.6 as the activity says' '\bsara\b.*user delete +user +sue +report-to +torsten' \
	behind_sudo sara activity list --user sue

# ---- 5.1: add, edit, delete ----

same '5.1 sara adds a user' pdal \
	behind_sudo sara user add --first-name Pal --last-name Dal --role participant
ok '5.1 with a key' authorize pdal
same '5.1 who is in' pdal ssh_key pdal whoami
ok '5.1 edits one' behind_sudo sara user edit pdal --last-name Dahl --unit /support --add-role designer
same '5.1 which stands' 'Dahl /support participant designer' \
	echo "$(field pdal last-name) $(field pdal unit) $(field pdal roles)"
has '5.1 on the host too' '\bdesigner\b' ssh_key pdal id -Gn
told '5.1 and deletes one, asked first' 0 'Delete user pdal.*\?' \
	answer y as sara sudo -n hexa-admin user delete pdal
refused '5.1 who is out' 255 ssh_key pdal
refused '5.1 and unknown' 2 getent passwd pdal
told '5.1 to sara too' 3 'no such user' behind_sudo sara user edit pdal --note x
same '5.1 an administrator adds in the area' ldal \
	behind_sudo iris user add --first-name Lo --last-name Dal --role participant --unit /sales
need '5.1 with a key' authorize ldal
same '5.1 who is in' ldal ssh_key ldal whoami
ok '5.1 edits' behind_sudo iris user edit ldal --license reader
ok '5.1 and removes' behind_sudo iris user revoke ldal
refused '5.1 who is out' 255 ssh_key ldal
same '5.1 which sara sees' revoked field ldal status
for user in desi dev; do
	while read -r line; do
		# shellcheck disable=SC2086 # words
		told "5.1 $user does none of it: $line" 4 "$user may not do this" behind_sudo $user $line
	done <<-'END'
		user add --first-name A --last-name B --role participant
		user edit sam --note x
		user revoke sam
		user delete sam --yes
		user import /dev/null
	END
done

# ---- 5.3: roles ----

for user in pia per; do
	need "5.3 iris takes $user on, as a participant" behind_sudo iris user add $user --first-name ${user^} \
		--last-name Ek --role participant --unit /sales
done
need '5.3 with a key' authorize pia
same '5.3 who is in' pia ssh_key pia whoami
ok '5.3 and starts processes' hexa-admin can pia processes.start
refused '5.3 and designs none' 1 hexa-admin can pia processes.design
ok '5.3 both get a role' behind_sudo iris user edit pia per --add-role designer
for user in pia per; do
	ok "5.3 and design: $user" hexa-admin can $user processes.design
done
has '5.3 in the session too' 'HEXA_ROLES=.*\bdesigner\b' ssh_key pia env
ok '5.3 it is taken back' behind_sudo iris user edit pia --remove-role designer
refused '5.3 then not' 1 hexa-admin can pia processes.design
told '5.3 none that there is not' 3 'no role desiner' behind_sudo iris user edit pia --add-role desiner
told '5.3 none that is more than iris has' 4 'which you have not' \
	behind_sudo iris user add pim --first-name Pim --last-name Ek --role developer --unit /sales
told '5.3 none to oneself' 4 'this is your own account' behind_sudo iris user edit iris --add-role designer
need '5.3 sara defines a role' behind_sudo sara role add reviewer --title Reviewer --include participant \
	--permission reports.design
ok '5.3 and assigns it' behind_sudo sara user edit pia --add-role reviewer
ok '5.3 which gives what it has' hexa-admin can pia reports.design
has '5.3 and is a group' '\breviewer\b' ssh_key pia id -Gn

# ---- 5.2: import ----

install -d -o iris -g iris /srv/iris
cat >/srv/iris/people.csv <<'END'
name,first-name,last-name,email,unit,license,report-to,route-to,escalate-to,status,roles
,Åsa,Öberg,asa@example.org,/sales/north,full,ben,pia,cia,active,participant designer
ben,Ben,Falk,ben@example.org,/sales,reader,iris,,,suspended,participant
"cia","Cia","von ""Post"" jr",cia@example.org,/sales,full,ben,,,active,designer
END
cat >/srv/iris/more.json <<'END'
[
  {"name": "jon", "first-name": "Jon", "last-name": "Falk", "email": "jon@example.org",
   "unit": "/sales", "roles": ["participant"], "report-to": "ben"},
  {"first-name": "Jan", "last-name": "Falk", "unit": "/sales", "roles": ["participant", "designer"]}
]
END
cat >/srv/iris/wrong.csv <<'END'
name,first-name,last-name,email,unit,roles
dan,Dan,Falk,dan@example.org,/sales,participant
eva,Eva,Falk,eva@example,/sales,participent
eda,,Falk,eda@example.org,/sales,participant
eli,Eli,Falk,dan@example.org,/sales,participant
END
cat >/srv/iris/wrong.json <<'END'
[
  {"name": "dan", "first-name": "Dan", "last-name": "Falk", "unit": "/sales", "roles": ["participant"]},
  {"name": "eva", "first-name": "Eva", "last-name": "Falk", "unit": "/sales",
   "email": "eva@", "rolls": ["participant"]}
]
END
cat >/srv/iris/beyond.csv <<'END'
name,first-name,last-name,unit,roles
dan,Dan,Falk,/sales,participant
eva,Eva,Falk,/support,participant
eli,Eli,Falk,/sales,developer
END
sed 's/Falk/Falck/; s/reader/full/' /srv/iris/people.csv >/srv/iris/changed.csv

# imported FILE [OPTION…]: by iris, from her folder; what is said stands in /tmp/said too
imported()
{
	behind_sudo iris user import "/srv/iris/$1" "${@:2}" >/tmp/said 2>&1
	local status=$?
	cat /tmp/said
	return $status
}
# users: all of them, and how often each was changed
users()
{
	hexa-admin user list --csv --columns name,last-name,version | sed 1d
}
before=$(users)
told '5.2 a dry run says whom it would make' 0 '^line 2: make aoberg$' imported people.csv --dry-run
has '5.2 and with what' '^  escalate-to: cia$' cat /tmp/said
has '5.2 and how many' '^made 3, changed 0, same 0$' cat /tmp/said
told '5.2 who is only in a file is not there' 6 '/more\.json:3:.*there is no user ben' imported more.json --dry-run
told '5.2 a mistake is told, with line and column' 6 '/wrong\.csv:3:14: email: ' imported wrong.csv
has '5.2 and so is another in that line' '/wrong\.csv:3:33: .*participent' cat /tmp/said
has '5.2 and each in the others' '/wrong\.csv:4:5: first-name is required' cat /tmp/said
has '5.2 and what two lines have together' '/wrong\.csv:5:14: email: .*dan@example.org' cat /tmp/said
told '5.2 in JSON' 6 '/wrong\.json:4:13: email: ' imported wrong.json
has '5.2 another there' '/wrong\.json:4:21: .*rolls.*roles' cat /tmp/said
told '5.2 beyond the area' 6 '/beyond\.csv:3:.*does not reach' imported beyond.csv
has '5.2 and beyond what iris has' '/beyond\.csv:4:.*which you have not' cat /tmp/said
told '5.2 a file that iris may not read' 6 'Permission denied' behind_sudo iris user import /etc/shadow
same '5.2 all of that made nobody, and changed nobody' "$before" users

same '5.2 what is right is imported, and a name that was made is told' aoberg imported people.csv
same '5.2 of JSON too' jfalk imported more.json
same '5.2 all are there' 'aoberg ben cia jon jfalk' \
	sh -c 'sudo -u iris sudo -n hexa-admin user list --csv --columns name --filter created="$(date -u +%F)" |
		tail -n 5 | xargs'
same '5.2 with all that was said' \
	'Åsa,Öberg,asa@example.org,/sales/north,full,ben,pia,cia,active,participant designer' \
	sh -c 'hexa-admin user list --filter name=aoberg --csv \
	--columns first-name,last-name,email,unit,license,report-to,route-to,escalate-to,status,roles | sed 1d'
for user in aoberg ben jon; do
	need "5.2 $user has a key" authorize $user
done
same '5.2 an imported user is in' aoberg ssh_key aoberg whoami
same '5.2 one of JSON is' jon ssh_key jon whoami
refused '5.2 one who is suspended is not' 255 ssh_key ben
has '5.2 it is in the activity' '\biris\b.*user import +user +cia +license +full' \
	behind_sudo sara activity list --user cia
before=$(users)
told '5.2 once more: they are there' 6 '/people\.csv:3:1: .*ben' imported people.csv
told '5.2 with --update: nothing to change' 0 '^made 0, changed 0, same 3$' imported people.csv --update --dry-run
ok '5.2 and nothing is changed' imported people.csv --update
same '5.2 nobody is' "$before" users
told '5.2 a change is told beforehand' 0 '^  last-name: Falk -> Falck$' imported changed.csv --update --dry-run
same '5.2 and not made' Falk field ben last-name
ok '5.2 it is made' imported changed.csv --update
same '5.2 and stands' 'Falck full' echo "$(field ben last-name) $(field ben license)"
before=$(users)
ok '5.2 what is exported' sh -c 'hexa-admin user export >/tmp/all.csv &&
	hexa-admin user export --format json >/tmp/all.json'
for file in all.csv all.json; do
	ok "5.2 and imported: $file" hexa-admin user import /tmp/$file --update
	same '5.2 changes nothing' "$before" users
done

# On a host whose users are in its files and with Hexa: another source, as systemd here, is asked about each row.
sed -i '/^passwd:/s/ systemd//; /^group:/s/ systemd//' /etc/nsswitch.conf
rows=100000
awk -v rows=$rows 'BEGIN {
	print "name,first-name,last-name,email,unit,roles"
	for (i = 1; i <= rows; i++)
		printf "u%06d,U%d,Berg,u%d@example.org,/sales/n%d,participant\n", i, i, i, i % 100
}' >/tmp/many.csv
# In seconds of a processor: the machine may give it little of one.
ok "5.2 $rows rows" prlimit --cpu=200 hexa-admin user import /tmp/many.csv
same '5.2 make as many' $rows \
	sh -c 'hexa-admin user list --filter unit=/sales --columns name --csv | grep -c "^u[0-9]"'
same '5.2 no uid twice' '' sh -c 'hexa-admin user list --columns uid --csv | sort | uniq -d'
same '5.2 nor where programs look' '' sh -c 'getent passwd | cut -d : -f 3 | sort | uniq -d'
need '5.2 the last has a key' authorize u100000
same '5.2 and is in' u100000 ssh_key u100000 whoami
has '5.2 in the middle they have the role' '\bparticipant\b' prlimit --cpu=10 id -Gn u050000

same_sshd 'all through, sshd is the same process'
