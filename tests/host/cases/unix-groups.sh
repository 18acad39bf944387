# Groups of the host that a permission names: in `id` and in sessions, not in the group's own list; gone with
# the permission, and gone when a grant ends, without anybody doing anything.

cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
permissions:
  shell.login:    {title: Log in, services: [sshd, login, su, su-l]}
  containers.run: {title: Run containers, unix-groups: [docker]}
  parcels.see:    {title: See parcels, unix-groups: [parcels, not-here-yet]}
roles:
  technician: {title: Technician, permissions: [shell.login]}
  packer:     {title: Packer, includes: [technician], permissions: [containers.run]}
  visitor:    {title: Visitor}
END
getent group docker >/dev/null || need 'a group of the host' groupadd --system docker
need 'one that is not the system'\''s' groupadd parcels
docker_line=$(getent group docker)
parcels_line=$(getent group parcels)
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'sshd' sshd_start
need 'anna, who is no packer' key_user anna technician
need 'paul, who is' key_user paul packer
# What a member of the group may read.
install -m 640 -g docker /dev/null /srv/socket && echo of-the-group >/srv/socket

# in_group GROUP USER: by id, which any program may ask
in_group()
{
	as nobody id -Gn "$2" | tr ' ' '\n' | grep -x "$1"
}
# session_group GROUP USER: in a session of theirs
session_group()
{
	ssh_key "$2" id -Gn | tr ' ' '\n' | grep -x "$1"
}

# ---- a role's permission ----

same 'paul is in the group: id' docker in_group docker paul
same 'and the session' docker session_group docker paul
same 'which may do what the group may' of-the-group ssh_key paul cat /srv/socket
same 'by su too' of-the-group su paul -c 'cat /srv/socket'
same 'the group is the host'\''s own answer, and does not list him' "$docker_line" \
	getent group docker
refused 'anna is not: id' 1 in_group docker anna
refused 'nor the session' 1 session_group docker anna
refused 'which may not' 1 ssh_key anna cat /srv/socket
ok 'anna becomes a packer' hexa-admin user edit anna --add-role packer
same 'and is in it at the next login' of-the-group ssh_key anna cat /srv/socket
ok 'the role loses the permission' hexa-admin role edit packer --remove-permission containers.run
for user in anna paul; do
	refused "$user is out of it: id" 1 in_group docker $user
	refused "and the session" 1 ssh_key $user cat /srv/socket
	same "$user is let in" $user ssh_key $user whoami
done
ok 'the role gets it back' hexa-admin role edit packer --add-permission containers.run
same 'paul is in it' docker session_group docker paul
ok 'the role is disabled' hexa-admin role disable packer
refused 'paul is not in it' 1 in_group docker paul
ok 'and enabled' hexa-admin role enable packer
ok 'anna is no packer' hexa-admin user edit anna --remove-role packer
refused 'anna is out of it' 1 session_group docker anna

# ---- a group above 1000, and one that comes later ----

ok 'a group of the host'\''s users' hexa-admin user edit anna --grant parcels.see
same 'anna is in it: id' parcels in_group parcels anna
same 'and the session' parcels session_group parcels anna
same 'it is the host'\''s own answer' "$parcels_line" getent group parcels
refused 'a group that the host has not' 2 getent group not-here-yet
same 'keeps nobody out' anna ssh_key anna whoami
ok 'it comes' groupadd not-here-yet
same 'the login after that is in it' not-here-yet session_group not-here-yet anna
same 'and id says so' not-here-yet in_group not-here-yet anna
ok 'it goes' groupdel not-here-yet
ok 'at a login after that' ssh_key anna
lacks 'she has no number without a name' '[0-9]' ssh_key anna 'id -Gn | tr " " "\n" | grep -v [a-z]'
ok 'the grant is taken back' hexa-admin user edit anna --ungrant parcels.see
refused 'she is out' 1 session_group parcels anna

# ---- a grant that ends ----

need 'vic' key_user vic visitor
refused 'vic has nothing, and is out' 255 ssh_key vic
# What is so until the end comes
until_then()
{
	hexa-admin user edit anna --grant "containers.run@$end"
	hexa-admin user edit vic --grant "shell.login@$end"
	hexa-admin user edit paul --grant 'containers.run@2999-12-31'
	ssh_key anna id -Gn >/tmp/annas
	ssh_key vic whoami >/tmp/vics
	in_group docker anna >/tmp/annas-id
	true
}
need 'an end that comes' before_end until_then
has 'until the end, anna is in the group: session' '\bdocker\b' cat /tmp/annas
same 'and id' docker cat /tmp/annas-id
same 'and vic is let in' vic cat /tmp/vics
ok 'the end comes' await past "$end"
# su looks the groups up right after the decision: nothing that were done behind it would be in time.
lacks 'the login after it is out of the group' '\bdocker\b' su anna -c 'id -Gn'
refused 'and so is every other' 1 session_group docker anna
same 'she is let in' anna ssh_key anna whoami
refused 'id says so too' 1 in_group docker anna
refused 'she has not the permission' 1 hexa-admin can anna containers.run
refused 'vic is out' 255 ssh_key vic
same 'for that reason' no-permission verdict vic --service sshd
same 'a grant that has not ended' docker session_group docker paul
ok 'vic gets another end' hexa-admin user edit vic --grant shell.login@2999-12-31
same 'and is in' vic ssh_key vic whoami
ok 'anna, for good' hexa-admin user edit anna --grant containers.run
same 'is in the group' docker session_group docker anna

# ---- what a group can never be ----

ok 'root'\''s own group' sh -c 'sed "s/docker/root/" /tmp/policy.yaml >/tmp/root.yaml'
hexa-admin policy apply /tmp/root.yaml
refused 'is nobody'\''s, whatever a policy says' 1 in_group root paul
refused 'nor in a session' 1 session_group root paul
same 'who is let in' paul ssh_key paul whoami
