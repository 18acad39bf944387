# The setuid helper in the hands of an ordinary user: what it is started on, what it is told, what it is
# started with, and what it is limited by.  Only what is the caller's own ever comes of it, and no half write.

helper=/usr/libexec/hexa/hexa-pam-helper
ask=$O/tests/pam/ask
anna=annas-Long-password-1
bob=bobs-Long-password-1

cc -O1 -std=gnu11 -D_GNU_SOURCE -I. -o /usr/local/bin/forge tests/attack/forge.c pam_hexa/message.c policy/bytes.c ||
	exit 1
need 'a new database, and the host switched on' hexa_enable
need 'the policy applies' hexa-admin policy apply tests/host/policy.yaml
need 'anna is a technician' hexa_user anna technician $anna
need 'bob is one too' hexa_user bob technician $bob
# A spy in every folder that is searched by an environment, and as the working directory.
printf '#!/bin/sh\necho spied >>/tmp/spied\n' >/tmp/nscd && chmod 755 /tmp/nscd
printf 'void __attribute__((constructor)) spy(void) { __builtin_trap(); }' |
	cc -shared -fPIC -xc -o /tmp/attack.so -
: >/tmp/spied && chmod 666 /tmp/spied

# ---- what it is told ----

same 'noise is answered by nothing' '0 answered' as anna forge $helper noise 200
same 'a changed bit makes no yes, and nothing that is root'\''s' '' as anna forge $helper flip anna
logged 'the changed ones were refused' 'hexa-pam-helper.*refused'
lacks 'every line of which is one line, quoted' '.' \
	sh -c "grep hexa-pam-helper: $log_file | grep -Ev \
	'hexa-pam-helper\[[0-9]+\]: asked by uid [0-9]+: (user \"anna\"|an unknown user) refused for service \"[^\"]*\" from \"[^\"]*\"'"
for kind in pipe stream netlink file directory terminal null closed; do
	same "started on: $kind" 1 as anna forge $helper fd $kind
done
same 'without arguments, in a hostile environment' '0 answered' as anna forge $helper bare
setpriv --reuid anna --regid anna --init-groups forge $helper deaf anna &
deaf=$!
same 'beside one that cannot give its answer' 'verdict allowed' as anna $ask account anna locker
need 'that one is at work' await pgrep -P $deaf -x hexa-pam-helper
ok 'nor is root kept from writing' timeout 50 hexa-admin user edit anna --note n
ok 'while it is there' pgrep -P $deaf -x hexa-pam-helper
kill $deaf

# ---- where it is started ----

in_tmp()
{
	(cd /tmp && umask "$1" && as anna env LD_PRELOAD= HOME=/tmp TZ=:/tmp/zone "$2" "$3" "$4" "$5")
}
same 'in another folder, with no mask' 'verdict allowed' in_tmp 000 "$PWD/$ask" authenticate anna x <<<$anna
same 'with every mask' 'verdict allowed' in_tmp 777 "$PWD/$ask" authenticate anna x <<<$anna
same 'no spy was run' '' cat /tmp/spied
same 'nothing was left' '' find /tmp -name 'attack-*'

# ---- what it is limited by: a change of the password, all or nothing ----

change()
{
	printf '%s\n' "$2" "$3" | as anna prlimit $1 "$PWD/$ask" change anna x 2>&1
}

# all_or_nothing LIMIT…: an answer or none; the password is the one or the other, as was said
old=$anna
new=annas-Long-password-2
all_or_nothing()
{
	local limit said swap
	for limit; do
		said=$(change "$limit" "$old" "$new")
		if [ "$said" = "done" ]; then
			swap=$old old=$new new=$swap
		fi
		[ "$($ask authenticate anna sshd <<<"$old")" = 'verdict allowed' ] ||
			{ echo "$limit: '$said', and the password is not as it says"; return 1; }
		hexa-admin activity verify >/dev/null || { echo "$limit: $said: the journal"; return 1; }
	done
}
ok 'file size' all_or_nothing --fsize={0,1,8192,100000}
ok 'descriptors' all_or_nothing --nofile={0,3,5,7,9}
ok 'memory' all_or_nothing --as={1000000,20000000,80000000}
ok 'stack' all_or_nothing --stack={8192,131072}
ok 'data' all_or_nothing --data=4000000
ok 'locked memory, signals, processes' all_or_nothing --memlock=0 --sigpending=0 --nproc=1
ok 'set back' chpasswd <<<"anna:$anna"
same 'what went wrong stopped nobody' 'verdict allowed' $ask authenticate anna sshd <<<$anna
same 'and bob is as he was' 'verdict allowed' $ask authenticate bob sshd <<<$bob
same 'no core anywhere' '' find / -xdev -name 'core*' -newer /usr/local/bin/forge -type f -path '*core' 
same 'the modes are as they were' "700 root:root /var/lib/hexa/private
600 root:root /var/lib/hexa/private/hexa.mdb
600 root:root /var/lib/hexa/private/hexa.mdb-lock
755 root:root /var/lib/hexa/directory
644 root:root /var/lib/hexa/directory/directory.mdb
700 root:root /run/hexa
600 root:root /run/hexa/verifications" stat -c '%a %U:%G %n' /var/lib/hexa/private \
	/var/lib/hexa/private/hexa.mdb /var/lib/hexa/private/hexa.mdb-lock /var/lib/hexa/directory \
	/var/lib/hexa/directory/directory.mdb /run/hexa /run/hexa/verifications
# In less time than after which one that waits is ended by its alarm.
ok 'no helper is left' within 20 none_of hexa-pam-helper
