#!/bin/bash
#
# What cases are written with.  A case is tests/host/cases/NAME.sh: a list of calls of these, run as
# root by bash in a throwaway host of its own, where Hexa is installed and not yet switched on.
#
# Checks; each prints one line, and on failure what was run, what came, and what the host logged:
#   ok NAME CMD…              CMD exits 0
#   need NAME CMD…            the same, and the case ends here when it does not
#   refused NAME STATUS CMD…  CMD exits with exactly STATUS
#   told NAME STATUS REGEX CMD…   it does, and a line of its output (both streams) matches
#   same NAME TEXT CMD…       CMD exits 0 and its standard output is TEXT
#   has NAME REGEX CMD…       a line of CMD's output (both streams) matches; its status may be any
#   lacks NAME REGEX CMD…     none does, and CMD was there to be run and not ended by a signal
#   logged NAME REGEX         since the last other check began, the log got such a line; waits for it
#   not_logged NAME REGEX     it got none (after a line that `logged` waited for: the log is in order)
#   skip NAME WHY             not run, and why
#
# The host:
#   hexa_enable               a new database, and `hexa-admin host enable`
#   hexa_user NAME ROLE PASSWORD [--FIELD V…]   a user, active, named First Last
#   key_user NAME ROLE [--FIELD V…]   the same without a password; `authorize` is called for them
#   local_user NAME PASSWORD  a user of /etc/passwd, with a home
#   code_by NAME CMD…         a check: CMD exits 0 and prints a one-time code, which $code is then
#   at_time SECONDS ARG…      hexa-admin ARG…, whose clock is so many seconds ahead (or behind: -N)
#   mail_start                from here on there is a mail program, which keeps what it is given
#   mails [ADDRESS]           how many mails it has been given (for this address)
#   mail_of ADDRESS           the last one for this address
#   mailed_code ADDRESS       $code is the one-time code in it
#   log                       prints the host's log (authpriv and all else)
#   log_settled               what has been said to the log by now stands in it
#   await CMD…                runs CMD until it succeeds, for at most a minute
#   within SECONDS CMD…       the same, for at most so many
#   none_of NAME              no process of this name is there, not even one that has ended: to be awaited
#   past TIME                 this time, as hexa-admin writes it, has gone by: to be awaited
#   before_end CMD…           CMD, which uses $end, a time that is soon: with a later one each time, until it
#                             is done before that
#   atd_awake CMD…            CMD, after atd ($atd) was told to look for jobs
#
# Logging in; each exits as the command at the other end does, or not 0 when it was refused:
#   sshd_start                an sshd at 127.0.0.1:22; its process id is in $sshd; lines of
#                             $sshd_extra are added to its configuration
#   ssh_login USER PASSWORD [CMD…]      password authentication        (refused: 255)
#   ssh_prompted USER PASSWORD [CMD…]   keyboard-interactive           (refused: 255)
#   ssh_key USER [CMD…]       with the key that `authorize USER` made  (refused: 255)
#   authorize USER            makes a key and lets it in as USER, from sshd's side
#   tty_login USER PASSWORD CMD         login(1) on a terminal, then CMD in the user's shell
#   answer "A B…" [as USER] CMD…        CMD on a terminal, each question for a password, and each
#                             of hexa-admin's, answered with the next word (with the next line,
#                             when there are several)
#   as USER CMD…              CMD with USER's ids and groups, and no PAM
#   sudo_hexa_admin           from here on sudoers lets everybody run hexa-admin, without a password:
#                             what is refused after it, Hexa refuses
#   behind_sudo USER ARG…     hexa-admin ARG… by USER, through sudo
#   ssh_sudo USER PASSWORD CMD…   sudo CMD… on a terminal that ssh opened, asked for the password twice
#
# A disk or a power that fails at a point: one of the calls by which files are made and changed.
#   points PATTERN CMD…       runs CMD, and prints its points, "CALL NTH" each (its third fsync: fsync 3), from
#                             the first on that names a path with PATTERN in it: what is before loads libraries
#   strike HOW CALL NTH CMD…  CMD, which at this point is killed (signal=KILL) or told that it failed
#                             (error=EIO); exits as CMD does, and 137 when it was killed
#
# What the rules say:
#   verdict USER [--service S]   the first word that `user check` prints; exits 0 if there was one
#   same_sshd NAME            a check: sshd is the process that it was when it was started
#
# No password stands in an argument list: they go through environments and pipes.

