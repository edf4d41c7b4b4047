// Completion for bash, from 3.2 on, as macOS has it.
import type { DescribedCommand, DescribedValue } from './described.ts'

/** The script, which defines how the words after `lockstep` are completed. */
export function bashScript(commands: readonly DescribedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# Completion of lockstep for bash. To have it in every shell, add to ~/.bashrc:
#   eval "$(npx lockstep completion bash)"
#   lockstep() { npx lockstep "$@"; }   # where lockstep is not on the PATH

_lockstep() {
  local IFS=$' \\t\\n' line="\${COMP_LINE:0:COMP_POINT}" cur prev command takes=' ' options='' value='' given=0 i
  local -a words
  # Bash itself would cut words at each colon and equals sign.
  read -ra words <<<"$line"
  case "$line" in *[[:space:]]) words+=('') ;; esac
  local last=$((\${#words[@]} - 1))
  cur="\${words[last]}"
  COMPREPLY=()
  if ((last < 2)); then
    _lockstep_words '${names}'
    return
  fi
  command="\${words[1]}"
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
  for ((i = 2; i < last; i++)); do
    case "\${words[i]}" in
      -*) case "$takes" in *" \${words[i]} "*) ((++i)) ;; esac ;;
      *) ((++given)) ;;
    esac
  done
  prev="\${words[last - 1]}"
  case "$cur" in --*=*) prev="\${cur%%=*}" cur="\${cur#*=}" ;; esac
  case "$takes" in *" $prev "*) value="$prev" ;; esac
  case "$command $value" in
${commands.flatMap(valueCases).join('\n')}
    *' ')
      case "$cur" in
        -*) _lockstep_words "$options" ;;
        *)
          case "$command $given" in
${commands.flatMap(argumentCases).join('\n')}
            *) _lockstep_words "$options" ;;
          esac
          ;;
      esac
      ;;
  esac
  _lockstep_cut
}

# The words of a list that begin as the current one does.
_lockstep_words() {
  local IFS=$' \\t\\n'
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
  case "\${COMPREPLY[*]}" in *[=:]) compopt -o nospace 2>/dev/null ;; esac
}

# Paths that begin as the current word does: files, folders, traces, or what can be shown.
_lockstep_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  case "$1" in
    files) COMPREPLY+=($(compgen -f -- "$cur")) ;;
    folders) COMPREPLY+=($(compgen -d -- "$cur")) ;;
    traces) COMPREPLY+=($(compgen -d -- "$cur") $(compgen -f -X '!*.json' -- "$cur")) ;;
    histories) COMPREPLY+=($(compgen -d -- "$cur") $(compgen -f -X '!*.ndjson' -- "$cur")) ;;
    showable) _lockstep_paths traces; COMPREPLY+=($(compgen -f -X '!*.txt' -- "$cur") $(compgen -f -X '!*.ndjson' -- "$cur")) ;;
  esac
}

# Bash replaces only what stands behind the last colon or equals sign.
_lockstep_cut() {
  local begun="\${cur%"\${cur##*[:=]}"}"
  case "$COMP_WORDBREAKS" in *[:=]*) COMPREPLY=("\${COMPREPLY[@]#"$begun"}") ;; esac
}

complete -F _lockstep lockstep
`
}

function commandCase({ name, options }: DescribedCommand): string {
  const flags = options.flatMap(option => option.flags).join(' ')
  const taking = options.flatMap(option => (option.value === null ? [] : option.flags)).join(' ')
  return `    ${name}) options='${flags}' takes=' ${taking} ' ;;`
}

function valueCases({ name, options }: DescribedCommand): readonly string[] {
  return options.flatMap(({ flags, value }) =>
    offered(value).map(offer => `    ${flags.map(flag => `'${name} ${flag}'`).join(' | ')}) ${offer} ;;`),
  )
}

function argumentCases({ name, arguments: taken }: DescribedCommand): readonly string[] {
  return taken.flatMap((value, index) => offered(value).map(offer => `            '${name} ${index}') ${offer} ;;`))
}

/** What offers a value, where there is anything to be offered. */
function offered(value: DescribedValue | null): readonly string[] {
  if (value === null) return []
  const { words, paths } = value
  const offers = [
    ...(words.length === 0 ? [] : [`_lockstep_words '${words.join(' ')}'`]),
    ...(paths === 'none' ? [] : [`_lockstep_paths ${paths}`]),
  ]
  return offers.length === 0 ? [] : [offers.join('; ')]
}
