// What can stand in the place of a placeholder (`--bug <bug>`): words, or paths, or what only the user knows.
import type { Argument, Option } from 'commander'

/** What a shell offers. */
export type Values = {
  readonly words: readonly string[]
  /** What it offers of the disk beside them: traces are .json files, histories .ndjson; what can be shown is both, and stories as .txt. */
  readonly paths: Paths
}

export type Paths = 'none' | 'files' | 'folders' | 'traces' | 'histories' | 'showable'

/** Only the user knows. */
const nothing: Values = { words: [], paths: 'none' }

/**
 * By placeholder, so that a new option has its values as soon as it calls them by their name. Values that are choices need
 * no line here: the option says them itself. The lists come from where they are made, whatever that costs: nobody waits.
 */
const valuesOf: Readonly<Record<string, Paths | (() => Promise<Values>)>> = {
  file: 'files',
  folder: 'folders',
  trace: 'traces',
  history: 'histories',
  'trace-story-or-history': 'showable',
  command: 'files',
  bug: async () => ({ ...nothing, words: await bugNames() }),
  subject: async () => ({ words: ['impl', ...(await bugNames()).map(name => `zoo:${name}`)], paths: 'files' }),
  invariant: async () => {
    const { specNames, specOf, usually } = await import('../../properties/explore/specs.ts')
    const names = specNames.flatMap(spec => specOf(usually(spec)).invariants.map(({ name }) => name))
    return { ...nothing, words: [...new Set(names)] }
  },
  'bound=number': async () => {
    const { boundRanges } = await import('../../properties/explore/specs.ts')
    const { clusterRanges } = await import('../../properties/explore/cluster/world.ts')
    return { ...nothing, words: [...boundRanges, ...clusterRanges].map(({ name }) => `${name}=`) }
  },
  number: 'none',
  seconds: 'none',
  ms: 'none',
  bytes: 'none',
  port: 'none',
  address: 'none',
  addresses: 'none',
  host: 'none',
  name: 'none',
  version: 'none',
  'name=value': 'none',
  'name:password': 'none',
}

/** What a shell offers for an option's value or an argument; null for one that nobody has said anything about. */
export async function valuesFor(taker: Option | Argument): Promise<Values | null> {
  if (taker.argChoices !== undefined) return { ...nothing, words: taker.argChoices }
  const values = valuesOf[placeholderOf(taker)]
  if (values === undefined) return null
  return typeof values === 'string' ? { ...nothing, paths: values } : values()
}

/** `file` of `--output <file>` and of `<file>`. */
export function placeholderOf(taker: Option | Argument): string {
  const text = 'flags' in taker ? taker.flags : `<${taker.name()}>`
  return /[<[]([^>\]]+?)(\.\.\.)?[>\]]/.exec(text)?.[1] ?? ''
}

async function bugNames(): Promise<readonly string[]> {
  const { plantedBugs } = await import('../../properties/zoo/bugs.ts')
  return plantedBugs.map(({ name }) => name)
}
