# The whole of a database taken away while it is in use, lost in every way that it can be, and put back: who
# may log in does, and nobody else, at every moment of it.

private=/var/lib/hexa/private
at=/srv/backups
mkdir -p $at
cat >$at/policy.yaml <<'END'
hexa-policy: 1
password: {min-length: 8, argon2: {operations: 1, memory: 8MiB}}
lockout: {failures: 0}
permissions:
  shell.login: {services: [sshd]}
roles:
  technician: {permissions: [shell.login]}
END
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply $at/policy.yaml
need 'somebody who administers' hexa-admin user add boss --first-name B --last-name O --role system-administrator
for user in anna bob carl; do
	need "$user" hexa_user $user technician "right-$user"
done
echo 'a diploma' >$at/diploma
need 'a document' hexa-admin document add anna $at/diploma --kind certificate
need 'sshd' sshd_start
ok 'anna logs in' ssh_login anna right-anna

# ---- while it is in use ----

# Until it is told to stop: a change, a document that comes, one that goes.
writer()
{
	local i=0 number
	while [ ! -e $at/stop ]; do
		hexa-admin user edit bob --note "change $((i += 1))" || return 1
		number=$(echo "document $i" | hexa-admin document add bob - --kind other) || return 1
		hexa-admin document remove "$number" --yes || return 1
	done
	echo "$i" >$at/written
}

# What the backup $1 brings to a host that has nothing.
is_whole()
{
	local number
	rm -rf /srv/tree && mkdir /srv/tree || return 1
	hexa-admin --root /srv/tree --yes restore "$1" >$at/said 2>&1 || { cat $at/said; return 1; }
	! grep 'neither' $at/said || return 1
	hexa-admin --root /srv/tree activity verify >/dev/null || return 1
	for number in $(hexa-admin --root /srv/tree document list --csv --columns id | tail -n +2); do
		hexa-admin --root /srv/tree document get "$number" >/dev/null || return 1
	done
}

writer &
writing=$!
for i in 1 2 3 4; do
	ok 'a backup beside a writer' hexa-admin backup "$at/busy$i"
done
touch $at/stop
ok 'the writer was never refused' wait $writing
for i in 1 2 3 4; do
	ok 'it is whole' is_whole "$at/busy$i"
done
has 'and the writer was at work' '^[1-9]' cat $at/written
ok 'one more, of now' hexa-admin backup $at/now

# ---- back ----

hexa-admin user suspend carl
refused 'what was done since' 255 ssh_login carl right-carl
refused 'asks first' 1 answer no hexa-admin restore $at/now
has 'and no is no' '^status +suspended' hexa-admin user show carl
ok 'and yes is yes' answer yes hexa-admin restore $at/now
ok 'who was suspended since can log in, as it was' ssh_login carl right-carl
ok 'the chain goes on' hexa-admin activity verify
log_settled
has 'the log has its head' 'activity [0-9]+:[0-9a-f]{64} by root' log
lacks 'no finding is an error' '^error' hexa-admin doctor

# ---- logins beside it ----

# One login each; the password is right or wrong.
beside()
{
	local user=$1 kind=$2 status
	ssh_login "$user" "$kind-$user" 2>/dev/null
	status=$?
	[ "$kind" != right ] || [ $status -eq 0 ] || echo "$user was refused ($status)" >>$at/wrong
	[ "$kind" != wrong ] || [ $status -ne 0 ] || echo "$user was let in" >>$at/wrong
}
many_logins()
{
	local logins='' i user
	: >$at/wrong
	for i in 1 2 3 4 5; do
		for user in anna bob; do
			beside $user right &
			logins="$logins $!"
			beside $user wrong &
			logins="$logins $!"
		done
	done
	for i in 1 2 3; do
		hexa-admin --yes --quiet restore $at/now || echo "restore: $?" >>$at/wrong
	done
	# shellcheck disable=SC2086 # many words
	wait $logins
	cat $at/wrong
	[ ! -s $at/wrong ]
}
ok '20 logins beside three restores: the right ones, and only those' many_logins

# ---- gone, cut, flipped ----

