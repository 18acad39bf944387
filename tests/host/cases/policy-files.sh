# Policies that are wrong: what is empty gives nobody anything, what is a mistake changes nothing, and none of
# them takes long.

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'sshd' sshd_start
need 'anna is a technician' key_user anna technician
need 'bob is a visitor' key_user bob visitor
cora()
{
	key_user cora technician --type client --email cora@example.org --phone +46701234567
}
need 'cora is a client user' cora

# ---- wrong ones ----

before=$(hexa-admin activity verify)
# wrong NAME REGEX: the policy on standard input is refused at a line and column, in time, and changes nothing
wrong()
{
	cat >/tmp/wrong.yaml
	refused "$1" 6 prlimit --cpu=10 hexa-admin policy apply /tmp/wrong.yaml
	has "$1: says where" "^hexa-admin: /tmp/wrong.yaml:[0-9]+:[0-9]+: $2" \
		prlimit --cpu=10 hexa-admin policy check /tmp/wrong.yaml
}
wrong 'nothing' 'expected a policy' </dev/null
wrong 'a document of nothing' '' <<<'---'
wrong 'null' '' <<<null
wrong 'no roles, said so' '' <<<$'hexa-policy: 1\nroles: null'
wrong 'nothing where a list stands' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: }'
wrong 'null where a list stands' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: null}'
wrong 'a tilde' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: ~}'
wrong 'a word where a list stands' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: "*"}'
wrong 'an empty name in a list' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: [""]}'
wrong 'a permission that there is not' '' \
	<<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: [shell.logn]}'
wrong 'a key that there is not' '' \
	<<<$'hexa-policy: 1\npermissions:\n  shell.login: {service: [sshd]}'
wrong 'a service that is none' '' \
	<<<$'hexa-policy: 1\npermissions:\n  shell.login: {services: ["ss hd"]}'
for key in services types unix-groups; do
	wrong "an empty list that would say nothing: $key" '' \
		<<<$'hexa-policy: 1\npermissions:\n  shell.login: {'$key': []}'
done
wrong 'a type that there is not' '' \
	<<<$'hexa-policy: 1\npermissions:\n  shell.login: {types: [employees]}'
wrong 'a role twice' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {}\n  visitor: {}'
wrong 'a key twice' '' \
	<<<$'hexa-policy: 1\nroles:\n  visitor: {permissions: [], permissions: ["*"]}'
wrong 'a section twice' '' <<<$'hexa-policy: 1\nroles: {}\nroles: {}'
wrong 'a circle' '' \
	<<<$'hexa-policy: 1\nroles:\n  visitor: {includes: [technician]}\n  technician: {includes: [visitor]}'
wrong 'a level without a ladder' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {level: 20}'
wrong 'an octal level' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {ladder: x, level: 020}'
wrong 'a word that may mean yes' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {disabled: on}'
wrong 'two documents' '' <<<$'hexa-policy: 1\n---\nhexa-policy: 1'
wrong 'an anchor' '' <<<$'hexa-policy: 1\nroles: &a {}\npermissions: *a'
wrong 'a merge' '' <<<$'hexa-policy: 1\nroles:\n  visitor: {<<: {permissions: ["*"]}}'
wrong 'a tag' '' <<<$'hexa-policy: !!python/object 1'
wrong 'a billion laughs' '' < <(
	echo 'hexa-policy: 1'
	echo 'a: &a [x, x, x, x, x, x, x, x, x]'
	for name in b c d e f g h i; do
		last=$(echo $name | tr b-i a-h)
		echo "$name: &$name [*$last, *$last, *$last, *$last, *$last, *$last, *$last, *$last]"
	done
)
wrong 'a million deep' '' < <(printf 'hexa-policy: 1\nroles: '; perl -e 'print "[" x 1000000')
wrong 'a million deep, of maps' '' < <(printf 'hexa-policy: 1\nroles: '; perl -e 'print "{a: " x 1000000')
wrong 'a name without an end' '' < <(
	printf 'hexa-policy: 1\nroles:\n  '
	perl -e 'print "a" x 1000000, ": {}\n"'
)
same 'none has changed anything' "$before" hexa-admin activity verify
same 'anna is in' anna ssh_key anna whoami
refused 'bob is out' 255 ssh_key bob

# ---- empty ones: they are policies, and give nothing ----

# applied NAME YAML
applied()
{
	echo "$2" >/tmp/policy.yaml
	ok "$1" hexa-admin policy apply /tmp/policy.yaml
}
permissions=$'hexa-policy: 1\npermissions:\n  shell.login: {services: [sshd]}\n  dossiers.view: {}\n'
applied 'a role with an empty list of permissions' \
	"$permissions"$'roles:\n  technician: {permissions: [shell.login]}\n  visitor: {permissions: []}'
refused 'gives nothing' 255 ssh_key bob
same 'the other gives what it says' anna ssh_key anna whoami
applied 'an empty list of roles to include' \
	"$permissions"$'roles:\n  technician: {permissions: [shell.login]}\n  visitor: {includes: []}'
refused 'includes none' 255 ssh_key bob
echo 'hexa-policy: 1' >/tmp/policy.yaml
refused 'a policy without roles is none for those who hold some' 1 \
	hexa-admin policy apply /tmp/policy.yaml
applied 'a role of which nothing is said' \
	"$permissions"$'roles:\n  technician: {permissions: [shell.login]}\n  visitor: {}'
refused 'a scope without a name' 6 hexa-admin user edit bob --add-role technician@
refused 'of no client' 6 hexa-admin user edit bob --add-role technician@client:
refused 'an empty role' 6 hexa-admin user edit bob --add-role ''
refused 'bob is out after all' 255 ssh_key bob
ok 'a client' hexa-admin client add acme --title Acme
ok 'is cora'\''s' hexa-admin user edit cora --add-client acme
refused 'a host of no client is not every client'\''s' 255 ssh_key cora
same 'which is why' wrong-site verdict cora --service sshd
ok 'the host is acme'\''s' hexa-admin host set --client acme
same 'she is in' cora ssh_key cora whoami
same 'and anna, all through' anna ssh_key anna whoami
