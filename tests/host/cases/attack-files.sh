# What somebody else could have put where Hexa reads and writes: pipes, terminals, devices, links, folders; and
# every umask.  Nothing hangs, nothing is followed out of Hexa's folders, nothing becomes readable.

state=/var/lib/hexa
anna=annas-Long-password-1
client=$O/tests/pam/client
ask=$O/tests/pam/ask

# ---- masks ----

modes()
{
	(cd / && find var/lib/hexa run/hexa -printf '%m %u:%g %y %p\n' | sort -k4)
}
fresh()
{
	rm -rf $state /run/hexa
	(umask "$1" && hexa-admin init && hexa-admin policy apply tests/host/policy.yaml &&
		hexa_user anna technician $anna &&
		$client login anna authenticate acct_mgmt open_session <<<$anna)
}
need 'a database to switch the host on with' hexa_enable
need 'made with the common mask' fresh 022
wanted=$(modes)
has 'the database is root'\''s alone' '^600 root:root f var/lib/hexa/private/hexa.mdb$' modes
has 'the directory is everybody'\''s to read' '^644 root:root f var/lib/hexa/directory/directory.mdb$' modes
for mask in 000 077 777; do
	ok "made with the mask $mask" fresh $mask
	same "is the same: $mask" "$wanted" modes
done

# ---- what stands in the way ----

outside=/srv/outside
plant()
{
	local path=$1 what=$2
	rm -rf "$path" $outside
	case $what in
	fifo) mkfifo "$path" ;;
	folder) mkdir "$path" ;;
	link) echo mine >$outside && ln -s $outside "$path" ;;
	dangling) ln -s $outside "$path" ;;
	zero) mknod "$path" c 1 5 ;;
	terminal) mknod "$path" c 5 0 ;;
	socket) perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un($ARGV[0]))' "$path" ;;
	huge) truncate -s 8E "$path" 2>/dev/null || truncate -s 4T "$path" ;;
	empty) : >"$path" ;;
	esac
}

# answers STATUS… -- CMD…: CMD ends by itself, with one of these
answers()
{
	local wanted=
	while [ "$1" != -- ]; do
		wanted="$wanted $1 "
		shift
	done
	shift
	timeout 60 "$@" >/tmp/answer 2>&1 <<<$anna
	local status=$?
	[[ $wanted == *" $status "* ]] && return 0
	echo "exit $status: $*"
	cat /tmp/answer
	return 1
}

# what_stands PATH KIND…: every command and door with it ends, and what a link leads to is as it was
what_stands()
{
	local path=$1 kind
	shift
	for kind; do
		rm -rf $state && cp -a /root/good $state
		plant "$path" "$kind"
		answers 0 2 -- getent passwd anna || return 1
		answers 0 1 -- id -G anna || return 1
		answers 0 7 -- hexa-admin user edit anna --note $kind || return 1
		answers 0 -- $ask account anna login || return 1
		answers 0 -- $ask session anna login || return 1
		answers 0 -- $client login root acct_mgmt || return 1
		case $kind in
		link) [ "$(cat $outside)" = mine ] || { echo "$kind: written through"; return 1; } ;;
		dangling) [ ! -e $outside ] || { echo "$kind: made"; return 1; } ;;
		esac
	done
}
cp -a $state /root/good
for path in private/hexa.mdb directory/directory.mdb; do
	ok "in the place of $path" what_stands "$state/$path" fifo folder link dangling zero terminal \
		socket huge empty
done
for path in private/hexa.mdb-lock private/aliases.mdb private/aliases.mdb-lock private/last-login.mdb \
	private/last-login.mdb-lock private/publish.lock private/publishing private/aliases.mdb.new \
	directory/directory.mdb-lock directory/directory.mdb.new directory/directory.mdb.new-lock; do
	ok "in the place of $path" what_stands "$state/$path" fifo folder link dangling terminal
done
verification()
{
	local kind
	for kind in fifo folder link dangling terminal; do
		plant /run/hexa/verifications $kind
		[ "$(timeout 20 $ask authenticate anna login <<<$anna)" = 'verdict allowed' ] ||
			{ echo "$kind: the password was not verified"; return 1; }
		[ $kind != link ] || [ "$(cat $outside)" = mine ] || return 1
	done
}
rm -rf $state && cp -a /root/good $state
ok 'in the place of verifications' verification
rm -rf /run/hexa
ok 'with no folder for it' sh -c "echo $anna | $ask authenticate anna login | grep -qx 'verdict allowed'"
same 'which is made' '700 root:root' stat -c '%a %U:%G' /run/hexa
