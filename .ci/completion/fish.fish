# What fish offers after a line: fish.fish SCRIPT LINE. Descriptions are left out.
source $argv[1]
complete -C $argv[2] | string replace -r '\t.*' ''
exit 0
