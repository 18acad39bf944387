# Where root shows as nobody (65534), as every file of the host's does, and where much is missing: a root that
# is read only, no /proc, no /dev.  Who is who is answered; nobody gets in whom the host cannot answer for.

keys_of=/usr/libexec/hexa/hexa-authorized-keys
client=$O/tests/pam/client
anna=annas-Long-password-1
root=roots-Long-password-1
no_answer='Authentication service cannot retrieve authentication info'

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna --email anna@example.org
mkdir -p $keys
need 'with a key' authorize anna
need 'that Hexa knows' hexa-admin key add anna $keys/anna.pub
need 'root has a password' chpasswd <<<"root:$root"
line=$(getent passwd anna)
groups=$(id anna)
key=$(as nobody $keys_of anna)
mine=$(id -u anna)

# ---- root shows as nobody ------------------------------------------------------------------

unmapped()
{
	as nobody unshare --user "$@"
}

# Root there has no file of the host's; the host's root is nobody.
rootless()
{
	as nobody unshare --user --map-root-user "$@"
}

# Made by root, who is nobody in it then, too.
roots_own()
{
	unshare --user "$@"
}

as_herself()
{
	setpriv --reuid anna --regid anna --init-groups unshare --user --map-current-user "$@"
}

if ! unmapped true 2>/dev/null; then
	skip 'where root shows as nobody' 'this kernel lets ordinary users make no user namespaces'
else
	for how in unmapped rootless roots_own as_herself; do
		same "$how: root is nobody" 65534 $how stat -c %u /
		same "$how: the user" "$line" $how getent passwd anna
		same "$how: by uid" "$line" $how getent passwd "$mine"
		same "$how: the groups" "$groups" $how id anna
		same "$how: everybody" "$(getent group)" $how getent group
		same "$how: the keys" "$key" $how $keys_of anna
		refused "$how: an address is nobody's" 2 $how getent passwd anna@example.org
		told "$how: nobody logs in" 1 "^acct_mgmt: $no_answer" $how $client sshd anna acct_mgmt
	done
	told 'nor with a password' 1 "^authenticate: $no_answer" unmapped $client sshd anna authenticate <<<$anna
	same 'who one is' "anna $(id -Gn anna | wc -w)" as_herself sh -c 'echo $(id -un) $(id -G | wc -w)'
	refused 'rootless: the database is closed' 7 rootless hexa-admin user list
	refused 'and so is the helper' 7 as_herself hexa-admin self show
	ok 'as it is not on the host' as anna hexa-admin self show
	# sshd asks the same of a command that it runs itself.
	told 'another command is not run: whose it is cannot be told' 0 'is not run: others than root' \
		unmapped $keys_of --chain /bin/echo anna
	has 'as it is on the host' '^anna$' as nobody $keys_of --chain /bin/echo anna
fi

# ---- a host that lacks something -----------------------------------------------------------

# without WHAT CMD…: in a mount namespace of its own
without()
{
	unshare --mount sh -euc '
		what=$1
		shift
		case $what in
		writing) findmnt -rno TARGET | grep -vE "^/(proc|dev|sys|tmp)(/|$)" | while read -r mount; do
				mount -o remount,bind,ro "$mount"
			done ;;
		*) umount -l "$what" ;;
		esac
		exec "$@"' sh "$@"
}

ok 'with all that there is: anna logs in' $client sshd anna authenticate acct_mgmt open_session <<<$anna
for what in writing /proc /dev /sys; do
	same "no $what: the user" "$line" without $what getent passwd anna
	same "no $what: the groups" "$groups" without $what id anna
	same "no $what: an address" "$line" without $what getent passwd anna@example.org
	ok "no $what: root logs in" without $what $client sshd root authenticate acct_mgmt <<<$root
done
for what in /proc /sys; do
	ok "no $what: anna logs in" without $what $client sshd anna authenticate acct_mgmt <<<$anna
	same "no $what: her keys" "$key" without $what $keys_of anna
done
for what in writing /dev; do
	told "no $what: anna is not answered for" 1 "^acct_mgmt: $no_answer" \
		without $what $client sshd anna acct_mgmt
done
told 'no writing: nor with her password' 1 "^authenticate: $no_answer" \
	without writing $client sshd anna authenticate <<<$anna
same 'no writing: her keys' "$key" without writing $keys_of anna
same 'no /dev: no keys, and no harm' '' without /dev $keys_of anna
refused 'a change is refused where nothing can be written' 7 \
	without writing hexa-admin user edit anna --note new
ok 'and made where it can' hexa-admin user edit anna --note new
