# Users and groups that only systemd knows (nss-systemd(8)): nobody gets their name or id, be it one user or a
# file of them.

need 'a new database, and the host switched on' hexa_enable
has 'systemd is one of the sources' '^passwd:.* systemd ' cat /etc/nsswitch.conf
need 'a role' hexa-admin role add builder --group no
add()
{
	hexa-admin user add "$1" --first-name Una --last-name Ulm --role builder
}
# import NAME…: a file with these
import()
{
	printf 'name,first-name,last-name,roles\n' >/tmp/users.csv
	printf '%s,Una,Ulm,builder\n' "$@" >>/tmp/users.csv
	hexa-admin user import /tmp/users.csv
}
ok 'the first user' add first
first=$(id -u first)

# record KIND NAME ID: as systemd-userdbd(8) has it
record()
{
	mkdir -p /etc/userdb &&
		if [ "$1" = user ]; then
			echo "{\"userName\": \"$2\", \"uid\": $3, \"gid\": $3, \"disposition\": \"regular\"}"
		else
			echo "{\"groupName\": \"$2\", \"gid\": $3, \"disposition\": \"regular\"}"
		fi >"/etc/userdb/$2.$1" && ln -s "$2.$1" "/etc/userdb/$3.$1"
}
need 'a user record with the next id' record user lena $((first + 1))
need 'a group record with the one after it' record group crew $((first + 2))
has 'the host knows lena' "^lena:.*:$((first + 1)):" getent passwd lena
has 'and her id' '^lena:' getent passwd $((first + 1))
has 'and crew' "^crew:.*:$((first + 2)):" getent group crew
refused 'nobody becomes lena' 5 add lena
told 'nor by a file' 6 'users.csv:3:1: .*lena' import zoe lena
refused 'nor crew' 5 add crew
told 'nor by a file' 6 'users.csv:2:1: .*crew' import crew
refused 'nor is a role'\''s group crew' 6 hexa-admin role add crew
ok 'zoe comes by a file' import zoe
same 'with neither id' $((first + 3)) id -u zoe

# ---- where systemd may know more than it lists ----

need 'a service that is not known to list' sh -c \
	'mkdir -p /run/systemd/userdb && touch /run/systemd/userdb/org.example.Users'
refused 'nobody becomes lena' 5 add lena
told 'nor by a file' 6 'users.csv:2:1: .*crew' import crew
need 'another record' record user olga $((first + 4))
ok 'ina comes' add ina
same 'with an id of nobody'\''s' $((first + 5)) id -u ina
rm -r /run/systemd

# ---- and when they are gone ----

rm -r /etc/userdb
ok 'lena is free' add lena
ok 'and crew' import crew
