# Every example that hexa-admin's help prints does what it says, on a host that has what it names.

key='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+WL9OikoqVkais5+SEMPDtBEiS4KE5DgYjrhxCir96 anna@laptop'
password=some-Long-password-1
work=/root/examples

# What the terminal is answered, by command.
declare -A answers=(
	[client delete]=y [document remove]=y [load]=y [policy edit]='' [restore]=y [role delete]=y [self password]="$password a-longer-Word-9 a-longer-Word-9"
	[site delete]=y [user delete]=y [user password]='a-longer-Word-9 a-longer-Word-9'
)

# What must be so before, by command: run in the folder.
declare -A before=(
	[client add]='hexa-admin --yes site delete harbour && hexa-admin --yes client delete acme'
	[client delete]='hexa-admin --yes site delete harbour'
	[document get]='documents'
	[document remove]='documents'
	[host disable]='hexa-admin host enable'
	[init]='rm -rf /var/lib/hexa'
	[key list]='hexa-admin key add anna id_ed25519.pub'
	[key remove]='hexa-admin key add anna id_ed25519.pub'
	[load]='umask 077 && hexa-admin dump >hexa.dump'
	[restore]='hexa-admin backup /var/backups/hexa.backup'
	[role delete]='hexa-admin role edit manager --remove-include technician &&
		hexa-admin user edit anna --remove-role technician --add-role manager'
	[role edit]='hexa-admin role edit technician --remove-permission dossiers.view'
	[role enable]='hexa-admin role disable technician'
	[self keys]='mkdir -p ~anna/.ssh && cp id_ed25519.pub ~anna/.ssh && chown -R anna: ~anna'
	[site add]='hexa-admin --yes site delete harbour'
	[user add]='hexa-admin role add guest'
	[user adopt]='rm -rf /var/lib/hexa && hexa-admin init && hexa-admin policy apply policy.yaml && useradd anna'
	[user restore]='hexa-admin user revoke anna'
	[user resume]='hexa-admin user suspend anna'
)

documents()
{
	local i
	for ((i = 1; i <= 12; i++)); do
		hexa-admin document add anna diploma.pdf --kind certificate >/dev/null || return
	done
}

# What is put right afterwards: what is no part of the database.
declare -A after=(
	[host disable]='hexa-admin host enable'
	[user adopt]='userdel anna'
)

# example COMMAND LINE: on the host as it was at first, with what the command needs
example()
{
	local command=$1 line="cd $work && $2" who='' status
	rm -rf /var/lib/hexa $work && cp -a /root/hexa-before /var/lib/hexa && cp -r /root/work-before $work || return
	(cd $work && eval "${before[$command]-true}") || return
	if [[ $command = self\ * ]]; then
		who='as anna env HOME=/home/anna'
		line=$2
	fi
	if [ -n "${answers[$command]+given}" ]; then
		# shellcheck disable=SC2086 # several words
		answer "${answers[$command]}" $who bash -c "$line"
	else
		# shellcheck disable=SC2086
		$who bash -c "$line" </dev/null
	fi
	status=$?
	eval "${after[$command]-true}" && return $status
}

need 'a new database, and the host switched on' hexa_enable
cat >/tmp/policy.yaml <<-'YAML'
	hexa-policy: 1
	password: {history: 0, argon2: {operations: 1, memory: 8MiB}}
	permissions:
	  shell.login: {services: [sshd, login, su, su-l, sudo]}
	  dossiers.view: {}
	roles:
	  technician: {permissions: [shell.login, dossiers.view]}
	  manager: {includes: [technician]}
YAML
need 'the policy applies' hexa-admin policy apply /tmp/policy.yaml
need 'anna is there' hexa_user anna technician $password --email anna@example.org --note 'what will be cleared'
need 'anna has a home' install -d -o anna -g anna /home/anna
need 'and a client, with a site' hexa-admin client add acme
need 'which is the harbour' hexa-admin site add harbour --client acme
mail_start
export EDITOR=true
mkdir -p /root/work-before /etc/bash_completion.d /var/backups
cp /tmp/policy.yaml /root/work-before
echo "$key" >/root/work-before/id_ed25519.pub
echo a diploma >/root/work-before/diploma.pdf
printf 'name,first-name,last-name,roles\nnew,Some,Body,technician\n' >/root/work-before/users.csv
cp -a /var/lib/hexa /root/hexa-before

hexa-admin help | sed -nE 's/^  ([a-z][a-z-]*( [a-z]+)?) .*/\1/p' >/root/commands
while read -r command <&9; do
	# shellcheck disable=SC2086 # it is one word or two
	line=$(hexa-admin help $command | sed -n 's/^example: //p')
	ok "$line" example "$command" "$line"
done 9</root/commands

need 'another beginning' rm -rf /var/lib/hexa
has 'at a terminal is said what is usually next' 'try: hexa-admin user add NAME' \
	answer '' hexa-admin init --preset linux-host
has 'and behind switching on' 'try: hexa-admin doctor' answer '' hexa-admin host enable
lacks 'with --quiet it is not' 'try:' answer '' hexa-admin --quiet host enable
lacks 'nor to a script' 'try:' hexa-admin host enable
