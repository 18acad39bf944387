# The client center: roles as the rungs of one ladder.
# The number before a check is the row of that system that it shows.

# days_ago N CMD…: CMD, by a clock that is so many days behind
cat >/tmp/ago.c <<'END'
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

time_t
time(time_t *now)
{
	struct timespec at;

	syscall(SYS_clock_gettime, CLOCK_REALTIME, &at);
	at.tv_sec -= atol(getenv("DAYS")) * 86400;
	if (now != NULL)
		*now = at.tv_sec;
	return at.tv_sec;
}
END
days_ago()
{
	DAYS=$1 LD_PRELOAD=/tmp/ago.so ASAN_OPTIONS=verify_asan_link_order=0 "${@:2}"
}
need 'a clock that is behind' cc -shared -fPIC -o /tmp/ago.so /tmp/ago.c

need 'a new database with the preset, of 60 days ago' days_ago 60 hexa-admin init --preset client-center
for row in 40:Elna 29:Nina; do
	need "${row#*:}, taken on ${row%:*} days ago" days_ago ${row%:*} hexa-admin user add \
		--role l20-viewer --first-name ${row#*:} --last-name Berg "$(tr A-Z a-z <<<${row#*:})"
done
need 'the host is switched on' hexa-admin host enable
# What the person's own ssh sends is let through.
sshd_extra='AcceptEnv HEXA_*'
need 'sshd' sshd_start
need 'hexa-admin behind sudo' sudo_hexa_admin
need 'level 20' key_user vera l20-viewer
need 'level 40' key_user bert l40-buyer
need 'level 60' key_user ada l60-approver
need 'level 80' key_user dora l80-admin
need 'level 90' key_user olle l90-owner

# field NAME FIELD: what dora sees in it
field()
{
	behind_sudo dora user show "$1" | sed -n "s/^$2  *//p"
}

# table USER…: the columns of the page, as USER sees them
table()
{
	behind_sudo "$1" user list --csv --columns display,roles,access-back,note "${@:2}" | sed 1d
}

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
ok '3.4 the role is enabled' hexa-admin role enable l60-approver

# ---- 3.4: and of activity no more than that ----

# activity_of USER NAME…: of which of these USER finds something in the activity
activity_of()
{
	local user=$1 name
	shift
	for name; do
		behind_sudo "$user" activity list --user "$name" | grep -qw "$name" && echo "$name"
	done | xargs
}
# began USER: the first action that USER finds
began()
{
	behind_sudo "$1" activity list --csv --limit 1 | sed 1d | cut -d, -f5
}
same '3.4 level 90 looks ten years back' 'elna nina cora' activity_of olle elna nina cora
same '3.4 which is to where it begins' init began olle
ok '3.4 a number of his own' hexa-admin user edit olle --access-back 30
same '3.4 hides what is further back' 'nina cora' activity_of olle elna nina cora
same '3.4 all of it' 'user add' began olle
lacks '3.4 however it is asked for' '\b(elna|init)\b' \
	behind_sudo olle activity list --since 2000-01-01 --actor root
told '3.4 he does not change the number' 4 'this is your own account' \
	behind_sudo olle user edit olle --access-back 3650
told '3.4 and lets nobody see further' 4 'you may see 30 days back' \
	behind_sudo olle user edit vera --access-back 31
ok '3.4 as far as himself he does' behind_sudo olle user edit vera --access-back 30
ok '3.4 or not that far' behind_sudo olle user edit vera --access-back 10
has '3.4 root sees all, still' '\belna\b' hexa-admin activity list --user elna
ok '3.4 fewer days' hexa-admin user edit olle --access-back 20
same '3.4 hide more' cora activity_of olle elna nina cora
ok '3.4 the number is cleared' hexa-admin user edit olle --clear access-back
same '3.4 he sees all again' 'elna nina cora' activity_of olle elna nina cora
told '3.4 level 80 sees no activity at all' 4 'needs hexa\.activity\.view' behind_sudo dora activity list

# ---- 3.2: the table ----

same '3.2 users as Name <login> [UserType:DB], with role, days and note' \
'Elna Berg <elna> [employee:local],l20-viewer,,
Nina Berg <nina> [employee:local],l20-viewer,,
Vera Berg <vera> [employee:local],l20-viewer,10,
Bert Berg <bert> [employee:local],l40-buyer l60-approver,,
Ada Berg <ada> [employee:local],l60-approver,,
Dora Berg <dora> [employee:local],l80-admin,,
Olle Berg <olle> [employee:local],l90-owner,,
Cora Berg <cora> [client:local],l20-viewer l40-buyer,,seen by pia
Bea Berg <bea> [client:local],l20-viewer,,
Duo Berg <duo> [client:local],l20-viewer,,
Pia Berg <pia> [employee:local],l20-viewer l80-admin@client:acme,,' \
	table dora
same '3.2 to an admin of acme, its own' \
	'Cora Berg <cora> [client:local],l20-viewer l40-buyer,,seen by pia' table pia
same '3.2 sorted by it' 'Duo Berg <duo> [client:local]
Cora Berg <cora> [client:local]
Bea Berg <bea> [client:local]' \
	sh -c 'sudo -u dora sudo -n hexa-admin user list --filter type=client --sort display:desc --csv \
		--columns display | sed 1d'
told '3.2 below level 80 there is no table' 4 'ada may not do this' behind_sudo ada user list --columns display

# ---- 3.5: notes ----

ok '3.5 a note is made' behind_sudo dora user edit vera --note 'Rings before 9, never on "Fridays"; Ärende 7'
same '3.5 it is in the table' \
	'Vera Berg <vera> [employee:local],l20-viewer,10,"Rings before 9, never on ""Fridays""; Ärende 7"' \
	table dora --filter name=vera
ok '3.5 it is changed' behind_sudo dora user edit vera --note 'Moved'
same '3.5 and is another' Moved field vera note
has '3.5 as the activity says' '\bdora\b.*vera +note +Rings before 9.*Moved' \
	behind_sudo olle activity list --user vera --actor dora
told '3.5 a note is one line' 6 '^hexa-admin: note: ' behind_sudo dora user edit vera --note $'a\nb'
told '3.5 and nobody'\''s own to write' 4 'note: nobody changes this of their own account' \
	as vera hexa-admin self edit --note 'a fine person'
ok '3.5 who likes has none' behind_sudo dora user edit vera --clear note
same '3.5 then there is none' '' field vera note

# ---- 3.7: any detail is edited ----

need '3.7 a site' hexa-admin site add dock --client acme
# Each option of user edit, with a value by the word that stands for it in the help.  A home is where
# pam_mkhomedir makes a folder as root: that one is not everybody's to give.
options()
{
	hexa-admin help user edit | sed -n 's/^  --\([a-z-]*\) \([^ ]*\) .*/\1 \2/p' |
		grep -Ev '^(remove-.*|ungrant|clear|home) '
}
edits_any()
{
	local option word value show=/tmp/edited
	while read -r option word; do
		case $option,$word in
		type,*) continue ;;
		valid-until,*) value=2099-12-31 ;;
		add-client,*) value=acme ;;
		add-site,*) value=dock ;;
		*,TEXT) value='Another text' ;;
		*,EMAIL) value=elna@example.com ;;
		*,PHONE) value=+46701239999 ;;
		*,ROLE*) value=l40-buyer ;;
		*,PERMISSION*) value=orders.approve ;;
		*,UNIT) value=/purchases ;;
		*,USER) value=ada ;;
		*,N) value=77 ;;
		*,TIME) value=2026-01-01 ;;
		*,PATH) value=/bin/dash ;;
		*) value=word ;;
		esac
		behind_sudo dora user edit elna "--$option" "$value" || { echo "--$option $value"; return 1; }
		behind_sudo dora user show elna >$show
		grep -Eq "^${option#add-}s? .*${value//+/\\+}" $show ||
			{ echo "--$option $value"; cat $show; return 1; }
		behind_sudo olle activity list --user elna --actor dora | grep -qF -- "$value" ||
			{ echo "--$option: nothing in the activity"; return 1; }
	done < <(options)
}
ok '3.7 there are details' test "$(options | wc -l)" -ge 18
ok '3.7 dora edits each, which stands, and is in the activity' edits_any
has '3.7 the host knows' '^elna:.*:Another text Another text:.*:/bin/dash$' as nobody getent passwd elna
ok '3.7 elna becomes a client' behind_sudo dora user edit elna --type client
same '3.7 which is shown' 'Another text Another text <elna> [client:local]' \
	sh -c 'sudo -u dora sudo -n hexa-admin user list --filter name=elna --csv --columns display | sed 1d'
