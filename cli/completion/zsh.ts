// Completion for zsh, by its own `_arguments`, which knows what was given already.
import type { DescribedCommand, DescribedOption, DescribedProgram, DescribedValue } from './described.ts'

/** The script: to be evaluated, or a file `_lockstep` in a folder of `fpath`. */
export function zshScript({ options: ownOptions, commands }: DescribedProgram): string {
  return `#compdef lockstep
# Completion of lockstep for zsh. To have it in every shell, add to ~/.zshrc:
#   eval "$(npx lockstep completion zsh)"
#   lockstep() { npx lockstep "$@"; }   # where lockstep is not on the PATH

_lockstep() {
  local curcontext="$curcontext" state line
  local -A opt_args
  _arguments -C ${ownOptions.flatMap(aloneSpecs).map(quoted).join(' ')} '1:command:_lockstep_commands' '*::argument:->rest'
  [[ $state == rest ]] || return
  case $words[1] in
${commands.map(commandCase).join('\n')}
  esac
}

_lockstep_commands() {
  local -a commands=(
${commands.map(({ name, says }) => `    ${quoted(`${name}:${says}`)}`).join('\n')}
  )
  _describe command commands
}

${[...valueFunctions(commands).values()].map(({ text }) => text).join('\n\n')}

if [[ $funcstack[1] == _lockstep ]]; then
  _lockstep "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _lockstep lockstep
fi
`

  function commandCase({ name, options, arguments: taken }: DescribedCommand): string {
    const specs = [
      ...options.flatMap(optionSpecs),
      ...taken.map((value, index) => `${index + 1}:${value.name}:${actionOf(value)}`),
    ]
    return `    ${name})\n      _arguments ${specs.map(spec => `\\\n        ${quoted(spec)}`).join(' ')}\n      ;;`
  }

  /** Of options beside which nothing else is said. */
  function aloneSpecs({ flags, says }: DescribedOption): readonly string[] {
    return flags.map(flag => `(- *)${flag}[${bracketed(says)}]`)
  }

  function optionSpecs({ flags, says, value, isRepeated }: DescribedOption): readonly string[] {
    const before = isRepeated ? '*' : flags.length > 1 ? `(${flags.join(' ')})` : ''
    const what = `[${bracketed(says)}]`
    return flags.map(flag => {
      const equals = value !== null && flag.startsWith('--') ? '=' : ''
      const after = value === null ? '' : `:${escaped(value.name)}:${actionOf(value)}`
      return `${before}${flag}${equals}${what}${after}`
    })
  }

  function actionOf(value: DescribedValue): string {
    return valueFunctions(commands).get(keyOf(value))?.name ?? ' '
  }
}

/** One function for each set of values that is offered anywhere, by what it offers. */
function valueFunctions(
  commands: readonly DescribedCommand[],
): ReadonlyMap<string, { readonly name: string; readonly text: string }> {
  const functions = new Map<string, { readonly name: string; readonly text: string }>()
  const values = commands.flatMap(command => [
    ...command.options.flatMap(({ value }) => (value === null ? [] : [value])),
    ...command.arguments,
  ])
  for (const value of values) {
    if (functions.has(keyOf(value)) || (value.words.length === 0 && value.paths === 'none')) continue
    const name = `_lockstep_values_${functions.size + 1}`
    functions.set(keyOf(value), { name, text: `${name}() {\n${offered(value).join('\n')}\n}` })
  }
  return functions
}

function keyOf({ words, paths }: DescribedValue): string {
  return `${paths} ${words.join(' ')}`
}

function offered({ words, paths }: DescribedValue): readonly string[] {
  // What is gone on with has no space behind it.
  const suffix = words.every(word => word.endsWith('=')) ? " -S ''" : ''
  const files = {
    none: [],
    files: ['  _files "$@"'],
    folders: ['  _files -/ "$@"'],
    traces: [`  _files -g '*.json' "$@"`],
    histories: [`  _files -g '*.ndjson' "$@"`],
    showable: [`  _files -g '*.(json|txt|ndjson)' "$@"`],
  }
  return [...(words.length === 0 ? [] : [`  compadd "$@"${suffix} -- ${words.join(' ')}`]), ...files[paths]]
}

function bracketed(text: string): string {
  return text.replaceAll(/[[\]\\]/g, '\\$&')
}

function escaped(text: string): string {
  return text.replaceAll(':', '\\:')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
