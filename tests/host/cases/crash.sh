# A write that is killed, or that the disk refuses, at any point: what stands is the old state or the
# new one, never a third, and the next command works and brings the directory up.  The point is the
# Nth of the system calls by which files are made and changed; strace counts and strikes.

calls=openat,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,msync,rename,unlink,mkdir,chmod,fchmod

note_of()
{
	hexa-admin user show anna | sed -n 's/^note  *//p'
}

# points CMD…: how many there are in a run that nothing disturbs, and a few for one that mends
points()
{
	strace -f -o /tmp/points -e trace=$calls "$@" >/dev/null 2>&1 &&
		echo $(($(wc -l </tmp/points) + 20))
}

# strike HOW N CMD…: its exit status, or 137 when it was killed
strike()
{
	local how=$1 at=$2
	shift 2
	strace -f -o /dev/null -e trace=$calls -e inject=$calls:$how:when="$at" "$@"
}

# What everything must be like after a strike at point $1 of an edit from note $2 to note $3.
stands()
{
	local note
	note=$(note_of) || { echo "point $1: the database is unusable"; return 1; }
	case $note in
	"$2" | "$3") ;;
	*) echo "point $1: the note is '$note'"; return 1 ;;
	esac
	hexa-admin activity verify >/dev/null || { echo "point $1: the journal"; return 1; }
	[ "$(getent passwd anna | cut -d: -f1,5)" = 'anna:Anna Test' ] ||
		{ echo "point $1: the directory"; return 1; }
}

# Strikes at every point.
every_point()
{
	local how=$1 point=0 most status before after
	most=$(points hexa-admin user edit anna --note counted) || return 1
	[ "$most" -gt 50 ] || { echo "only $most points"; return 1; }
	while [ $((point += 1)) -le "$most" ]; do
		before=$(note_of)
		after="note $how $point"
		strike "$how" $point hexa-admin user edit anna --note "$after" >/dev/null 2>&1
		status=$?
		stands $point "$before" "$after" || return 1
		# What was saved and not told is allowed; what was told is saved.
		[ $status -ne 0 ] || [ "$(note_of)" = "$after" ] ||
			{ echo "point $point: exit 0 and not saved"; return 1; }
		hexa-admin user edit anna --email "a$point@example.org" ||
			{ echo "point $point: the next command failed"; return 1; }
		[ "$(getent passwd "a$point@example.org" | cut -d: -f1)" = anna ] ||
			{ echo "point $point: the next command was not published"; return 1; }
	done
}

init_points()
{
	local point=0 most status
	rm -rf /srv/tree && mkdir /srv/tree
	most=$(points hexa-admin --root /srv/tree init) || return 1
	[ "$most" -gt 50 ] || { echo "only $most points"; return 1; }
	while [ $((point += 1)) -le "$most" ]; do
		rm -rf /srv/tree && mkdir /srv/tree
		strike "$1" $point hexa-admin --root /srv/tree init >/dev/null 2>&1
		status=$?
		if [ $status -eq 0 ]; then
			hexa-admin --root /srv/tree user list >/dev/null ||
				{ echo "point $point: made and unusable"; return 1; }
		fi
		hexa-admin --root /srv/tree init >/dev/null 2>&1
		case $? in
		0 | 5) ;; # made now, or it was made
		*) echo "point $point: init cannot be repeated"; return 1 ;;
		esac
		hexa-admin --root /srv/tree user add anna --role system-administrator \
			--first-name Anna --last-name Test >/dev/null ||
			{ echo "point $point: the new database is unusable"; return 1; }
	done
}

need 'Hexa is switched on' hexa_enable
need 'there is a user' hexa-admin user add anna --role system-administrator --first-name Anna \
	--last-name Test --note before
ok 'killed at any point of a change' every_point signal=KILL
ok 'out of space at any point of a change' every_point error=ENOSPC
ok 'failing disk at any point of a change' every_point error=EIO
ok 'killed at any point of init' init_points signal=KILL
ok 'out of space at any point of init' init_points error=ENOSPC

# A whole file system that is full, and room again.
mkdir -p /srv/small && mount -t tmpfs -o size=400k,mode=755 small /srv/small
ok 'a database on a small file system' hexa-admin --root /srv/small init
add_until_full()
{
	local i=0
	while hexa-admin --root /srv/small user add "user$i" --role system-administrator \
		--first-name A --last-name B >/dev/null 2>/tmp/full.err; do
		[ $((i += 1)) -lt 2000 ] || return 1
	done
	last=$i
}
ok 'fills up with a clear error' add_until_full
has 'that names it' 'No space left' cat /tmp/full.err
ok 'is still readable' hexa-admin --root /srv/small user show "user$((last - 1))"
refused 'has not kept the refused one, or has it whole' 0 sh -c \
	"hexa-admin --root /srv/small user show user$last >/dev/null 2>&1 ||
	 [ \$? -eq 3 ]"
mount -o remount,size=4m /srv/small
ok 'goes on when there is room' hexa-admin --root /srv/small user add zoe \
	--role system-administrator --first-name Zoe --last-name B
