# Mails: what the host's mail program is given, and what a command says when there is none, or when it
# says no.  The mail program is a script, which keeps what it got.

need 'a service company' hexa-admin init --preset field-service
need 'a client' hexa-admin client add acme --title Acme
need 'another' hexa-admin client add brill --title Brill
need 'a third' hexa-admin client add calm --title Calm
need 'a fourth' hexa-admin client add dunes --title Dunes
need 'a manager' hexa-admin user add mara --role manager --first-name Mara --last-name Voss
code='[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){3}'
person=(--role technician --last-name Hall)

# mail_program: one that keeps what it gets, and what it sees of who runs it
mail_program()
{
	mkdir -p /root/mail
	cat >/usr/sbin/sendmail <<-'END'
		#!/bin/sh
		cd /root/mail && here=$(($(ls | wc -l) + 1)) && mkdir $here && cd $here || exit
		printf '%s\n' "$@" >arguments
		env >environment
		cat >message
		tr '\0' ' ' </proc/$PPID/cmdline >parent
		tr '\0' '\n' </proc/$PPID/environ >parent-environment
	END
	chmod 755 /usr/sbin/sendmail
}
# mailed: how many mails there are; of_mail FILE: what is known of the last one
mailed()
{
	ls /root/mail | wc -l
}
of_mail()
{
	cat "/root/mail/$(mailed)/$1"
}

# ---- a host without a mail program ----

rm -f /usr/sbin/sendmail
told 'without a mail program the user stands, and it is said' 7 'has a new one-time code, which could not be mailed' \
	hexa-admin user add bob "${person[@]}" --first-name Bob --email bob@example.org --invite --mail
has 'with what makes another code' 'try: hexa-admin user invite bob$' \
	hexa-admin user invite bob --mail
lacks 'and no code is printed' "$code" hexa-admin user invite bob --mail
has 'the user is there' '^status +invited' hexa-admin user show bob
told 'as does a client that somebody was given' 0 'told by mail: this host has no mail program' \
	hexa-admin user add cora --type client --role client --client acme --first-name Cora --last-name Moor \
	--email cora@example.org --phone +31612345678
has 'which is the policy to mend' 'try: hexa-admin policy edit # mail.client-added$' \
	hexa-admin user edit cora --add-client calm
has 'who has it' '^clients +acme' hexa-admin user show cora
has 'a code is printed all the same' "^$code\$" hexa-admin user invite bob

# ---- with one ----

mail_program
same 'a code that is mailed is not printed' '' hexa-admin user reset bob --mail
has 'it goes to the address' '^To: bob@example.org$' of_mail message
has 'and says what it is for' '^Subject: A new password for your account on throwaway$' of_mail message
has 'who it is for' '^    name: bob$' of_mail message
has 'and what is to be typed' "^    code: $code\$" of_mail message
same 'the program is told the address alone' $'-i\n--\nbob@example.org' of_mail arguments
lacks 'the code is in no argument' "$code" of_mail parent
lacks 'in no environment' "$code" of_mail environment
lacks 'nor in that of hexa-admin' "$code" of_mail parent-environment
lacks 'and not in the journal' "$code" hexa-admin activity list --json
has 'a made name is printed' '^dhall$' \
	hexa-admin user add "${person[@]}" --first-name Dan --email dan@example.org --invite --mail
has 'and the invitation goes out' '^Subject: Your account on ' of_mail message
has 'JSON says where to' '"mailed-to": "bob@example.org"' hexa-admin --json user reset bob --mail
lacks 'and no code' "$code" hexa-admin --json user reset bob --mail
echo '127.0.1.1 throwaway.example.org throwaway' >>/etc/hosts
ok 'a manager, of a host with a full name, invites too' hexa-admin --as mara user invite bob --mail
has 'by which the mail names it' '^Subject: Your account on throwaway.example.org$' of_mail message
has 'there and further down' '^You have an account on throwaway.example.org:$' of_mail message
ok 'a secret stands in the environment' env SECRET=canary hexa-admin user reset bob --mail
lacks 'of which the program has nothing' canary of_mail environment
ok 'who ignores the ends of children is told the truth' \
	perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' hexa-admin user reset bob --mail
ok 'a sender is named' sh -c '{ hexa-admin policy show; } | sed "s/^mail:/mail:\n  from: hexa@example.org/" \
	>/root/policy && hexa-admin policy apply /root/policy'
ok 'a code is mailed' hexa-admin user reset bob --mail
has 'from that sender' '^From: hexa@example.org$' of_mail message
has 'and comes back there' '^hexa@example.org$' of_mail arguments

# ---- refused before anything ----

before=$(mailed)
told 'who has no address is sent none' 1 'no e-mail address' hexa-admin user reset mara --mail
told 'nor is somebody made' 1 'no e-mail address' \
	hexa-admin user add eve "${person[@]}" --first-name Eve --invite --mail
refused 'who is not there' 3 hexa-admin user show eve
refused 'nobody' 3 hexa-admin user reset nobody --mail
refused 'a manager mails nobody who has more' 4 hexa-admin --as mara user reset mara --mail
same 'no mail went out' "$before" mailed

# ---- clients ----

ok 'a client is given' hexa-admin user edit cora --add-client brill
has 'which she is told' '^    brill$' of_mail message
lacks 'and not what she had' acme of_mail message
before=$(mailed)
ok 'what else is changed' hexa-admin user edit cora --profession Gardener
ok 'is told nobody' [ "$(mailed)" = "$before" ]
ok 'a new one is invited' hexa-admin user add --type client --role client --client acme --first-name Dina \
	--last-name Loos --email dina@example.org --phone +31612345679 --invite --mail
has 'with the client in one mail' '^    acme$' of_mail message
ok 'which is all' [ "$(mailed)" = $((before + 1)) ]
ok 'of an employee' hexa-admin user edit dhall --add-client acme
ok 'nothing is told' [ "$(mailed)" = $((before + 1)) ]

# ---- a mail program that says no ----

printf '%s\n' '#!/bin/sh' 'cat >/dev/null; echo "no room for mail" >&2; exit 75' >/usr/sbin/sendmail
told 'its reason is said' 7 'no room for mail' hexa-admin user reset bob --mail
told 'of each client too' 0 'the clients of dloos are changed, but they could not be told' \
	hexa-admin user edit cora dloos --add-client dunes
same 'and what was asked is done' 2 sh -c "hexa-admin user list --csv --columns clients | grep -c dunes"
