# Names and ids that are, or become, somebody else's: local users and groups that come later, uids that come
# back, names that are root's equal somewhere, and names that are none.

anna=annas-Long-password-1
other=local-Long-password-1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna --email anna@example.org --phone +46701234567
need 'bob is one too' hexa_user bob technician $anna
need 'sshd' sshd_start
need 'anna has a key' authorize anna
uid=$(id -u anna)
bob=$(id -u bob)

# ---- names that are given to nobody ----

for name in root sudo wheel admin adm docker operator backup shadow disk lxd libvirt kmem staff nobody \
	hexa-admins daemon; do
	refused "a user cannot become $name" 5 hexa-admin user rename bob $name
	refused "nor a role's group" 6 hexa-admin role edit visitor --group $name
done
ok 'a role with a group' hexa-admin role edit visitor --group lodgers
refused 'no other role has that group' 5 hexa-admin role add lodger --title L --group lodgers
refused 'nor as its own name' 5 hexa-admin role add lodgers --title L
refused 'nor a user' 5 hexa-admin user rename bob lodgers
refused 'nor is a user'\''s name a group' 5 hexa-admin role edit visitor --group bob
cat >/tmp/twice.yaml <<'END'
hexa-policy: 1
permissions: {a.b: {}}
roles:
  technician: {permissions: [a.b]}
  visitor: {group: crew}
  maintainer: {group: crew}
END
refused 'nor two in one policy' 6 hexa-admin policy apply /tmp/twice.yaml

# ---- names that the host's own files still have ----

printf 'docker:x:990:\n' >>/etc/group
printf 'docker:!:stale:older\n' >>/etc/gshadow
echo 'permit nopass deploy' >/etc/doas.conf
for name in stale older deploy; do
	refused "$name is given to nobody" 5 hexa_user $name technician $anna
done
rm /etc/doas.conf
sed -i '/^docker:/d' /etc/group /etc/gshadow
ok 'and is, when they have it no longer' hexa_user stale technician $anna
ok 'and goes again' hexa-admin --yes user delete stale

# ---- a uid comes back ----

chown bob /srv && ok 'bob goes' hexa-admin --yes user delete bob
ok 'carol comes' hexa_user carol technician $anna
lacks 'not with his uid' "^$bob$" id -u carol
ok "his files stay nobody's" test "$(stat -c %u /srv)" = "$bob"
refused 'his name is not given again so soon' 5 hexa_user bob technician $anna
echo "mallory:x:$bob:$bob::/tmp:/bin/sh" >>/etc/passwd
refused 'whoever has his uid now is not he to hexa-admin' 4 env SUDO_UID="$bob" hexa-admin user list
has 'and the doctor says nothing wrong of carol' '^ok|^good|local-users' hexa-admin doctor
sed -i '/^mallory/d' /etc/passwd

# ---- a local user of the same uid comes later ----

# As a backup of another host, useradd --non-unique or a tool that writes the file may make one.
same 'anna is in' "$uid" ssh_login anna $anna id -u
same 'with a key' "$uid" ssh_key anna id -u
ok 'lars of this host has her uid' useradd --non-unique --uid "$uid" --create-home --shell /bin/bash lars
chmod 700 /home/lars
echo 'lars ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/lars
chmod 440 /etc/sudoers.d/lars
echo "lars:$other" | chpasswd
refused 'anna is not let in as lars' 255 ssh_login anna $anna sudo -n id
refused 'by her address' 255 ssh_login anna@example.org $anna id
refused 'nor with a key' 255 ssh_key anna id
lacks 'which sshd is not told' ssh- /usr/libexec/hexa/hexa-authorized-keys anna
refused 'nor by su' 1 answer $anna as nobody su anna -c id
refused 'not even of root' 1 su anna -c id
has 'user check says why' 'lars.* uid' hexa-admin user check anna --service sshd
has 'so does doctor' '^error local-users: lars' hexa-admin doctor
same 'lars logs in' 0 ssh_login lars $other sudo -n id -u
lacks 'and sees nothing of her' anna ssh_login lars $other hexa-admin self show
ok 'carol logs in, too' ssh_login carol $anna true
rm /etc/sudoers.d/lars
sed -i '/^lars:/d' /etc/passwd /etc/shadow /etc/group /etc/gshadow
same 'lars is gone, and anna is in' "$uid" ssh_login anna $anna id -u

# ---- a local user of the same name comes later ----

by_key()
{
	ssh "${ssh_options[@]}" -o PreferredAuthentications=publickey -i "$keys/anna" -l "$1" 127.0.0.1 "${@:2}"
}
same 'by her address, while the name is hers' "$uid" ssh_login anna@example.org $anna id -u
same 'and with a key' "$uid" by_key anna@example.org id -u
refused 'useradd sees anna' 9 useradd anna
echo 'anna:x:4711:4711:Local Anna:/tmp:/bin/bash' >>/etc/passwd
echo 'anna:!:19000::::::' >>/etc/shadow
echo "anna:$other" | chpasswd
sed -i 's/^sudo:.*/&anna/' /etc/group
has 'the doctor says so' '^error local-users' hexa-admin doctor
same 'the local one is the one' 4711 id -u anna
refused 'the password of Hexa is not hers' 255 ssh_login anna $anna
same 'her own is' 4711 ssh_login anna $other id -u
# By an address or number the directory would still lead to Hexa's anna, whose groups the host would take by
# the name that the two share.
refused 'an address is no way round' 255 ssh_login anna@example.org $anna id -G
refused 'nor a number' 255 ssh_login +46701234567 $anna id -G
refused 'nor a key with one' 255 by_key anna@example.org id -G
