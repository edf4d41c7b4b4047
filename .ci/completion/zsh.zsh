# What zsh offers after a line: zsh.zsh SCRIPT LINE. A real zsh on a pseudo terminal gets the line and a tab; then it says
# what stands on the line, since one match is put there instead of being listed.
zmodload zsh/zpty
zpty asked zsh -f -i
answer=''
wait_for() {
  local piece
  for _ in {1..200}; do
    while zpty -rt asked piece; do answer+=$piece; done
    [[ $answer == *$1* ]] && return
    sleep 0.05
  done
  print -u2 "zsh does not answer: $answer"
  exit 1
}
zpty -w asked "unsetopt beep prompt_sp; PS1='' ; stty cols 220 rows 200 -echo; LISTMAX=1000; setopt no_list_ambiguous
autoload -Uz compinit && compinit -u -D; zstyle ':completion:*' menu no; source ${(q)1}
said() { print -r -- \"(on the line) \$BUFFER(end)\" }; zle -N said; bindkey '^Xs' said; print -r -- rea'dy'"
wait_for ready
answer=''
zpty -w -n asked "$2"$'\t\x18s'
wait_for '(end)'
print -r -- "$answer"
zpty -d asked
