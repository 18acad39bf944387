# Makes tables of the numbers that bench/inside has gathered: awk -v sizes="100 10000" -f tables.awk
# A line is what was measured and, last, the number; of several of one thing the middle one counts.

function median(key,    count, i, j, value, all) {
	count = seen[key]
	if (!count)
		return "-"
	for (i = 1; i <= count; i++) {
		value = number[key, i]
		if (value == "wrong")
			return value
		for (j = i - 1; j > 0 && all[j] > value + 0; j--)
			all[j + 1] = all[j]
		all[j + 1] = value + 0
	}
	return all[int((count + 1) / 2)]
}

function is_number(value) {
	return value != "-" && value != "wrong"
}

# Three figures.
function shown(value) {
	if (!is_number(value))
		return value
	return sprintf(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
}

function ratio(a, b) {
	return is_number(a) && is_number(b) && b > 0 ? shown(a / b) : "-"
}

# In microseconds, from nanoseconds.
function look(size, world, kind, threads,    value) {
	value = median("look " size " " world " " kind " " threads)
	return is_number(value) ? value / 1000 : value
}

function sum(a, b) {
	return is_number(a) && is_number(b) ? a + b : "-"
}

function headed(title, left, right,    i) {
	printf "\n%s\n%-30s", title, left
	for (i = 1; i <= columns; i++)
		printf "%10s", size[i]
	if (right != "") {
		printf "   %-10s", right
		for (i = 1; i <= columns; i++)
			printf "%9s", size[i]
	}
	print ""
}

function row(name, cells, ratios,    i) {
	printf "%-30s", name
	for (i = 1; i <= columns; i++)
		printf "%10s", shown(cells[i])
	if (1 in ratios) {
		printf "   %10s", ""
		for (i = 1; i <= columns; i++)
			printf "%9s", ratios[i]
	}
	print ""
}

function look_row(name, world, kind, threads,    i, cells, ratios) {
	for (i = 1; i <= columns; i++) {
		cells[i] = look(size[i], world, kind, threads)
		if (world != "hexa" && world != "null" && world != "floor")
			ratios[i] = ratio(cells[i], look(size[i], "hexa", kind, threads))
	}
	row(name, cells, ratios)
}

# The goal: hexa within so many times the floor and glibc's own part.
function goal_row(kind, threads,    i) {
	printf "%-30s", "hexa : (floor + dispatch)"
	for (i = 1; i <= columns; i++)
		printf "%10s", ratio(look(size[i], "hexa", kind, threads),
		    sum(look(size[i], "floor", kind, threads),
		        look(size[i], "null", kind, threads)))
	print ""
}

function look_table(title, kind, threads,    i) {
	headed(title, "us a call, users:", "x hexa:")
	look_row("hexa", "hexa", kind, threads)
	look_row("floor: liblmdb", "floor", kind, threads)
	if (kind != "getpwent") {
		look_row("dispatch: a null module", "null", kind, threads)
		goal_row(kind, threads)
	}
	look_row("files, then hexa", "files-hexa", kind, threads)
	for (i = 1; i <= peers; i++)
		look_row(peer_name[i], peer[i], kind, threads)
}

function other_row(name, key, base, unit,    i, cells, ratios, value, against) {
	for (i = 1; i <= columns; i++) {
		value = median(sprintf(key, size[i]))
		cells[i] = is_number(value) ? value / unit : value
		if (base != "")
			ratios[i] = ratio(value, median(sprintf(base, size[i])))
	}
	row(name, cells, ratios)
}

# Beside it, how many times what it takes with the fewest users.
function growth_row(name, key, unit,    i, cells, ratios, value) {
	for (i = 1; i <= columns; i++) {
		value = median(sprintf(key, size[i]))
		cells[i] = is_number(value) ? value / unit : value
		ratios[i] = ratio(value, median(sprintf(key, size[1])))
	}
	row(name, cells, ratios)
}

function fresh_table(    base) {
	headed("A fresh process with one look-up (exec, getpwnam, exit): processor time", \
	    "us, users:", "x files:")
	base = "fresh %s files"
	other_row("no look-up", "fresh %s nothing", base, 1)
	other_row("dispatch: a null module", "fresh %s null", base, 1)
	other_row("hexa", "fresh %s hexa", base, 1)
	other_row("files, then hexa", "fresh %s files-hexa", base, 1)
	other_row("files", base, base, 1)
}

function change_table() {
	headed("One change (a whole command, on disk)", "ms, users:", "growth:")
	growth_row("hexa-admin user edit --note", "change %s hexa-note", 1000)
	growth_row("usermod -c", "change %s usermod-comment", 1000)
	growth_row("hexa-admin user edit --*-role", "change %s hexa-role", 1000)
	growth_row("usermod -G", "change %s usermod-groups", 1000)
	growth_row("hexa-admin user add", "change %s hexa-add", 1000)
	growth_row("useradd", "change %s useradd", 1000)
	growth_row("a permission of a role that", "change %s hexa-permission", 1000)
	print "  3 users in 100 hold"
}

function login_rows(name, module, cost) {
	other_row(name ", in all", "login %s " module " " cost " total", "", 1)
	other_row("  auth", "login %s " module " " cost " auth", "", 1)
	other_row("  account", "login %s " module " " cost " account", "", 1)
	other_row("  open session", "login %s " module " " cost " session", "", 1)
	other_row("  processor time", "login %s " module " " cost " processor", "", 1)
}

# How many times a login computed its hash: from the two costs, and the hash alone.
function hashes(module, i, hash, least,    logins) {
	logins = "login " size[i] " " module
	logins = median(logins " usual processor") - median(logins " least processor")
	return logins / (median("hash " hash) - median("hash " least))
}

# With the same hash in both, at its cost alone.
function equal_row(name, hash,    i, h, unix, ratios) {
	h = median("hash " hash)
	for (i = 1; i <= columns; i++) {
		unix = median("login " size[i] " unix least total") + HASHES_UNIX * h
		ratios[i] = (median("login " size[i] " hexa least total") + h) / unix
	}
	row(name, ratios)
}

function hashes_row(name, module, hash, least,    i, cells) {
	for (i = 1; i <= columns; i++)
		cells[i] = hashes(module, i, hash, least)
	row(name, cells)
}

function login_table() {
	headed("A login: start, auth, account, open session, end; its hash next to free", \
	    "us, users:", "")
	login_rows("pam_hexa", "hexa", "least")
	login_rows("pam_unix", "unix", "least")
	other_row("pam_permit: PAM itself", "login %s permit any total", "", 1)
	headed("The same with the usual hash", "us, users:", "")
	other_row("pam_hexa, Argon2id", "login %s hexa usual total", "", 1)
	other_row("pam_unix, yescrypt", "login %s unix usual total", "", 1)
	printf "alone: Argon2id %s, yescrypt %s, the least Argon2id %s, descrypt %s\n",
	    shown(median("hash argon2id")), shown(median("hash yescrypt")),
	    shown(median("hash argon2id-least")), shown(median("hash descrypt"))
	hashes_row("hashes in a pam_hexa login", "hexa", "argon2id", "argon2id-least")
	hashes_row("hashes in a pam_unix login", "unix", "yescrypt", "descrypt")
	headed("pam_hexa : pam_unix at equal hash cost (once against twice)", "users:", "")
	equal_row("Argon2id in both", "argon2id")
	equal_row("yescrypt in both", "yescrypt")
}

function fill_table() {
	headed("Making the database (a transaction for each 100000)", "ms, users:", "")
	other_row("fill", "fill %s fill", "", 1)
	other_row("commit and publish", "fill %s commit-and-publish", "", 1)
	other_row("publish all anew", "fill %s publish-anew", "", 1)
}

function keys_table() {
	headed("hexa-authorized-keys, a whole process, as sshd runs it for a login by key", \
	    "ms, users:", "")
	other_row("an unknown name", "keys %s unknown", "", 1000)
	other_row("a user without a key", "keys %s none", "", 1000)
	other_row("one key", "keys %s one", "", 1000)
	other_row("500 keys", "keys %s many", "", 1000)
}

function list_rows(name, list) {
	growth_row(name, "list %s " list " processor", 1000)
	other_row("  MiB", "list %s " list " memory", "", 1024)
}

function list_table() {
	headed("hexa-admin user list: processor time, and the most memory", "ms, users:", "growth:")
	list_rows("all, as a table", "table")
	list_rows("--csv", "csv")
	list_rows("--json (every field)", "json")
	list_rows("--csv --search", "search")
	list_rows("--csv --filter roles=", "role")
	list_rows("--csv --filter name=", "one")
	list_rows("--csv --sort name", "sorted")
	list_rows("--csv --sort name --limit 100", "sorted-few")
}

function policy_table(    i, steps, step) {
	headed("The policy, each user of a kind of their own (at worst)", "ms, users:", "growth:")
	steps = split("plan (a role gains two);plan (services are named);who-can;" \
	    "who-can --service;apply (a constraint);apply (a role gains two);role edit (a title)",
	    step, ";")
	for (i = 1; i <= steps; i++)
		growth_row(step[i], "policy %s " step[i], 1)
}

BEGIN {
	columns = split(sizes, size, " ")
	peers = split("db extrausers files nscd-files nscd-hexa nscd-hexa-large", peer, " ")
	split("db (libnss-db);extrausers;files;nscd before files;nscd before hexa;" \
	    "nscd, large table", peer_name, ";")
	HASHES_UNIX = 2
}

{
	value = $NF
	key = $0
	sub(/ [^ ]*$/, "", key)
	number[key, ++seen[key]] = value
}

END {
	look_table("getpwnam_r", "getpwnam", 1)
	look_table("getpwuid_r", "getpwuid", 1)
	look_table("getgrnam_r, a user's own group", "getgrnam", 1)
	look_table("getgrnam_r, a role's group (3 members in 100 users; above 1000 not listed)",
	    "getgrnam-role", 1)
	look_table("getgrouplist", "getgrouplist", 1)
	look_table("getpwnam_r, a name that nobody has", "missing", 1)
	look_table("getpwnam_r, two threads", "getpwnam", 2)
	look_table("getgrouplist, two threads", "getgrouplist", 2)
	look_table("getpwent, each user of an enumeration", "getpwent", 1)
	fresh_table()
	change_table()
	list_table()
	policy_table()
	login_table()
	keys_table()
	fill_table()
}
