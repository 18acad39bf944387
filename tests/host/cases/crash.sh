# A write that is killed, or that the disk refuses, at any point: what stands is the old state or the
# new one, never a third, and the next command works and brings the directory up.

note_of()
{
	hexa-admin user show anna | sed -n 's/^note  *//p'
}

# What everything must be like after a strike at point $1 of an edit from note $2 to note $3.
stands()
{
	local note
	note=$(note_of) || { echo "$1: the database is unusable"; return 1; }
	case $note in
	"$2" | "$3") ;;
	*) echo "$1: the note is '$note'"; return 1 ;;
	esac
	hexa-admin activity verify >/dev/null || { echo "$1: the journal"; return 1; }
	[ "$(getent passwd anna | cut -d: -f1,5)" = 'anna:Anna Test' ] ||
		{ echo "$1: the directory"; return 1; }
}

# Strikes at every point.
every_point()
{
	local how=$1 point count=0 status before after
	points /hexa.mdb hexa-admin user edit anna --note counted >/tmp/list || return 1
	while read -r point; do
		count=$((count + 1))
		before=$(note_of)
		after="note $how $point"
		# shellcheck disable=SC2086 # two words
		strike "$how" $point hexa-admin user edit anna --note "$after" >/dev/null 2>&1
		status=$?
		stands "$point" "$before" "$after" || return 1
		# What was saved and not told is allowed; what was told is saved.
		[ $status -ne 0 ] || [ "$(note_of)" = "$after" ] ||
			{ echo "$point: exit 0 and not saved"; return 1; }
		hexa-admin user edit anna --email "a$count@example.org" ||
			{ echo "$point: the next command failed"; return 1; }
		[ "$(getent passwd "a$count@example.org" | cut -d: -f1)" = anna ] ||
			{ echo "$point: the next command was not published"; return 1; }
	done </tmp/list
	[ $count -ge 25 ] || { echo "only $count points"; return 1; }
}

init_points()
{
	local point count=0 status
	rm -rf /srv/tree && mkdir /srv/tree
	points /srv/tree hexa-admin --root /srv/tree init >/tmp/list || return 1
	while read -r point; do
		count=$((count + 1))
		rm -rf /srv/tree && mkdir /srv/tree
		# shellcheck disable=SC2086 # two words
		strike "$1" $point hexa-admin --root /srv/tree init >/dev/null 2>&1
		status=$?
		if [ $status -eq 0 ]; then
			hexa-admin --root /srv/tree user list >/dev/null ||
				{ echo "$point: made and unusable"; return 1; }
		fi
		hexa-admin --root /srv/tree init >/dev/null 2>&1
		case $? in
		0 | 5) ;; # made now, or it was made
		*) echo "$point: init cannot be repeated"; return 1 ;;
		esac
		hexa-admin --root /srv/tree user add anna --role system-administrator \
			--first-name Anna --last-name Test >/dev/null ||
			{ echo "$point: the new database is unusable"; return 1; }
	done </tmp/list
	[ $count -ge 40 ] || { echo "only $count points"; return 1; }
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
