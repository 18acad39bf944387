# Passwords through the programs that set and ask for them: what is refused, the last ones, pam_pwquality
# before, their end and its warning, and a policy that wants them hashed otherwise.

client=$O/tests/pam/client
must_change=$O/tests/pam/must_change
one=annas-Long-password-1
two=annas-Long-password-2
three=annas-Long-password-3
four=annas-Long-password-4
carl=carls-Long-password-1

# policy OPERATIONS: with Argon2 at this many
policy()
{
	hexa-admin policy apply - <<-END
		hexa-policy: 1
		password: {history: 2, max-age: 30d, warn: 7d, argon2: {operations: $1, memory: 8MiB}}
		lockout: {failures: 0}
		permissions:
		  shell.login: {title: Log in, services: [sshd, login, su, su-l]}
		roles:
		  technician: {title: Technician, permissions: [shell.login]}
	END
}

# set_back PASSWORD…: as if these had been anna's, one after another, and the last of them today
set_back()
{
	local password
	for password; do
		hexa-admin user password anna --password-stdin <<<"$password" || return 1
	done
}

is_hers()
{
	same "$1: $2 is hers" anna ssh_login anna "$2" whoami
}

is_not_hers()
{
	refused "$1: $2 is not" 255 ssh_login anna "$2"
}

need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' policy 2
need 'sshd' sshd_start
need 'anna' hexa_user anna technician $one --email anna@example.org
need 'bob, who has a key alone' key_user bob technician
need 'a local user' local_user carl $carl

# ---- what everybody tries ----

has 'passwd says what is wrong' 'a common one' answer "$one Password2026! Password2026!" as anna passwd
has 'and with her own name' 'own name' answer "$one anna.berg.2026 anna.berg.2026" as anna passwd
lacks 'and repeats nothing' 'Password2026|anna\.berg' \
	answer "$one Password2026! Password2026! anna.berg.2026 anna.berg.2026" as anna passwd
refused 'chpasswd by root' 1 chpasswd <<<'anna:Password2026!'
refused 'passwd by root' 10 answer 'qwertyuiop12 qwertyuiop12' passwd anna
is_hers 'nothing changed' $one
ok 'a better one by chpasswd' chpasswd <<<"anna:$two"
is_hers 'chpasswd' $two
ok 'a local user'\''s is his host'\''s to judge' chpasswd <<<'carl:Password2026!'
ok 'set back' chpasswd <<<"carl:$carl"

# ---- the last ones ----

ok 'one, two, three' set_back $one $two $three
has 'not the one in use' 'in use' answer "$three $three $three" as anna passwd
has 'not the one before' 'one of your last 3' answer "$three $two $two" as anna passwd
has 'nor the one before that' 'one of your last 3' answer "$three $one $one" as anna passwd
is_hers 'passwd' $three
ok 'a new one' answer "$three $four $four" as anna passwd
is_hers 'passwd' $four
ok 'the first is long enough ago' answer "$four $one $one" as anna passwd
is_hers 'passwd' $one
ok 'root sets what it likes: chpasswd' chpasswd <<<"anna:$four"
ok 'twice' chpasswd <<<"anna:$four"
ok 'and user password' set_back $four
is_hers 'root' $four

# ---- one's own, without PAM ----

ok 'one, two' set_back $one $two
ok 'self password' answer "$two $three $three" as anna hexa-admin self password
is_hers 'self password' $three
is_not_hers 'self password' $two
has 'the journal says who' '\banna .* password +user anna' hexa-admin activity list --actor anna
ok 'through stdin' as anna hexa-admin self password --password-stdin <<<"$three"$'\n'"$four"
is_hers 'through stdin' $four
told 'a wrong one' 4 'not your current password' answer "$one" as anna hexa-admin self password
logged 'which is in the log' 'hexa-pam-helper.*"anna" refused for service "hexa-admin"'
lacks 'before a new one is asked for' 'New password' answer "$one" as anna hexa-admin self password
refused 'through stdin' 4 as anna hexa-admin self password --password-stdin <<<"$one"$'\n'"$two"
told 'the last but one' 6 'one of your last 3' answer "$four $two $two" as anna hexa-admin self password
told 'a common one' 6 'a common one' as anna hexa-admin self password --password-stdin <<<"$four"$'\nPassword2026!'
told 'a short one' 6 'shorter than 12' as anna hexa-admin self password --password-stdin <<<"$four"$'\nx'
told 'none at all' 6 'reads two lines' as anna hexa-admin self password --password-stdin <<<"$four"
told 'two that differ' 6 'differ' answer "$four $one $two" as anna hexa-admin self password
is_hers 'nothing changed' $four
refused 'nobody to ask' 2 as anna hexa-admin self password </dev/null
refused 'a local user has none of Hexa'\''s' 3 as carl hexa-admin self password --password-stdin <<<"$carl"$'\n'"$one"
refused 'who has none changes none' 4 as bob hexa-admin self password --password-stdin <<<$'\n'"$one"
refused 'nor has root' 4 hexa-admin self password --password-stdin <<<"$four"$'\n'"$one"
sudo_hexa_admin
refused 'nor who is behind sudo' 4 behind_sudo anna self password --password-stdin <<<"$four"$'\n'"$one"
is_hers 'nothing changed' $four

# ---- their end, and what is said before ----

# aged DAYS: hers is so old
aged()
{
	$must_change anna "$1"
}