log_file=/var/log/hexa-test.log
keys=/etc/ssh/test-keys
checks=0
failures=0
marked=0
finished=no
sshd=
sshd_extra=
log()
{
	cat $log_file
}

# By the clock: on a machine that is given little of its processors, what is awaited is as slow as this.
within()
{
	local within_end=$((SECONDS + $1))
	while ! "${@:2}" >/dev/null 2>&1; do
		[ $SECONDS -le $within_end ] || {
			echo "waited $1 s for: ${*:2}" >&2
			return 1
		}
		sleep 0.05
	done
}

await()
{
	within 60 "$@"
}

past()
{
	[[ $(date -u +%FT%TZ) > $1 ]]
}

before_end()
{
	local seconds
	for seconds in 4 8 16 32 64; do
		end=$(date -u -d "+$seconds seconds" +%FT%TZ)
		"$@" || return 1
		past "$end" || return 0
	done
	return 1
}

# at(1) wakes it by a signal, which is lost on whoever is about to go to sleep: then it sleeps for an hour.
atd_awake()
{
	kill -HUP "$atd" && "$@"
}

none_of()
{
	! pgrep -x "$1"
}

# ---- checks --------------------------------------------------------------------------------

passed()
{
	checks=$((checks + 1))
	echo "ok - $1"
}

# failed NAME EXPECTED CMD…, with what came in $out, $err and $status
failed()
{
	local name=$1 expected=$2
	shift 2
	checks=$((checks + 1))
	failures=$((failures + 1))
	echo "not ok - $name"
	{
		printf 'ran:      '
		printf '%q ' "$@"
		printf '\nexpected: %s\ncame:     exit %s\n' "$expected" "$status"
		cat "$out" "$err"
		echo 'the log:'
		tail -n "+$((marked + 1))" $log_file | tail -n 20
	} | sed 's/^/#   /'
}

# run CMD…: its output in the files $out and $err, its status in $status; $marked is where the log was
run()
{
	marked=$(wc -l <$log_file)
	"$@" >"$out" 2>"$err"
	status=$?
}

ok()
{
	local name=$1
	shift
	run "$@"
	if [ $status -eq 0 ]; then passed "$name"; else failed "$name" 'exit 0' "$@"; fi
}

need()
{
	ok "$@"
	[ $status -eq 0 ] || exit 1
}

refused()
{
	local name=$1 wanted=$2
	shift 2
	run "$@"
	if [ $status -eq "$wanted" ]; then
		passed "$name"
	else
		failed "$name" "exit $wanted" "$@"
	fi
}

told()
{
	local name=$1 wanted=$2 regex=$3
	shift 3
	run "$@"
	if [ $status -eq "$wanted" ] && cat "$out" "$err" | grep -Eq -- "$regex"; then
		passed "$name"
	else
		failed "$name" "exit $wanted, and a line like: $regex" "$@"
	fi
}

same()
{
	local name=$1 text=$2
	shift 2
	run "$@"
	if [ $status -eq 0 ] && [ "$(cat "$out")" = "$text" ]; then
		passed "$name"
	else
		failed "$name" "exit 0 and: $text" "$@"
	fi
}

has()
{
	local name=$1 regex=$2
	shift 2
	run "$@"
	if cat "$out" "$err" | grep -Eq -- "$regex"; then
		passed "$name"
	else
		failed "$name" "a line like: $regex" "$@"
	fi
}

lacks()
{
	local name=$1 regex=$2
	shift 2
	run "$@"
	if [ $status -lt 126 ] && ! cat "$out" "$err" | grep -Eq -- "$regex"; then
		passed "$name"
	else
		failed "$name" "no line like: $regex" "$@"
	fi
}

log_has()
{
	tail -n "+$((marked + 1))" $log_file | grep -E -- "$1"
}

logged()
{
	if await log_has "$2" 2>"$err"; then
		passed "$1"
	else
		status=1
		: >"$out"
		failed "$1" 'a line in the log' log_has "$2"
	fi
}

not_logged()
{
	if log_has "$2" >"$out" 2>"$err"; then
		status=0
		failed "$1" 'no line in the log' log_has "$2"
	else
		passed "$1"
	fi
}

skip()
{
	checks=$((checks + 1))
	echo "ok - $1 # SKIP $2"
}

# The log's program reads in the order in which it is told.
settled=0
log_settled()
{
	settled=$((settled + 1))
	logger "the test's own mark $settled" && await grep -q "the test's own mark $settled\$" $log_file
}

