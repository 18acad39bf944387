# What README.md and the documents say, typed as it stands there by somebody with sudo on a host where nothing is
# installed.  For cases; answers COMMAND, the case's own, prints what is typed where a command asks.

# block NAME [FILE]: the commands of README.md behind "<!-- run: NAME -->", one on a line
block()
{
	sed -n "/^<!-- run: $1 -->\$/,/^\`\`\`\$/p" "${2:-README.md}" | sed '/^<!--/d; /^```/d'
}

# blocks FILE: those of every block of commands in it
blocks()
{
	sed -n '/^```sh$/,/^```$/p' "$1" | sed '/^```/d'
}

# typed WHERE COMMAND: by the reader, on a terminal, but for what asks nothing and takes long; what it said is in
# /tmp/said
typed()
{
	local terminal=(answer "$(answers "$2")")
	[[ ! $2 =~ ^(make|sudo apt-get install) ]] || terminal=()
	ok "$1: ${2%%  *}" "${terminal[@]}" as reader bash -c "$2"
	cp "$out" /tmp/said
}

# follow WHERE: types what comes on standard input
follow()
{
	local commands command
	mapfile -t commands
	ok "$1 has commands" test ${#commands[@]} -gt 0
	for command in "${commands[@]}"; do
		typed "$1" "$command"
	done
}

uninstalled()
{
	! test -e /usr/sbin/hexa-admin && ! ls /lib/*/security/pam_hexa.so /usr/lib/*/libnss_hexa.so.2
}

# reader_begin PASSWORD: nothing is installed, the reader may use sudo, and Debian's own sshd runs: $sshd
reader_begin()
{
	make --no-print-directory O="$O" uninstall >/dev/null
	ok 'nothing is installed' uninstalled
	need 'somebody with sudo' local_user reader "$1"
	printf 'Defaults env_keep += "O"\nreader ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/reader
	chmod 440 /etc/sudoers.d/reader
	ssh-keygen -A >/dev/null
	/usr/sbin/sshd -D &
	sshd=$!
	need 'sshd' await ssh-keyscan -T 30 localhost
}