back_again()
{
	hexa-admin --yes --quiet restore $at/now && ssh_login anna right-anna &&
		hexa-admin user add "$1" --role technician --first-name N --last-name N && getent passwd "$1" >/dev/null &&
		[ "$(hexa-admin document get 1)" = 'a diploma' ] && hexa-admin activity verify >/dev/null &&
		[ "$(ls $private/hexa.mdb*)" = "$(printf '%s\n' $private/hexa.mdb $private/hexa.mdb-lock)" ]
}

rm $private/hexa.mdb
refused 'deleted: nobody logs in' 255 ssh_login anna right-anna
ok 'but who they are is known' getent passwd anna
ok 'and it comes back' back_again deleted
truncate -s 20000 $private/hexa.mdb
refused 'cut: nothing can be done' 7 hexa-admin user list
ok 'and it comes back' back_again cut
ok 'what was cut is kept' test -e "$(echo $private/hexa-damaged-*.mdb)"
for page in 2 3 4 5 6 7 8 9; do
	printf x | dd of=$private/hexa.mdb bs=1 seek=$((page * 4096 + 1)) conv=notrunc status=none
done
has 'flipped: doctor names a page' '^error .*page [2-9], .*it does not say its own number' hexa-admin doctor
told 'and it is not backed up' 7 'the database is damaged: page [2-9], ' hexa-admin backup $at/now
ok 'and it comes back' back_again flipped
rm -rf /var/lib/hexa
ok 'all of it gone: and it comes back' back_again all

# ---- who has it open, and who comes meanwhile ----

cat >$at/editor <<'END'
#!/bin/sh
touch /srv/backups/editing
while [ ! -e /srv/backups/edited ]; do sleep 0.1; done
END
chmod 755 $at/editor
EDITOR=/srv/backups/editor VISUAL='' hexa-admin --yes policy edit >/dev/null 2>&1 &
editing=$!
ok 'somebody edits the policy' await test -e $at/editing
ok 'which is not in the way of a restore' hexa-admin --yes --quiet restore $at/now
truncate -s 20000 $private/hexa.mdb
told 'but of a damaged file it is, and is named' 7 "is open in process $editing; end it" hexa-admin --yes restore $at/now
touch $at/edited
wait $editing

# Twenty who open it again and again while it is gone and comes back: each is told so, or served.
openers()
{
	local i status pids='' beside=yes
	: >$at/wrong
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		(
			for _ in 1 2 3; do
				hexa-admin user show anna >/dev/null 2>&1
				status=$?
				[ $status -eq 0 ] || [ $status -eq 7 ] || echo "opener: $status" >>$at/wrong
			done
			hexa-admin user edit boss --note "$i" >/dev/null 2>&1
			status=$?
			[ $status -eq 0 ] || [ $status -eq 7 ] || [ $status -eq 5 ] || echo "writer: $status" >>$at/wrong
		) &
		pids="$pids $!"
	done
	# It waits some seconds for them, who may need more; then it is repeated, as it says.
	until hexa-admin --yes --quiet restore $at/now 2>$at/said; do
		[ $beside = yes ] && grep -q 'is open in ' $at/said ||
			{ echo "restore: $(cat $at/said)" >>$at/wrong; break; }
		# shellcheck disable=SC2086 # many words
		kill -0 $pids 2>/dev/null || beside=no
	done
	# shellcheck disable=SC2086 # many words
	wait $pids
	hexa-admin activity verify >/dev/null && hexa-admin user edit boss --note after || echo after >>$at/wrong
	cat $at/wrong
	[ ! -s $at/wrong ]
}
ok '20 who open it while it comes back' openers

# ---- killed, or refused, at any point ----

