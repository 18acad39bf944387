# What comes from outside and ends in the log or on a screen: the name, the far host, the terminal, the service.
# One line each, quoted, whatever stands in them; and of any length.

anna=annas-Long-password-1
items=/usr/local/bin/pam_items
cc -O1 -std=gnu11 -D_GNU_SOURCE -o $items tests/attack/pam_items.c -lpam || exit 1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna --email anna@example.org
need 'bob is a visitor' hexa_user bob visitor $anna

# Hexa's own lines of the log since the last check began; and those that are not as they should be
ours()
{
	tail -n "+$((marked + 1))" $log_file | grep -aE 'pam_hexa|hexa-pam-helper|hexa-admin'
}
form='pam_hexa\([^ ]*\): (user "[a-z]+"|an unknown user) refused for service "[^"]*" from "[^"]*"(: [^"]*)?$'
malformed()
{
	ours | grep -avE "$form"
	ours | LC_ALL=C grep -a '[^ -~]'
	tail -n "+$((marked + 1))" $log_file | grep -aE '^forged'
	return 0
}
# forged NAME USER RHOST TTY [PASSWORD]: refused, with lines of ours, all well formed
forged()
{
	local name=$1 at
	run $items sshd "$2" "$3" "$4" <<<"${5-wrong}"
	at=$marked
	if ! grep -qx 'authenticate: Authentication failure' "$out"; then
		failed "$name" 'a refusal' $items "$@"
		return
	fi
	log_settled
	marked=$at
	malformed >"$err"
	if [ -s "$err" ] || [ -z "$(ours)" ]; then
		failed "$name" 'well-formed lines in the log' $items "$@"
	else
		passed "$name"
	fi
}
# What was said before is none of theirs.
log_settled
spoofs=($'x\nNov 21 00:00:00 host sshd[1]: forged: Accepted password for root' $'x\r\nforged' 'x" forged="y'
	'x addr=192.0.2.1 res=success' $'x\e[2J\e]0;forged\a' $'x\xc2\x9b31m' $'x\xe2\x80\xaey' $'x\xff\xfe' 'x\'
	'%n%s%s%n' ' ' $'\t')
for spoof in "${spoofs[@]}"; do
	forged "from: ${spoof@Q}" anna "$spoof" ssh
	forged "terminal: ${spoof@Q}" anna '' "$spoof"
	forged "name: ${spoof@Q}" "$spoof" 192.0.2.1 ssh
done
forged 'a refusal by the rules' bob $'192.0.2.1\nforged' ssh $anna
for size in 255 256 257 65536; do
	forged "a name of $size bytes" @$size 192.0.2.1 ssh
done
# What is longer libpam's own audit messages do not take.
for size in 255 256 4000; do
	forged "a host of $size bytes" anna @$size ssh
	forged "a terminal of $size bytes" anna '' @$size
done
for name in -rf .. ../../etc/passwd uid:0 0 -1 4294967295 '$(id)' anna/ ANNA 'anna ' root@example.org; do
	forged "a name: $name" "$name" 192.0.2.1 ssh
done
forged 'a right password for a uid' "uid:$(id -u anna)" 192.0.2.1 ssh $anna
has 'her own name, from nowhere real' '^acct_mgmt: Success' $items sshd anna $'forged\n' $'forged\n' <<<$anna

# ---- passwords of every length, and those that sshd makes up ----

password()
{
	perl -e 'print $ARGV[0] x $ARGV[1], "\n"' "$1" "$2" | timeout 60 $items sshd anna 192.0.2.1 ssh
}
for size in 1 7 8 9 511 512 513 65536 1048576; do
	has "a password of $size bytes" '^authenticate: Authentication failure' password a $size
done
has 'sshd'\''s made-up one' '^authenticate: Authentication failure' \
	password $'\b\r\177INCORRECT' 3
log_settled
not_logged 'is not logged' INCORRECT

# ---- what is kept and shown ----

$O/tests/pam/client login anna authenticate acct_mgmt open_session <<<$anna >/dev/null
lacks 'no control byte is shown' "$(printf '[\001-\011\013-\037\177]')" \
	sh -c 'hexa-admin user list; hexa-admin user show anna; hexa-admin activity list'
