# What bash offers after a line: bash.sh SCRIPT LINE. The completion function is called as readline calls it.
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
_lockstep
printf '%s\n' "${COMPREPLY[@]}"
