// Completion for bash, from 3.2 on, as macOS has it.
import type { DescribedCommand, DescribedOption, DescribedProgram, DescribedValue } from './described.ts'

/** The script, which defines how the words after `lockstep` are completed. */
export function bashScript({ options, commands }: DescribedProgram): string {
  const names = commands.map(({ name }) => name).join(' ')
  return `# Completion of lockstep for bash. To have it in every shell, add to ~/.bashrc:
#   eval "$(npx lockstep completion bash)"
#   lockstep() { npx lockstep "$@"; }   # where lockstep is not on the PATH

_lockstep() {
  local rest="\${COMP_LINE:0:COMP_POINT}" cur prev command takes=' ' options='' value='' given=0 isJoined word i
  local -a words=()
  # Bash has cut words at each colon and equals sign: what no space parts is one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word="\${rest#"\${rest%%[![:space:]]*}"}"
    if ((i > 0)) && [ "$word" = "$rest" ]; then isJoined=1; else isJoined=0; fi
    rest="\${word#"\${COMP_WORDS[i]}"}"
    ((i == COMP_CWORD)) || word="\${COMP_WORDS[i]}"
    if ((isJoined)); then words[\${#words[@]} - 1]+="$word"; else words+=("$word"); fi
  done
  local last=$((\${#words[@]} - 1))
  cur="\${words[last]}"
  COMPREPLY=()
  if ((last < 2)); then
    case "$cur" in
      -*) _lockstep_words '${flagsOf(options)}' ;;
      *) _lockstep_words '${names}' ;;
    esac
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

# Paths that begin as the current word does: files, folders, traces, histories, or what can be shown.
_lockstep_paths() {
  local IFS=$'\\n' typed="$cur"
  # Readline puts quotes around what needs them, so names are compared without.
  case "$typed" in [\\"\\']*) typed="\${typed:1}" ;; *) typed="\${typed//\\\\/}" ;; esac
  compopt -o filenames 2>/dev/null
  case "$1" in
    files) COMPREPLY+=($(compgen -f -- "$typed")) ;;
    folders) COMPREPLY+=($(compgen -d -- "$typed")) ;;
    traces) COMPREPLY+=($(compgen -d -- "$typed") $(compgen -f -X '!*.json' -- "$typed")) ;;
    histories) COMPREPLY+=($(compgen -d -- "$typed") $(compgen -f -X '!*.ndjson' -- "$typed")) ;;
    showable) _lockstep_paths traces; COMPREPLY+=($(compgen -f -X '!*.txt' -- "$typed") $(compgen -f -X '!*.ndjson' -- "$typed")) ;;
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
  const taking = options.filter(option => option.value !== null)
  return `    ${name}) options='${flagsOf(options)}' takes=' ${flagsOf(taking)} ' ;;`
}

function flagsOf(options: readonly DescribedOption[]): string {
  return options.flatMap(option => option.flags).join(' ')
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
