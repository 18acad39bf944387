# Completion as it is installed, in real shells on a terminal: what a line has become when TAB was pressed, for
# root and for whoever is not, and that nothing of what is offered is run or said to be wrong.

# typed SHELL KEYS: the words that the shell runs hexa-admin with, once the keys and Return were pressed.  In the
# place of hexa-admin the line runs a function, which prints them; what completes it asks the program.
cat >/tmp/typed <<'END'
#!/usr/bin/expect -f
set timeout 120
lassign $argv shell keys
log_user 0
array set env {TERM dumb PS1 {begun> } HISTFILE /dev/null}
set begin ""
if {$shell eq "bash"} {
	spawn -noecho bash --norc --noprofile -i
	append begin "source /usr/share/bash-completion/completions/hexa-admin; "
} else {
	spawn -noecho zsh -f -i
	# Nothing comes behind a prompt.
	append begin "autoload -Uz compinit; compinit -u -D; unset zle_bracketed_paste; "
}
append begin "PS1='ready'\"> \"; hexa-admin() { printf '<%s>' line: \"\$@\"; echo; }"
send -- "$begin\r"
expect {
	-re {ready> $} {}
	timeout { puts {no prompt came}; exit }
}
send -- "$keys\r"
expect {
	-re {<line:>[^\r\n]*} { puts $expect_out(0,string) }
	-re {hexa-admin: [^\r\n]*} { puts $expect_out(0,string) }
	timeout { puts {nothing was run} }
	eof { puts "it ended" }
}
END
chmod 755 /tmp/typed

# asked LINE: what fish offers to put behind it, a word a line, with what it means
asked()
{
	HOME=/tmp/fish fish -c 'complete -C "$argv[1]"' "$1"
}

need 'a new database, and the host switched on' hexa_enable
cat >/tmp/policy.yaml <<-'END'
	hexa-policy: 1
	permissions:
	  shell.login: {services: [sshd, login]}
	roles:
	  technician: {permissions: [shell.login]}
	  trainee: {group: no}
END
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
for user in anna annika bob; do
	need "$user is made" hexa-admin user add $user --role technician --first-name Some --last-name Body
done
need 'lena is the host'\''s own' local_user lena some-Long-password-1
mkdir /tmp/fish && chmod 1777 /tmp/fish
echo '/bin/$(touch${IFS}/tmp/was-run)' >>/etc/shells
echo '/bin/`touch<>/tmp/was-run`' >>/etc/shells
touch /etc/pam.d/'s$(touch' "/etc/pam.d/s'"

tab=$'\t'
for shell in bash zsh; do
	if ! command -v $shell >/dev/null; then
		skip "$shell completes" "$shell is not installed"
		continue
	fi
	same "$shell: a verb, a user" '<line:><user><show><bob>' \
		/tmp/typed $shell "hexa-admin user sho${tab}b${tab}"
	same "$shell: by whoever is not root" '<line:><user><show><bob>' \
		as lena /tmp/typed $shell "hexa-admin user show b${tab}"
	same "$shell: as far as they are alike" '<line:><user><show><ann>' \
		/tmp/typed $shell "hexa-admin user show a${tab}"
	same "$shell: options and services" '<line:><--json><user><check><bob><--service><sshd>' \
		/tmp/typed $shell "hexa-admin --js${tab}user check bob --ser${tab}ss${tab}"
	same "$shell: in one word" '<line:><user><check><bob><--service=sshd>' \
		/tmp/typed $shell "hexa-admin user check bob --service=ss${tab}"
	same "$shell: what goes on at once" '<line:><user><list><--filter><status=active>' \
		/tmp/typed $shell "hexa-admin user list --filter statu${tab}act${tab}"
	same "$shell: behind a colon" '<line:><user><list><--sort><uid:desc>' \
		/tmp/typed $shell "hexa-admin user list --sort uid:${tab}"
	same "$shell: in quotes" '<line:><user><show><bob>' \
		/tmp/typed $shell "hexa-admin user show 'b${tab}"
	same "$shell: roles, for root" '<line:><role><show><trainee>' \
		/tmp/typed $shell "hexa-admin role show tra${tab}"
	same "$shell: for others those that are groups" '<line:><user><add><--role><technician><--role><tra>' \
		as lena /tmp/typed $shell "hexa-admin user add --role tec${tab}--role tra${tab}"
	same "$shell: files" '<line:><policy><apply></tmp/policy.yaml>' \
		/tmp/typed $shell "hexa-admin policy apply /tmp/polic${tab}"
	same "$shell: no files where none belong" '<line:><user><show></tmp/polic>' \
		/tmp/typed $shell "hexa-admin user show /tmp/polic${tab}"
	same "$shell: nothing of a file is run" '<line:><user><edit><bob><--shell></bin/>' \
		/tmp/typed $shell "hexa-admin user edit bob --shell /bin/${tab}"
done

if command -v fish >/dev/null; then
	same 'fish: users' $'anna\nannika' asked 'hexa-admin user show an'
	same 'fish: by whoever is not root' 'bob' as lena env HOME=/tmp/fish \
		fish -c 'complete -C "hexa-admin user show b"'
	has 'fish: what it means' $'^show\tshow all that is kept' asked 'hexa-admin user sho'
	same 'fish: in one word' '--service=sshd' asked 'hexa-admin user check bob --service=ss'
	same 'fish: behind sudo' 'bob' asked 'sudo hexa-admin user show b'
	same 'fish: files' '/tmp/policy.yaml' asked 'hexa-admin policy apply /tmp/polic'
	same 'fish: no files where none belong' '' asked 'hexa-admin user show /tmp/polic'
else
	skip 'fish completes' 'fish is not installed'
fi

need 'the directory is gone' rm /var/lib/hexa/directory/directory.mdb
need 'and the database is damaged' dd if=/dev/zero of=/var/lib/hexa/private/hexa.mdb bs=4096 count=4 conv=notrunc
same 'nobody is offered, and nothing said' '<line:><user><show><b>' /tmp/typed bash "hexa-admin user show b${tab}"
same 'commands are' '<line:><user><suspend>' /tmp/typed bash "hexa-admin user sus${tab}"
need 'without the program' rm /usr/sbin/hexa-admin /usr/bin/hexa-admin
same 'nothing is said either' '<line:><user><show><b>' /tmp/typed bash "hexa-admin user show b${tab}"
refused 'nothing was run' 1 test -e /tmp/was-run
