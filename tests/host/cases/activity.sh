# What is done to accounts stands in the journal and in the system's log: who, what, and from where.  Values
# stand in the journal alone.

anna=annas-Long-password-1

: >/run/utmp
need 'a new database, and the host switched on' hexa_enable --preset linux-host
need 'sshd' sshd_start
need 'an administrator' hexa_user anna system-administrator $anna
logged 'that she was made' 'hexa-admin: user anna \(uid [0-9]+\) made by root \(uid 0\)'
need 'somebody else' hexa_user bob member bobs-Long-password-1

ok 'anna edits bob, from a terminal that ssh opened' \
	ssh_sudo anna $anna hexa-admin user edit bob --note keeper
logged 'the log says who, and from where' \
	'hexa-admin: user bob \(uid [0-9]+\) changed: note by anna \(uid [0-9]+\) from 127\.0\.0\.1'
ok 'root edits him too' hexa-admin user edit bob --profession Locksmith
logged 'which the log says' 'user bob \(uid [0-9]+\) changed: profession by root'
not_logged 'and not what became of it' 'Locksmith'
has 'the journal says it too' '^anna,127\.0\.0\.1,user edit,user,bob,note,,keeper$' \
	sh -c 'hexa-admin activity list --csv --user bob --actor anna | cut -d, -f3-'
ok 'a password is changed' sh -c 'echo another-Long-password-2 | hexa-admin user password bob --password-stdin'
logged 'which is said' 'user bob \(uid [0-9]+\) changed: password'
not_logged 'and not the password' 'another-Long-password-2'
has 'nor is it in the journal' ',password,set,changed$' \
	sh -c 'hexa-admin activity list --csv --user bob | tail -n 2'
ok 'a role is made' hexa-admin role add visitor
logged 'the log says so' 'hexa-admin: role visitor made by root'
ok 'bob goes' hexa-admin user delete bob --yes
logged 'the log says so' 'hexa-admin: user bob \(uid [0-9]+\) deleted by root'
has 'the journal goes on knowing him' 'user delete,user,bob' hexa-admin activity list --csv --user bob
ok 'and it is whole' hexa-admin activity verify
# Who holds up what a command prints holds nothing back from the log.
{ echo first-name,last-name,roles; seq 2000 | sed 's/.*/Cara,Holm&,member/'; } >/tmp/many.csv
mkfifo /tmp/unread
exec 8<>/tmp/unread
hexa-admin --json user import /tmp/many.csv >/tmp/unread & import=$!
logged 'a long import is told before it is printed' '[0-9]+ more accounts: activity [0-9]+ to [0-9]+'
ok 'which nobody has read yet' kill $import
exec 8>&-
