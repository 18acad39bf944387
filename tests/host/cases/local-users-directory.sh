# Local users and root, with the published directory missing or damaged.

. tests/host/local-users.sh
people
switch_on

for how in gone empty truncated flipped fifo folder; do
	damage $how $directory
	as_before "directory $how"
	mend $directory
done

same 'all mended: anna is in' anna ssh_login anna $anna whoami