told '3.7 but no home where only root makes folders' 4 '^hexa-admin: home: ' \
	behind_sudo dora user edit elna --home /etc/systemd/system/ssh.service.d
told '3.7 nor of who is taken on' 4 '^hexa-admin: home: ' behind_sudo olle user add --role l20-viewer \
	--first-name M --last-name M --home /etc/systemd/system/ssh.service.d
told '3.7 not by level 60' 4 'ada may not do this' behind_sudo ada user edit elna --profession Buyer
told '3.7 nor what is not one'\''s own to give' 4 'which you have not' \
	behind_sudo dora user edit elna --grant contracts.sign
told '3.7 nor of who has more' 4 'olle .*which you have not' behind_sudo dora user edit olle --profession Owner

# ---- 3.6, 3.8: an admin of acme gives access, and takes it ----

ok '3.6 the host is acme'\''s' hexa-admin host set --client acme
# registered NAME CLIENT ROLE: somebody who is known, and has no access
registered()
{
	client_user "$1" "$2" && hexa-admin user revoke "$1" && hexa-admin user edit "$1" --clear roles
}
need '3.6 rune of acme is registered' registered rune acme
need '3.6 ruth of acme too' registered ruth acme
need '3.6 berit of bolt too' registered berit bolt
rune=$(id -u rune)
for user in rune ruth berit; do
	refused "3.6 $user is not in" 255 ssh_key $user
