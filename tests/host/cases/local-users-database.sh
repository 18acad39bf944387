# Local users and root, with the database missing or damaged.

. tests/host/local-users.sh
people
switch_on

for how in gone empty truncated flipped fifo folder; do
	damage $how $database
	as_before "database $how"
	theirs_refused "database $how"
	mend $database
done

same 'all mended: anna is in' anna ssh_login anna $anna whoami