# ssh_shell METHOD PASSWORD: her login shell: sshd(8) shows nothing before a command
ssh_shell()
{
	printf 'exit\n' | SSHPASS=$2 sshpass -e ssh "${ssh_options[@]}" -tt \
		-o PreferredAuthentications="$1" -l anna 127.0.0.1
}

ok 'root sets one' set_back $one
ok 'it is 20 days old' aged 20
lacks 'nothing is said yet' 'has to be changed' answer $one as carl su anna -c whoami
ok 'it is 24 days old' aged 24
has 'su says so' 'within 6 days' answer $one as carl su anna -c whoami
has 'and lets her in' '^anna' answer $one as carl su anna -c whoami
has 'login says so' 'within 6 days' tty_login anna $one whoami
has 'sshd says so, prompted' 'within 6 days' ssh_shell keyboard-interactive $one
has 'sshd says so' 'within 6 days' ssh_shell password $one
ok 'anna has a key' authorize anna
lacks 'nothing to who comes by key' 'has to be changed' ssh_key anna whoami
ok 'the day before the last' aged 29
has 'is said as such' 'within 1 day' answer $one as carl su anna -c whoami

ok 'it is too old' aged 31
has 'su has it changed' '^anna' answer "$one $two $two" as carl su anna -c whoami
is_hers 'su' $two
ok 'again' aged 31
has 'login has it changed' '^anna' tty_login anna "$two $three $three" whoami
is_hers 'login' $three
ok 'again' aged 31
has 'sshd has it changed, prompted' '^anna' answer "$three $four $four" ssh "${ssh_options[@]}" \
	-o PreferredAuthentications=keyboard-interactive -l anna 127.0.0.1 whoami
is_hers 'sshd' $four
ok 'again' aged 31
has 'not to one of the last' 'one of your last 3' answer "$four $three $three" as carl su anna -c whoami
lacks 'and she is not in' '^anna' answer "$four $three $three" as carl su anna -c whoami
same 'a key is let in' anna ssh_key anna whoami
same 'nor is root asked' anna su anna -c whoami
# Who has no password has none that ends.
ok 'bob never had one, and long' $must_change bob 4000
same 'his key is let in' bob ssh_key bob whoami
same 'nor is root asked of him' bob su bob -c whoami
ok 'nor cron' $client cron bob acct_mgmt
ok 'hers is set' set_back $one

# ---- another cost of Argon2 ----

# hashes: of what cost there are any in the database
hashes()
{
	grep -aoE 'argon2id\$v=19\$m=[0-9]+,t=[0-9]+' /var/lib/hexa/private/hexa.mdb | sort -u
}

upgrades()
{
	hexa-admin activity list --user anna | grep -c 'password upgrade'
}

is_upgraded_once()
{
	[ "$(upgrades)" = 1 ]
}

has 'hashes are as the policy has them' 'm=8192,t=2' hashes
ok 'the policy changes' policy 3
lacks 'no hash does by itself' 't=3' hashes
refused 'a wrong one is none to hash' 255 ssh_login anna $two
is_hers 'the right one' $one
ok 'is hashed anew' await is_upgraded_once
has 'as the policy says' 'm=8192,t=3' hashes
is_hers 'it is as good as before' $one
ok 'for once' is_upgraded_once
has 'it is none of the earlier ones' 'in use' answer "$one $one $one" as anna passwd

# ---- another module before ----

cp /usr/share/pwquality.profile /usr/share/pam-configs/pwquality
ok 'pam_pwquality' pam-auth-update --enable pwquality
printf 'dictcheck = 0\nusercheck = 0\nminlen = 8\ndcredit = -1\n' >/etc/security/pwquality.conf
has 'stands before pam_hexa' '1:.*pwquality.*3:.*hexa' \
	sh -c "grep -E '^password.*(pwquality|unix|hexa)' /etc/pam.d/common-password | grep -n . | tr '\n' ' '"
poor='a password of words alone'
has 'it judges first' 'less than 1 digits' answer "$one $(tr ' ' - <<<"$poor") " as anna passwd
ok 'what it takes Hexa takes, asked for once' answer "$one $two $two" as anna passwd
is_hers 'pam_pwquality' $two
has 'what it takes and Hexa does not' 'a common one' answer "$two Password2026! Password2026!" as anna passwd
has 'nor one of the last' 'one of your last 3' answer "$two $one $one" as anna passwd
# Nothing that pam_pwquality has not seen comes behind it.
: "$(answer "$two Password2026! Password2026! ${poor// /-} ${poor// /-}" as anna passwd)"
is_hers 'what only Hexa would take is not taken' $two
cat >/etc/pam.d/stacked <<-'END'
	auth required pam_hexa.so
	account required pam_hexa.so
	password requisite pam_pwquality.so retry=1
	password required pam_hexa.so use_authtok
END
refused 'use_authtok: a poor one' 1 as anna $client stacked anna chauthtok \
	< <(printf '%s\n' $two "${poor// /-}" "${poor// /-}")
refused 'use_authtok: one that Hexa does not take, and none is asked for' 1 as anna $client stacked anna chauthtok \
	< <(printf '%s\n' $two Password2026! Password2026! $three $three)
is_hers 'nothing changed' $two
ok 'use_authtok: a good one' as anna $client stacked anna chauthtok < <(printf '%s\n' $two $three $three)
is_hers 'use_authtok' $three
ok 'a local user'\''s too' answer "$carl carls-Long-password-2 carls-Long-password-2" as carl passwd
same 'is set' carl ssh_login carl carls-Long-password-2 whoami

lacks 'no password in the log' 'Long-password|Password2026|words-alone' log
same_sshd 'all through'