done
told '3.6 an address that nobody has is an error' 3 'no user has the e-mail address nobody@example.org' \
	behind_sudo pia user restore --email nobody@example.org --role l20-viewer
told '3.6 and so is another customer'\''s' 3 'no user has the e-mail address berit@example.org' \
	behind_sudo pia user restore --email berit@example.org --role l20-viewer
told '3.6 level 60 adds nobody' 4 'ada may not do this' \
	behind_sudo ada user restore --email rune@example.org --role l20-viewer
told '3.6 nobody gives more than they have' 4 'which you have not' \
	behind_sudo pia user restore --email rune@example.org --role l90-owner
told '3.6 a role is needed' 2 'role' behind_sudo pia user restore --email rune@example.org
told '3.6 and one that there is' 3 'l21-viewer' \
	behind_sudo pia user restore --email rune@example.org --role l21-viewer
refused '3.6 after all that he is not in' 255 ssh_key rune
same '3.6 by his address he is added, and his name filled in' rune \
	behind_sudo pia user restore --email Rune@Example.org --role l20-viewer
ok '3.6 with the days that he may see' behind_sudo pia user edit rune --access-back 14
same '3.6 he is in the table' 'Rune Berg <rune> [client:local],l20-viewer,14,' table pia --filter name=rune
same '3.6 and is in' rune ssh_key rune whoami
same '3.6 with those days' 14 ssh_key rune printenv HEXA_ACCESS_BACK
same '3.6 he is who he was' "$rune" id -u rune
told '3.6 who has access is not added again' 5 'rune has rune@example.org already' \
	behind_sudo pia user restore --email rune@example.org --role l20-viewer
same '3.6 an owner adds anybody' berit \
	behind_sudo olle user restore --email berit@example.org --role l20-viewer
same '3.6 an admin an admin of the same' ruth \
	behind_sudo pia user restore --email ruth@example.org --role l80-admin@client:acme
has '3.6 who then sees acme'\''s people' '\brune\b' behind_sudo ruth user list --columns name

install -d -o rune -g rune /srv/rune
as rune touch /srv/rune/order
told '3.8 level 60 takes nobody'\''s access' 4 'ada may not do this' behind_sudo ada user revoke rune
told '3.8 nor does pia that of another customer'\''s' 4 'does not reach' behind_sudo pia user revoke berit
refused '3.8 nor her own' 4 behind_sudo pia user revoke pia
ok '3.8 pia takes rune'\''s' behind_sudo pia user revoke rune
refused '3.8 he is out' 255 ssh_key rune
logged '3.8 as the log says' '"rune" refused.*revoked'
same '3.8 and user check' not-active verdict rune --service sshd
same '3.8 the user is there: the owner of his files' 'rune rune' stat -c '%U %G' /srv/rune/order
same '3.8 to programs' "rune $rune" sh -c 'getent passwd rune | cut -d: -f1,3 | tr : " "'
same '3.8 and the record' 'Rune Berg <rune> [client:local],l20-viewer,14,' table pia --filter status=revoked
told '3.8 which pia does not delete' 4 'needs hexa\.users\.delete' behind_sudo pia user delete rune --yes
same '3.8 ruth is as she was' ruth ssh_key ruth whoami
ok '3.8 it is given back' behind_sudo pia user restore rune
same '3.8 he is in' rune ssh_key rune whoami
same '3.8 as who he was' "$rune" ssh_key rune id -u
has '3.8 all of it is in the activity' '\bpia\b.*user revoke +user +rune +status +active +revoked' \
	behind_sudo olle activity list --user rune

same_sshd 'all through, sshd is the same process'
