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
	timeout 60 sudo -u clara sudo -n /usr/sbin/hexa-admin document add --kind other "$@"
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

# In a tree, where the doctor has no host to ask: each point has one of its own, in which one of two
# documents is to go.
tree=/srv/points
folder=$tree/var/lib/hexa/private/documents
in_tree()
{
	hexa-admin --root $tree "$@"
}
need 'a tree' mkdir $tree
need 'its database' in_tree init
for user in anna bob; do
	need "$user in it" in_tree user add $user --first-name Anna --last-name Berg --role system-administrator
done
echo stays >/tmp/stays
echo goes >/tmp/goes
need 'a document that stays' in_tree document add anna /tmp/stays --kind other
same 'and one that goes' 2 in_tree document add anna /tmp/goes --kind other
need 'all of it once more' mv $tree /srv/begin
new_tree()
{
	rm -rf $tree && cp -a /srv/begin $tree
}

# Every document that is listed has its content, and the journal is whole.
whole()
{
	local number
	for number in $(in_tree document list --csv --columns id | tail -n +2); do
		in_tree document get "$number" >/dev/null || { echo "$1: document $number"; return 1; }
	done
	in_tree activity verify >/dev/null || { echo "$1: the journal"; return 1; }
}

# The doctor misses nothing, and what lies in the folder beside what is named goes by what it says.
sweep()
{
	local name
	! in_tree doctor | grep '^error documents' || { echo "$1: the doctor"; return 1; }
	in_tree doctor --json | sed -n 's/.*"mend": "\(rm [^"]*\)".*/\1/p' | while read -r name; do $name; done
	[ "$(find $folder -type f | wc -l)" = "$(in_tree document list --csv --columns sha256 | tail -n +2 |
		sort -u | wc -l)" ] || { echo "$1: something is left"; ls -A $folder; return 1; }
}

# every_point HOW CMD…: CMD is struck at each of its points; every second time /tmp/content is what somebody has
every_point()
{
	local how=$1 point count=0
	shift
	echo counted >/tmp/content
	new_tree && points /hexa.mdb "$@" >/tmp/list || return 1
	while read -r point; do
		count=$((count + 1))
		echo stays >/tmp/content
		[ $((count % 2)) = 0 ] || echo new >/tmp/content
		new_tree || return 1
		# shellcheck disable=SC2086 # two words
		strike "$how" $point "$@" >/dev/null 2>&1 </dev/null
		whole "$point" || return 1
		in_tree document add anna /tmp/content --kind other >/dev/null ||
			{ echo "$point: the next add failed"; return 1; }
		sweep "$point" || return 1
	done </tmp/list
	[ $count -ge 25 ] || { echo "only $count points"; return 1; }
}
an_add="hexa-admin --root $tree document add bob /tmp/content --kind other"
a_removal="hexa-admin --root $tree --yes document remove 2"
# shellcheck disable=SC2086 # words
{
	ok 'an add that is killed' every_point signal=KILL $an_add
	ok 'an add without space' every_point error=ENOSPC $an_add
	ok 'an add to a failing disk' every_point error=EIO $an_add
	ok 'a removal that is killed' every_point signal=KILL $a_removal
	ok 'a removal on a failing disk' every_point error=EIO $a_removal
}

# ---- a folder of its own that is full ----

mkdir -p /srv/tree && hexa-admin --root /srv/tree init && hexa-admin --root /srv/tree user add anna --role \
	system-administrator --first-name Anna --last-name Test
folder=/srv/tree/var/lib/hexa/private/documents
mkdir -m 700 $folder && mount -t tmpfs -o size=1m,mode=700 small $folder
head -c 3000000 /dev/urandom >/tmp/large
refused 'a folder without room' 7 hexa-admin --root /srv/tree document add anna /tmp/large --kind other
same 'keeps nothing of it' '' ls -A $folder
ok 'and takes what fits' hexa-admin --root /srv/tree document add anna /tmp/policy.yaml --kind other
