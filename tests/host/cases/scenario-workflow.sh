# Workflow: accounts that no person uses, and administrators of an area.
# The number before a check is the row of that system that it shows.

client=$O/tests/pam/client
dev=devs-Long-password-1

need 'a new database with the preset, and the host switched on' hexa_enable --preset workflow
need 'sshd' sshd_start
need 'hexa-admin behind sudo' sudo_hexa_admin

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
ok '5.4 and given back' hexa-admin role edit integration --add-permission feeds.push
same '5.4 and it is in' erp ssh_key erp whoami

# ---- 5.5: a site, and its areas ----

need '5.5 a site administrator' key_user sara site-administrator
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

same_sshd 'all through, sshd is the same process'
