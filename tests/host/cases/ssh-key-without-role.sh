# A key proves who it is, and not that they may: pam_unix's account phase says yes to whoever has `*` as
# password, so only Hexa's line, before it, can refuse.

password=some-Long-password-1

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna has a role with a permission' hexa_user anna technician $password
need 'bob has a role without' hexa_user bob visitor $password
need 'carl will have no role' hexa_user carl technician $password
need 'sshd' sshd_start
for user in anna bob carl; do
	need "$user has a key" authorize $user
done

same 'anna is let in by key' anna ssh_key anna whoami
refused 'bob is refused' 255 ssh_key bob
same 'carl is let in as long as he has one' carl ssh_key carl whoami
ok 'carl loses his role' hexa-admin user edit carl --remove-role technician
refused 'carl is refused' 255 ssh_key carl
ok 'carl gets it back' hexa-admin user edit carl --add-role technician
same 'carl is let in' carl ssh_key carl whoami

ok 'anna is suspended' hexa-admin user suspend anna
refused 'a suspended user is refused' 255 ssh_key anna
ok 'anna is back' hexa-admin user resume anna
same 'and let in' anna ssh_key anna whoami

# Nothing but Hexa's own answer lets them in.
helper=/usr/libexec/hexa/hexa-pam-helper
mv $helper $helper.away
refused 'without the helper, a key of theirs opens nothing' 255 ssh_key anna
mv $helper.away $helper
same 'with it, it does' anna ssh_key anna whoami
