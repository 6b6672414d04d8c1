# Completions of heapwalk for fish. The program itself says what may stand where.

function __heapwalk_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l said (command $program complete fish -- $words "$current" 2>/dev/null)
    printf '%s\n' $said[2..]
    if test "$said[1]" = files
        __fish_complete_path (string replace -r '^--[a-z-]+=' '' -- $current)
    end
end
complete -c heapwalk -f -a '(__heapwalk_complete)'
