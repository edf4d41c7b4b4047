// Completion for fish, a line for each thing that can be said.
import type { DescribedCommand, DescribedOption, DescribedProgram, DescribedValue } from './described.ts'
import type { Paths } from './values.ts'

/** The script, to be sourced. */
export function fishScript({ options, commands }: DescribedProgram): string {
  return `# Completion of lockstep for fish. To have it in every shell, write it once:
#   npx lockstep completion fish >~/.config/fish/completions/lockstep.fish
#   function lockstep; npx lockstep $argv; end; funcsave lockstep   # where lockstep is not on the PATH

function __lockstep_begins
  test (count (commandline -opc)) -eq 1
end

function __lockstep_is
  set -l words (commandline -opc)
  test (count $words) -ge 2; and test $words[2] = $argv[1]
end

# Fish by itself only prefers a suffix, and offers the rest too.
function __lockstep_ending
  set -l ending (string escape --style=regex -- $argv[1])
  __fish_complete_suffix $argv[1] | string match -r '^[^\\t]*(?:'$ending'|/)(?:\\t.*)?$'
end

complete -c lockstep -e
complete -c lockstep -f
${options.map(option => `complete -c lockstep -n __lockstep_begins ${optionWords(option)}`).join('\n')}
${commands.flatMap(lines).join('\n')}
`
}

function lines(command: DescribedCommand): readonly string[] {
  const { name, says, options, arguments: taken } = command
  return [
    `complete -c lockstep -n __lockstep_begins -a ${name} -d ${quoted(says)}`,
    ...options.map(option => `complete -c lockstep -n '__lockstep_is ${name}' ${optionWords(option)}`),
    ...taken.flatMap(value => offered(value).map(words => `complete -c lockstep -n '__lockstep_is ${name}' ${words}`)),
  ]
}

function optionWords({ flags, says, value }: DescribedOption): string {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ')
  const [words = ''] = value === null ? [] : offered(value)
  return `${names} ${value === null ? '' : `-r ${words} `}-d ${quoted(says)}`
}

/** What is offered, as arguments of \`complete\`. */
function offered({ words, paths }: DescribedValue): readonly string[] {
  const all = [...words, ...pathWords[paths]].join(' ')
  const isForced = paths === 'files'
  return all === '' && !isForced ? [] : [`${all === '' ? '' : `-a ${quoted(all)} `}${isForced ? '-F' : '-f'}`]
}

/** Files are what fish completes by itself where it is let. */
const pathWords: Readonly<Record<Paths, readonly string[]>> = {
  none: [],
  files: [],
  folders: ['(__fish_complete_directories)'],
  traces: ['(__lockstep_ending .json)'],
  histories: ['(__lockstep_ending .ndjson)'],
  showable: ['(__lockstep_ending .json)', '(__lockstep_ending .txt)', '(__lockstep_ending .ndjson)'],
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
