import { expect, test } from 'vitest'
import { allCommands } from '../commands/all.ts'
import { programOf } from '../program.ts'
import { described } from './described.ts'
import { completionScript, type Shell } from './script.ts'
import { placeholderOf, valuesFor } from './values.ts'

const takers = allCommands().flatMap(command => [
  ...command.registeredArguments.map(taker => ({ command: command.name(), taker })),
  ...command.options
    .filter(option => option.required || option.optional)
    .map(taker => ({ command: command.name(), taker })),
])

test.each(takers)('a shell knows what to offer for $taker.flags of $command', async ({ taker }) => {
  const advice = `say what <${placeholderOf(taker)}> stands for in cli/completion/values.ts`
  expect(await valuesFor(taker), advice).not.toBeNull()
})

test('what is described is what is parsed', async () => {
  const { commands } = await described(programOf(allCommands()))
  expect(commands.map(({ name }) => name)).toEqual([...allCommands().map(command => command.name()), 'help'])
  const { options: ownOptions } = await described(programOf(allCommands()))
  expect(ownOptions.flatMap(({ flags }) => flags)).toEqual(['-V', '--version', '-h', '--help'])
  for (const { name, options } of commands.slice(0, -1)) {
    const defined = allCommands().find(command => command.name() === name)?.options ?? []
    expect(options.flatMap(({ flags }) => flags)).toEqual(
      [...defined.flatMap(({ short, long }) => [short, long]), '-h', '--help'].filter(flag => flag != null),
    )
  }
})

test('words are such that no shell takes them for something else', async () => {
  const { commands } = await described(programOf(allCommands()))
  const values = commands.flatMap(({ options, arguments: taken }) => [
    ...taken,
    ...options.flatMap(({ value }) => (value === null ? [] : [value])),
  ])
  const words = values.flatMap(value => value.words)
  expect(words.length).toBeGreaterThan(100)
  for (const word of words) expect(word).toMatch(/^[A-Za-z0-9][A-Za-z0-9.:-]*=?$/)
})

test.each(['bash', 'zsh', 'fish'] satisfies readonly Shell[])(
  'the script for %s is the same every time',
  async shell => {
    const once = await completionScript(shell, programOf(allCommands()))
    expect(once).toContain('zombie-commits')
    expect(await completionScript(shell, programOf(allCommands()))).toBe(once)
  },
)
