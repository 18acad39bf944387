# Local users and root, with Hexa installed, switched on, off, and with its parts gone.

. tests/host/local-users.sh
people
as_before 'installed, not switched on'
switch_on
as_before 'switched on'

mv $state $state.away
as_before 'all of it gone'
theirs_refused 'all of it gone'
mv $state.away $state

mv $helper $helper.away
as_before 'helper gone'
theirs_refused 'helper gone'
mv $helper.away $helper

chmod a-x $helper
as_before 'helper not executable'
theirs_refused 'helper not executable'
chmod 4755 $helper

module=$(find /lib/ /usr/lib/ -name libnss_hexa.so.2 | head -1)
mv "$module" "$module.away"
as_before 'NSS module gone'
theirs_refused 'NSS module gone'
mv "$module.away" "$module"

same 'all mended: anna is in' anna ssh_login anna $anna whoami
ok 'switched off' hexa-admin host disable
as_before 'switched off'
theirs_refused 'switched off'
ok 'switched on again' hexa-admin host enable
same 'anna is in' anna ssh_login anna $anna whoami
