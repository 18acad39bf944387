# nsswitch_edit SED-ARGUMENT…: nsswitch.conf as sed makes it.  It is written beside the file and renamed over
# it, so that no program reads half of it.  One that is a link or a mount is left to whoever manages it.
nsswitch_edit()
{
	file=$DPKG_ROOT/etc/nsswitch.conf
	[ -f "$file" ] || return 0
	! sed -E "$@" "$file" | cmp -s - "$file" || return 0
	if [ -L "$file" ] || ! cp -a "$file" "$file.hexa-new" || ! sed -E "$@" "$file" >"$file.hexa-new" ||
		! sync "$file.hexa-new" || ! mv -f "$file.hexa-new" "$file"; then
		rm -f "$file.hexa-new"
		return 1
	fi
}

# Last on the line.  Where actions stand on it, `hexa-admin host enable` judges whether Hexa is reached.
nsswitch_add()
{
	nsswitch_edit -e '/^\s*(passwd|group):\s*[^#[:space:]]/!b' -e '/^[^#]*(\[|[:[:space:]]hexa(\s|#|$))/b' \
		-e 's/^([^#]*[^#[:space:]])/\1 hexa/'
}

# And with it the action that `hexa-admin host enable` puts before it.  Behind `:` and `]` no blank is needed.
nsswitch_remove()
{
	nsswitch_edit -e '/^\s*(passwd|group|initgroups):/!b' \
		-e 's/^(\s*initgroups:[^#]*[^#[:space:]])\s*\[\s*SUCCESS\s*=\s*continue\s*\]\s*hexa/\1 hexa/I' \
		-e ':again' \
		-e 's/^([^#]*[^#[:space:]])\s+hexa(\s*\[[^]#]*\])*([[:space:]#].*)?$/\1\3/' -e 't again' \
		-e 's/^([^#]*[]:])hexa(\s*\[[^]#]*\])*([[:space:]#].*)?$/\1\3/' -e 't again'
}