# Every fifth point of what changes files; the state is the old one or the new one.
every_fifth()
{
	local how=$1 point count=0 note
	hexa-admin user edit boss --note since || return 1
	points /hexa/private hexa-admin --yes --quiet restore $at/now | awk 'NR % 5 == 1' >$at/list || return 1
	while read -r point; do
		count=$((count + 1))
		hexa-admin user edit boss --note since || { echo "$point: no change after it"; return 1; }
		# shellcheck disable=SC2086 # two words
		strike "$how" $point hexa-admin --yes --quiet restore $at/now >/dev/null 2>&1
		note=$(hexa-admin user show boss --json | sed -n 's/.*"note": //p')
		case $note in
		'"since",' | 'null,') ;;
		*) echo "$point: the note is $note"; return 1 ;;
		esac
		hexa-admin activity verify >/dev/null || { echo "$point: the journal"; return 1; }
		getent passwd anna >/dev/null || { echo "$point: the directory"; return 1; }
	done <$at/list
	[ $count -ge 8 ] || { echo "only $count points"; return 1; }
}
ok 'killed at any point' every_fifth signal=KILL
ok 'out of space at any point' every_fifth error=ENOSPC
lacks 'nothing of it is left beside the database' 'restore\.(copy|new)' \
	sh -c "hexa-admin --yes --quiet restore $at/now && ls $private"

same_backup()
{
	local point count=0
	points private/backup hexa-admin backup $at/now | awk 'NR % 4 == 1' >$at/list || return 1
	while read -r point; do
		count=$((count + 1))
		# shellcheck disable=SC2086 # two words
		strike signal=KILL $point hexa-admin backup $at/now >/dev/null 2>&1
		hexa-admin --yes --root /srv/tree --quiet restore $at/now || { echo "$point"; return 1; }
	done <$at/list
	[ $count -ge 4 ] || { echo "only $count points"; return 1; }
}
ok 'a backup that is killed leaves the last one, or is whole' same_backup
strike signal=KILL renameat 1 hexa-admin backup $at/now >/dev/null 2>&1
has 'what it leaves is named' "^warning leftovers: $private/backup\.new " hexa-admin doctor
lacks 'and goes with the next one' '(backup\.|hexa-)new' sh -c "hexa-admin backup $at/now && ls $private $at"
lacks 'which is well then' '^warning leftovers' hexa-admin doctor

# ---- where somebody else is at home ----

useradd -m mallory
install -d -o mallory /home/mallory/backups
install -d /home/mallory/backups/of-root
ln -s $at /home/mallory/backups/link
for folder in . of-root link; do
	told "not below what is mallory's ($folder)" 6 'others than root may write to the folder /home/mallory' \
		hexa-admin backup /home/mallory/backups/$folder/hexa.backup
done
same 'and nothing was made there' '' find /home/mallory/backups -type f
install -d -m 1777 /srv/sticky
ok 'in a sticky folder' hexa-admin backup /srv/sticky/hexa.backup
refused 'which is root'"'"'s there' 1 as mallory mv /srv/sticky/hexa.backup /srv/sticky/mine
theirs='others than root can write this file'
for command in restore load; do
	file=/srv/sticky/hexa.backup
	[ $command = restore ] || { file=/srv/sticky/dump; (umask 077 && hexa-admin --quiet dump >$file); }
	lacks "$command: root's" "$theirs" hexa-admin --yes $command $file
	chown mallory $file
	told "$command: mallory's, said before the question" 1 "$theirs" answer no hexa-admin $command $file
	chown root $file
	chmod g+w $file
	told "$command: mallory's group's" 1 "$theirs" answer no hexa-admin $command $file
done

# A whole file system that is full.
mkdir -p /srv/small && mount -t tmpfs -o size=40k,mode=755 small /srv/small
told 'no room for a backup' 7 'No space left' hexa-admin backup /srv/small/backup
same 'and nothing of it is left' '' ls /srv/small
umount /srv/small
# A medium that cannot be written to.
mkdir -p /srv/medium && cp $at/now /srv/medium/ && mount --bind /srv/medium /srv/medium &&
	mount -o remount,bind,ro /srv/medium
ok 'from a file system that is read only' hexa-admin --yes --quiet restore /srv/medium/now
refused 'to which no backup is written' 6 hexa-admin backup /srv/medium/other

# ---- as text ----

(umask 077 && hexa-admin --quiet dump >$at/dump)
hexa-admin user suspend anna
ok 'loaded' hexa-admin --yes --quiet load $at/dump
ok 'and back' ssh_login anna right-anna
lacks 'no finding is an error' '^error' hexa-admin doctor
