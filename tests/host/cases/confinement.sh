# What a host confines programs with: AppArmor's abstractions and SELinux' module are taken by their compilers
# (loading them needs a kernel that has them), and the unit that runs doctor takes nothing away that doctor needs.

unit=/usr/lib/systemd/system/hexa-doctor.service
selinux=/usr/share/doc/hexa/selinux

# ---- AppArmor ------------------------------------------------------------------------------

# A program that looks users up, and one that logs them in; no other line of theirs is about Hexa.
profile()
{
	echo 'abi <abi/3.0>, include <tunables/global>'
	for abstraction; do
		echo "profile $abstraction /usr/bin/$abstraction {
			include <abstractions/base>
			include <abstractions/$abstraction>
		}"
	done
}

parse()
{
	apparmor_parser --skip-kernel-load --skip-cache /tmp/profile
}

may()
{
	profile "$1" >/tmp/one && apparmor_parser --preprocess /tmp/one 2>/dev/null | grep -v '^ *#'
}

if command -v apparmor_parser >/dev/null; then
	additions=/etc/apparmor.d/abstractions
	profile nameservice authentication >/tmp/profile
	ok 'the abstractions are taken' parse
	has 'who looks users up reads the directory' '^ *\/var\/lib\/hexa\/directory\/directory.mdb r,$' may nameservice
	lacks 'and nothing else of Hexa'\''s' 'hexa/(private|hexa-)' may nameservice
	has 'who logs them in runs the helper' '^ */usr/libexec/hexa/hexa-pam-helper PUx,$' may authentication
	lacks 'and reads nothing' '/var/lib/hexa' may authentication
	for addition in $additions/nameservice.d/hexa $additions/authentication.d/hexa; do
		cp "$addition" /tmp/good && sed -i 's/,$//' "$addition"
		refused "a mistake in it would be noticed: $addition" 1 parse
		cp /tmp/good "$addition"
	done
else
	skip AppArmor 'apparmor_parser is not installed'
fi

# ---- SELinux -------------------------------------------------------------------------------

compile()
{
	checkmodule -M -m -o /tmp/hexa.mod "$1"
}

# The types that files are labelled with, and those that the module makes or knows.
labels()
{
	sed -n 's/.*:object_r:\([a-z_]*\):s0$/\1/p' $selinux/hexa.fc | sort -u
}

types()
{
	sed -n 's/^[[:space:]]*type \([a-z_]*\)[;,].*/\1/p' $selinux/hexa.te | sort -u
	echo chkpwd_exec_t
}

if command -v checkmodule >/dev/null; then
	ok 'the module compiles' compile $selinux/hexa.te
	sed 's/^type hexa_private_t/type hexa_privat_t/' $selinux/hexa.te >/tmp/wrong.te
	refused 'a mistake in it would be noticed' 1 compile /tmp/wrong.te
else
	skip SELinux 'checkmodule is not installed'
fi
same 'files are labelled with types that there are' '' sh -c "echo '$(labels)' | grep -vxF '$(types)' || :"
same 'the helper as unix_chkpwd is' chkpwd_exec_t \
	sed -n 's,^/usr/libexec/hexa/hexa-pam-helper.*object_r:\([a-z_]*\):.*,\1,p' $selinux/hexa.fc

# ---- the unit that runs doctor -------------------------------------------------------------

# Its words are output, whatever the status is.
verify()
{
	systemd-analyze verify --man=no "$@" 2>&1 | grep -F hexa- || :
}

if command -v systemd-analyze >/dev/null; then
	same 'the units are taken' '' verify $unit "${unit%.service}.timer"
	sed 's/^ProtectHome=.*/ProtectHome=perhaps/' $unit >/tmp/hexa-doctor.service
	has 'a mistake in it would be noticed' 'perhaps' verify /tmp/hexa-doctor.service
else
	skip 'the units' 'systemd-analyze is not installed'
fi
same 'nothing is switched on by being installed' '' find /etc/systemd -name 'hexa-*'

setting()
{
	sed -n "s/^$1=//p" $unit
}

# As the unit has it: what may be written, which capabilities there are, no /dev and no way to more.
confined()
{
	local caps
	caps=$(setting CapabilityBoundingSet | tr '[:upper:] ' '[:lower:],' | sed 's/cap_/+/g')
	unshare --mount sh -euc '
		caps=$1 writable=$2
		shift 2
		mount -t tmpfs tmpfs /tmp
		for path in $writable; do
			path=${path#-}
			[ ! -d "$path" ] || mount --bind "$path" "$path"
		done
		findmnt -rno TARGET | grep -vE "^/(proc|sys|tmp)(/|$)" | while read -r mount; do
			case " $writable " in
			*"-$mount "*) ;;
			*) mount -o remount,bind,ro "$mount" ;;
			esac
		done
		exec setpriv --no-new-privs --bounding-set "-all,$caps" "$@"' \
		sh "$caps" "$(setting ReadWritePaths)" "$@"
}

# says CMD…: what it prints, and how it ends
says()
{
	"$@" 2>&1
	echo "status $?"
}

# same_confined WHEN: doctor as the unit runs it, and as root does
same_confined()
{
	# shellcheck disable=SC2046 # the command's words
	same "$1: confined, doctor says the same" "$(says hexa-admin doctor)" says confined $(setting ExecStart)
}

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician annas-Long-password-1
need 'sshd' sshd_start
same_confined 'all well'
has 'which is well' '^status 0$' says confined hexa-admin doctor
ok 'a login, after which there is all that may be there' \
	$O/tests/pam/client sshd anna authenticate acct_mgmt open_session <<<annas-Long-password-1
same_confined 'after a login'
chmod 644 /var/lib/hexa/private/hexa.mdb
same_confined 'others can read the database'
has 'which is an error' '^status 1$' says confined hexa-admin doctor
chmod 600 /var/lib/hexa/private/hexa.mdb
rm /var/lib/hexa/directory/directory.mdb
same_confined 'no directory'
refused 'nor could it change anything: /etc' 1 confined touch /etc/new
