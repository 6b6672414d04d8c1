# Completions of heapwalk for bash. The program itself says what may stand where.

_heapwalk() {
    local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
    local program=${COMP_WORDS[0]/#\~\//$HOME/}
    local -a said
    said=($(command "$program" complete bash -- "$line" "$COMP_WORDBREAKS" 2>/dev/null)) || return
    COMPREPLY=("${said[@]:1}")
    if [[ ${said[0]} == files ]]; then
        COMPREPLY+=($(compgen -f -- "$2"))
        compopt -o filenames 2>/dev/null
    elif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[:=.\>] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    # What a number is stands beside it in the list, as long as nothing of that list can be inserted.
    if (( ${#COMPREPLY[@]} > 1 )) && [[ $COMP_TYPE != 37 && $COMP_TYPE != 42 ]]; then
        COMPREPLY=("${COMPREPLY[@]/$'\t'/  }")
    else
        COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
    fi
}
complete -F _heapwalk heapwalk
