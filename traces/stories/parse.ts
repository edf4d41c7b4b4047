// A story as text: prose behind `#`, one `setup` line, then blocks of commands, each with what it changed below `----`.
// A blank line ends what a block changed. Several commands may share a line, with `;` between them.
import type { ClusterOperation, ClusterSetup } from '../../model/vocabulary/cluster.ts'
import { parseCommand, StoryError } from './command.ts'
import { parseSetup } from './setup.ts'

/** Commands as written, what they mean, and what they should change. */
export type StoryBlock = {
  /** The block's lines up to `----`, prose included. */
  readonly lines: readonly string[]
  readonly operations: readonly ClusterOperation[]
  /** For each operation the prose that stands before it, or null. */
  readonly comments: readonly (string | null)[]
  readonly expected: readonly string[]
}

export type Story = {
  readonly setup: ClusterSetup
  /** The prose before the set-up: what it is about. Null when there is none. */
  readonly about: string | null
  readonly blocks: readonly StoryBlock[]
}

/** Reads a story. Throws `StoryError` with the line's number. */
export function parseStory(text: string): Story {
  let setup = parseSetup('')
  let isSetUp = false
  const blocks: StoryBlock[] = []
  let lines: string[] = []
  let operations: ClusterOperation[] = []
  let comments: (string | null)[] = []
  let prose: string[] = []
  let about: string | null = null
  let expected: string[] | null = null
  const finish = () => {
    if (expected === null) return
    blocks.push({ lines, operations, comments, expected })
    lines = []
    operations = []
    comments = []
    expected = null
  }

  const takeProse = (): string | null => {
    const taken = prose.join(' ')
    prose = []
    return taken === '' ? null : taken
  }

  for (const [index, line] of text.split('\n').entries()) {
    if (expected !== null) {
      if (line === '') finish()
      else expected.push(line)
      continue
    }
    if (line === '----') {
      expected = []
      continue
    }
    if (line !== '' || lines.length > 0) lines.push(line)
    if (line.startsWith('#')) prose.push(line.slice(1).trim())
    if (line === '' || line.startsWith('#')) continue
    try {
      if (line === 'setup' || line.startsWith('setup ')) {
        if (isSetUp || operations.length > 0) throw new StoryError('the set-up comes once, first')
        setup = parseSetup(line.slice('setup'.length))
        isSetUp = true
        about = takeProse()
      } else {
        for (const command of commandsOf(line)) {
          operations.push(parseCommand(command))
          comments.push(takeProse())
        }
      }
    } catch (error) {
      if (error instanceof StoryError) throw new StoryError(`line ${index + 1}: ${error.message}`)
      throw error
    }
  }
  finish()
  if (operations.length > 0) throw new StoryError('the last commands have no "----" below them')
  return { setup, about, blocks }
}

/** The story's text with other expectations. */
export function storyText(
  blocks: readonly { readonly lines: readonly string[]; readonly expected: readonly string[] }[],
): string {
  return blocks.map(({ lines, expected }) => `${[...lines, '----', ...expected].join('\n')}\n`).join('\n')
}

/** Splits at semicolons that are not within quotes. */
function commandsOf(line: string): readonly string[] {
  const commands = line.match(/(?:"(?:[^"\\]|\\.)*"|[^;"])+/g) ?? []
  return commands.map(command => command.trim()).filter(command => command !== '')
}