# ---- a case --------------------------------------------------------------------------------

case_begin()
{
	case=$1
	out=$(mktemp) && err=$(mktemp) || exit 2
	trap case_ended EXIT
}

case_end()
{
	finished=yes
	exit
}

# A case that stops on its way has not passed, however good its checks were.
case_ended()
{
	if [ $finished = no ]; then
		checks=$((checks + 1))
		failures=$((failures + 1))
		echo "not ok - $case: stopped on its way"
	fi
	echo "1..$checks"
	[ $failures -eq 0 ] || exit 1
	exit 0
}

# ---- the host ------------------------------------------------------------------------------

host_start()
{
	: >$log_file
	ip link set lo up || return 1
	busybox syslogd -n -S -O $log_file &
	await test -S /dev/log || return 1
	hexa_forget
}

# The machine itself may be a host of Hexa's: its throwaway copy starts without.
hexa_forget()
{
	if grep -qs '^[a-z]*:.*\bhexa\b' /etc/nsswitch.conf; then
		hexa-admin host disable
	fi
	rm -rf /var/lib/hexa
}

hexa_install()
{
	make --no-print-directory O="$O" install >/tmp/install.log 2>&1 && hexa_install_san &&
		return 0
	echo "not ok - make install"
	sed 's/^/#   /' /tmp/install.log
	checks=$((checks + 1))
	failures=$((failures + 1))
	return 1
}

hexa_install_san()
{
	[ -n "$SAN" ] || return 0
	install "$SAN/bin/hexa-admin" /usr/sbin/hexa-admin &&
		install -m 4755 "$SAN/hexa-pam-helper" /usr/libexec/hexa/hexa-pam-helper
}

hexa_enable()
{
	hexa-admin init "$@" && hexa-admin host enable
}

hexa_user()
{
	local name=$1 role=$2 password=$3
	shift 3
	hexa-admin user add "$name" --role "$role" --first-name "${name^}" --last-name Berg \
		--password-stdin "$@" <<<"$password"
}

local_user()
{
	useradd --create-home --shell /bin/bash "$1" && chpasswd <<<"$1:$2"
}

as()
{
	local user=$1
	shift
	setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups "$@"
}

# ---- logging in ----------------------------------------------------------------------------

sshd_start()
{
	mkdir -p $keys
	[ -e $keys/host ] || ssh-keygen -q -t ed25519 -N '' -f $keys/host
	cat >$keys/sshd_config <<-END
		ListenAddress 127.0.0.1
		HostKey $keys/host
		AuthorizedKeysFile $keys/%u.pub .ssh/authorized_keys
		PidFile /run/sshd-test.pid
		LogLevel VERBOSE
		UsePAM yes
		PasswordAuthentication yes
		KbdInteractiveAuthentication yes
		PermitRootLogin yes
		MaxStartups 100
		LoginGraceTime 600
		UseDNS no
		# The default costs each client more than all the rest of its login.
		KexAlgorithms curve25519-sha256
		$sshd_extra
	END
	rm -f /run/sshd-test.pid
	/usr/sbin/sshd -D -f $keys/sshd_config &
	# shellcheck disable=SC2034 # for the case
	sshd=$!
	await test -s /run/sshd-test.pid
}

ssh_options=(-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no
	-o LogLevel=ERROR -o NumberOfPasswordPrompts=1 -o ConnectTimeout=300)

