# What the NSS module asks of the kernel once it has the directory mapped: at most one stat a
# second.  glibc's own calls are left out of it: a small program of ours calls the module itself.

need 'a new database, and the host switched on' hexa_enable
need 'a role' hexa-admin role add visitor --title Visitor
need 'a user' hexa_user anna visitor 'a long enough password'

need 'the program that calls the module' \
	cc -std=c11 -D_GNU_SOURCE -I. -o /tmp/warm bench/warm.c -ldl

need 'it runs under strace' \
	sh -c 'strace -o /tmp/calls /tmp/warm libnss_hexa.so.2 anna 2 >/tmp/said'
read -r milliseconds rounds </tmp/said

# What stands between the program's two marks.
sed -n '/^getpgid(/,/^getpgid(/p' /tmp/calls | sed '/^getpgid(/d' >/tmp/between
stats=$(grep -c '^newfstatat(.*directory\.mdb\|^stat(.*directory\.mdb\|^statx(.*directory\.mdb' \
	/tmp/between)

ok 'both marks are in the trace' test "$(grep -c '^getpgid(' /tmp/calls)" = 2
ok "there were many look-ups ($rounds rounds)" test "$rounds" -gt 1000
ok 'the module made no other call than stat of the directory' \
	test "$(wc -l </tmp/between)" = "$stats"
ok "and of these at most one a second ($stats in $milliseconds ms)" \
	test "$stats" -le $((milliseconds / 1000 + 1))
ok 'but it does look' test "$stats" -ge 1
