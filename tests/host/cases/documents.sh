# Documents behind the real sudo: what a person could not read root does not read for them, and what they put
# in a file's place holds nobody up.  And an add or a removal that is killed, or that the disk refuses, at any
# point: what is listed has its content, and the next command works.

need 'a new database, and the host switched on' hexa_enable
cat >/tmp/policy.yaml <<'END'
hexa-policy: 1
roles:
  plain: {title: Plain, permissions: [hexa.users.view]}
  clerk: {title: Clerk, permissions: [hexa.documents.edit, hexa.documents.view]}
  reader: {title: Reader, permissions: [hexa.documents.view]}
END
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'a clerk of sales' hexa-admin user add clara --first-name Clara --last-name Ott --role clerk@/sales \
	--unit /sales
need 'a reader' hexa-admin user add rita --first-name Rita --last-name Ott --role reader
need 'one of sales' hexa-admin user add bob --first-name Bob --last-name Bos --role plain --unit /sales
need 'one of elsewhere' hexa-admin user add anna --first-name Anna --last-name Berg --role plain
need 'hexa-admin behind sudo' sudo_hexa_admin

# ---- whose eyes ----

mkdir -p /srv/clara && chown clara: /srv/clara && cd /srv/clara || exit
as clara sh -c 'echo "a diploma" >diploma; ln -s /etc/shadow link; mkfifo fifo; echo x >closed; chmod 0 closed'
add()
{
	timeout 10 sudo -u clara sudo -n /usr/sbin/hexa-admin document add --kind other "$@"
}
ok 'a file of her own' add bob diploma
refused 'a link to what only root reads' 6 add bob link
refused 'that itself' 6 add bob /etc/shadow
refused 'what others keep to themselves' 6 add bob /var/lib/hexa/private/hexa.mdb
refused 'a FIFO that nobody writes to' 6 add bob fifo
refused 'a terminal' 6 add bob /dev/tty
refused 'a device' 6 add bob /dev/zero
refused 'a folder' 6 add bob /srv
refused 'a file that she has closed to herself' 6 add bob closed
refused 'somebody of elsewhere' 4 add anna diploma
refused 'herself' 4 add clara diploma
refused 'a reader does not add' 4 sudo -u rita sudo -n /usr/sbin/hexa-admin document add bob - --kind other \
	</srv/clara/diploma
refused 'nor remove' 4 behind_sudo rita --yes document remove 1
same 'but reads' 'a diploma' behind_sudo rita document get 1
refused 'who may nothing of this does not' 4 behind_sudo bob document get 1
ok 'names that a shell would take apart' sh -c 'cd /srv/clara && for name in ";id;" "\$(id)" -- -rf; do
	cp diploma "./$name" && hexa-admin document add bob "./$name" --kind other || exit; done'
lacks 'which nothing runs' 'uid=' hexa-admin document list
cd / || exit

# ---- killed, or refused, at any point ----

# Each point adds what no other has, and removes what was added first.  Every content counts.
calls=openat,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,msync,rename,renameat,unlink,unlinkat,mkdir,flock,chmod
folder=/var/lib/hexa/private/documents

# Every document that is listed has its content, and no other error is found.
whole()
{
	local number
	for number in $(hexa-admin document list --csv --columns id | tail -n +2); do
		hexa-admin document get "$number" >/dev/null || { echo "point $1: document $number"; return 1; }
	done
	! hexa-admin doctor | grep '^error documents' || { echo "point $1: the doctor"; return 1; }
	hexa-admin activity verify >/dev/null || { echo "point $1: the journal"; return 1; }
}

# What lies in the folder beside what is named goes by what the doctor says.
sweep()
{
	local name
	hexa-admin doctor --json | sed -n 's/.*"mend": "\(rm [^"]*\)".*/\1/p' | while read -r name; do $name; done
	[ "$(find $folder -type f | wc -l)" = "$(hexa-admin document list --csv --columns sha256 | tail -n +2 |
		sort -u | wc -l)" ] || { echo "point $1: something is left"; ls -A $folder; return 1; }
}

# every_point HOW CMD…: CMD is run at each of its points, with a content of its own in /tmp/content
every_point()
{
	local how=$1 point=0 most
	shift
	echo counted >/tmp/content
	strace -f -o /tmp/points -e trace=$calls "$@" >/dev/null 2>&1 || return 1
	most=$(($(wc -l </tmp/points) + 5))
	[ "$most" -gt 30 ] || { echo "only $most points"; return 1; }
	while [ $((point += 1)) -le "$most" ]; do
		echo "$how $point" >/tmp/content
		hexa-admin document add anna - --kind other </tmp/content >/tmp/newest || return 1
		[ $((point % 2)) = 0 ] || echo "other $how $point" >/tmp/content
		strace -f -o /dev/null -e trace=$calls -e inject=$calls:"$how":when=$point "$@" >/dev/null 2>&1
		whole $point || return 1
		hexa-admin document add anna /tmp/content --kind other >/dev/null ||
			{ echo "point $point: the next add failed"; return 1; }
		whole $point && sweep $point || return 1
		hexa-admin document list --csv --columns id | tail -n +4 | while read -r number; do
			hexa-admin --yes document remove "$number" || exit; done ||
			{ echo "point $point: a removal failed"; return 1; }
	done
}
hexa-admin document add anna - --kind other </tmp/policy.yaml >/tmp/newest
ok 'an add that is killed' every_point signal=KILL hexa-admin document add bob /tmp/content --kind other
ok 'an add without space' every_point error=ENOSPC hexa-admin document add bob /tmp/content --kind other
ok 'an add to a failing disk' every_point error=EIO hexa-admin document add bob /tmp/content --kind other
cat >/tmp/remove <<'END'
#!/bin/sh
exec hexa-admin --yes document remove "$(cat /tmp/newest)"
END
chmod 755 /tmp/remove
hexa-admin document add anna - --kind other </etc/hostname >/tmp/newest
ok 'a removal that is killed' every_point signal=KILL /tmp/remove
hexa-admin document add anna - --kind other </etc/hostname >/tmp/newest
ok 'a removal on a failing disk' every_point error=EIO /tmp/remove

# ---- a folder of its own that is full ----

mkdir -p /srv/tree && hexa-admin --root /srv/tree init && hexa-admin --root /srv/tree user add anna --role \
	system-administrator --first-name Anna --last-name Test
mkdir -m 700 /srv/tree/$folder && mount -t tmpfs -o size=1m,mode=700 small /srv/tree/$folder
head -c 3000000 /dev/urandom >/tmp/large
refused 'a folder without room' 7 hexa-admin --root /srv/tree document add anna /tmp/large --kind other
same 'keeps nothing of it' '' ls -A /srv/tree/$folder
ok 'and takes what fits' hexa-admin --root /srv/tree document add anna /tmp/policy.yaml --kind other