# ssh_by METHOD USER PASSWORD [CMD…]
ssh_by()
{
	local method=$1 user=$2 password=$3
	shift 3
	[ $# -gt 0 ] || set -- true
	SSHPASS=$password sshpass -e ssh "${ssh_options[@]}" -o PreferredAuthentications="$method" \
		-l "$user" 127.0.0.1 "$@" </dev/null
}

ssh_login()
{
	ssh_by password "$@"
}

ssh_prompted()
{
	ssh_by keyboard-interactive "$@"
}

authorize()
{
	rm -f "$keys/$1" "$keys/$1.pub"
	ssh-keygen -q -t ed25519 -N '' -f "$keys/$1"
}

ssh_key()
{
	local user=$1
	shift
	[ $# -gt 0 ] || set -- true
	ssh "${ssh_options[@]}" -o PreferredAuthentications=publickey -o IdentitiesOnly=yes \
		-i "$keys/$user" -l "$user" 127.0.0.1 "$@" </dev/null
}

tty_login()
{
	LOGIN=$1 ANSWERS=$2 THEN=$3 tests/host/terminal
}

answer()
{
	local answers=$1
	shift
	[ "$1" != as ] ||
		set -- setpriv --reuid "$2" --regid "$(id -g "$2")" --init-groups "${@:3}"
	ANSWERS=$answers tests/host/terminal "$@"
}

key_user()
{
	local name=$1 role=$2
	shift 2
	hexa-admin user add "$name" --role "$role" --first-name "${name^}" --last-name Berg "$@" &&
		authorize "$name"
}

code_by()
{
	has "$1" '^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$' "${@:2}"
	code=$(grep -E '^.{4}-.{4}-.{4}-.{4}$' "$out")
}

# What asks time() for the time is told it.
at_time()
{
	[ -e /tmp/ahead.so ] || cc -shared -fPIC -x c -o /tmp/ahead.so - <<-'END' || return 99
		#include <stdlib.h>
		#include <time.h>

		static long ahead;

		static void __attribute__((constructor))
		start(void)
		{
			ahead = atol(getenv("AHEAD"));
		}

		time_t
		time(time_t *now)
		{
			struct timespec clock;

			clock_gettime(CLOCK_REALTIME, &clock);
			if (now != NULL)
				*now = clock.tv_sec + ahead;
			return clock.tv_sec + ahead;
		}
	END
	AHEAD=$1 LD_PRELOAD=/tmp/ahead.so hexa-admin "${@:2}"
}

# It is given what it has to send, and nothing of the caller's but that: each mail is a folder with its
# arguments, environment and text.  With /tmp/mail-fails it says no.
mail_start()
{
	mkdir -p /var/mail-test && chmod 700 /var/mail-test && cat >/usr/sbin/sendmail <<-'END' &&
		#!/bin/bash
		[ ! -e /tmp/mail-fails ] || { echo 'no mail today' >&2; exit 75; }
		mail=$(mktemp -d /var/mail-test/XXXXXX) || exit 75
		printf '%s\n' "$@" >"$mail/arguments"
		tr '\0' '\n' </proc/$$/environ >"$mail/environment"
		cat >"$mail/text"
		for last; do :; done
		echo "$mail" >>"/var/mail-test/to-$last"
	END
		chmod 755 /usr/sbin/sendmail
}

mails()
{
	cat /var/mail-test/to-"${1-*}" 2>/dev/null | wc -l
}

mailed_code()
{
	code=$(mail_of "$1" | grep -Eom1 '([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}')
}

mail_of()
{
	local mail
	mail=$(tail -n 1 "/var/mail-test/to-$1") && cat "$mail/text"
}

sudo_hexa_admin()
{
	echo 'ALL ALL=(root) NOPASSWD: /usr/sbin/hexa-admin' >/etc/sudoers.d/hexa-test &&
		chmod 440 /etc/sudoers.d/hexa-test && visudo -cq
}

behind_sudo()
{
	local user=$1
	shift
	as "$user" sudo -n hexa-admin "$@"
}

ssh_sudo()
{
	local user=$1 password=$2
	shift 2
	answer "$password $password" ssh "${ssh_options[@]}" -o PreferredAuthentications=password \
		-tt -l "$user" 127.0.0.1 sudo -k "$@"
}

# ---- a disk or a power that fails ----------------------------------------------------------

changing=openat,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,msync,rename,renameat,unlink,unlinkat,mkdir
changing=$changing,flock,chmod,fchmod

points()
{
	local pattern=$1
	shift
	strace --seccomp-bpf -f -o /tmp/points -e trace=$changing "$@" >/dev/null 2>&1 &&
		awk -v pattern="$pattern" '
			match($2, /^[a-z0-9]+\(/) {
				call = substr($2, 1, RLENGTH - 1)
				nth[$1, call]++
				if (!process && index($0, pattern))
					process = $1
				if ($1 == process)
					print call, nth[$1, call]
			}' /tmp/points
}

# strace counts each call by itself; with --seccomp-bpf it kills nothing.
strike()
{
	local how=$1 call=$2 nth=$3
	shift 3
	strace -f -o /dev/null -e trace="$call" -e inject="$call:$how:when=$nth" "$@"
}

# ---- what the rules say --------------------------------------------------------------------

verdict()
{
	hexa-admin user check "$@" | sed -n '1s/ .*//p' | grep .
}

same_sshd()
{
	same "$1" "$sshd" cat /run/sshd-test.pid
	ok "$1, and it runs" kill -0 "$sshd"
}
