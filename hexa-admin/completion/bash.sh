# Completion of hexa-admin for bash, as `hexa-admin completion bash` prints it.
#
# hexa-admin is asked what the word under the cursor may be.  Its first line says how the words in the
# others, one a line, are to be taken.  Nothing of them is ever run or expanded.

_hexa_admin()
{
	local line=${COMP_LINE:0:COMP_POINT} word rest breaks='' i
	local -a words=() lines=()

	# Readline divides at more than spaces; only what it replaces in the end goes by that.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		rest=${line#"${line%%[![:space:]]*}"}
		((i < COMP_CWORD)) || word=$rest
		if ((i == 0)) || [[ $rest != "$line" ]]; then
			words+=("$word")
		else
			words[${#words[@]} - 1]+=$word
		fi
		line=${rest#"$word"}
	done
	words=("${words[@]//[\"\'\\]/}")
	mapfile -t lines <<<"$(command hexa-admin completion bash -- "${words[@]:1}" 2>/dev/null)"

	word=${words[${#words[@]} - 1]}
	for i in = : @; do
		[[ $COMP_WORDBREAKS != *"$i"* ]] || breaks+=$i
	done
	rest=
	[[ -z $breaks || $word != *["$breaks"]* ]] || rest=${word%"${word##*["$breaks"]}"}
	COMPREPLY=("${lines[@]:1}")
	COMPREPLY=("${COMPREPLY[@]#"$rest"}")
	case ${lines[0]} in
	files) compopt -o default ;;
	folders) compopt -o dirnames ;;
	parts) compopt -o nospace ;;
	esac 2>/dev/null
}

complete -F _hexa_admin hexa-admin
