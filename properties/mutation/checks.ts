// What a mutant must get past, from cheap to dear: the corpus, the stories, then runs of every scope that loads its file,
// the small scopes first. It is loaded after the mutant, so everything that it imports is the mutated copy.
import { parseStory, storyText } from '../../traces/stories/parse.ts'
import { tell } from '../../traces/stories/tell.ts'
import type { TraceOf } from '../../traces/trace.ts'
import { runLockstep } from '../lockstep.ts'
import { scopes } from '../scopes.ts'
import { playShard, runsOfShard } from '../shard.ts'
import type { ScopeName, Verdict } from '../verdict.ts'

/** What the checks need from outside; plain data. */
export type CheckPlan = {
  /** In the order in which they are tried. */
  readonly scopes: readonly ScopeName[]
  readonly runs: Readonly<Record<ScopeName, number>>
  readonly seed: number
  readonly corpus: readonly { readonly name: string; readonly trace: TraceOf<ScopeName> }[]
  readonly stories: readonly { readonly name: string; readonly text: string }[]
}

/** Which check noticed the mutant, and what it saw. */
export type Kill = {
  /** `load`, `corpus`, `stories`, or the scope whose runs found it. */
  readonly by: 'load' | 'corpus' | 'stories' | ScopeName
  readonly how: 'disagreement' | 'claim' | 'throw' | 'changed story'
  /** The trace, the story or the index of the run. */
  readonly at: string
  readonly sentence: string
}

/** The first check that notices, or null. Calls `alive` between runs, so that whoever waits can tell slow from stuck. */
export function firstKill(plan: CheckPlan, alive: (doing: string) => void): Kill | null {
  for (const { name, trace } of plan.corpus) {
    if (!plan.scopes.includes(trace.scope)) continue
    alive(`corpus ${name}`)
    const kill = caught('corpus', name, () => verdictOf(trace))
    if (kill !== null) return kill
  }
  for (const story of plan.scopes.includes('cluster') ? plan.stories : []) {
    alive(`story ${story.name}`)
    const kill = storyKill(story.name, story.text)
    if (kill !== null) return kill
  }
  for (const scope of plan.scopes) {
    const kill = runsKill(plan, scope, alive)
    if (kill !== null) return kill
  }
  return null
}

function runsKill<S extends ScopeName>(
  { seed, runs }: CheckPlan,
  scope: S,
  alive: (doing: string) => void,
): Kill | null {
  for (let shard = 0; shard * runsOfShard < runs[scope]; shard++) {
    const played = playShard(seed, scope, shard, runsOfShard, scopes[scope].subject)
    for (let i = 0; i < runsOfShard; i++) {
      const index = shard * runsOfShard + i
      alive(`${scope} run ${index}`)
      const kill = caught(scope, `run ${index}`, () => {
        const next = played.next()
        return next.done === true ? null : next.value.verdict
      })
      if (kill !== null) return kill
    }
  }
  return null
}

function verdictOf<S extends ScopeName>({ scope, setup, operations }: TraceOf<S>): Verdict {
  return runLockstep(setup, operations, scopes[scope].subject, { labels: false }).verdict
}

/** A mutated model throws past the lockstep, which trusts its model; here that is one way to be noticed. */
function caught(by: Kill['by'], at: string, look: () => Verdict | null): Kill | null {
  try {
    const verdict = look()
    if (verdict === null || verdict.kind === 'agree') return null
    if (verdict.kind === 'unknown') return { by, how: 'throw', at, sentence: verdict.sentence }
    const { claim, sentence, differences } = verdict
    const how = / threw at /.test(sentence) ? 'throw' : differences.length > 0 ? 'disagreement' : 'claim'
    return { by, how, at, sentence: `${claim}: ${sentence}` }
  } catch (thrown) {
    return { by, how: 'throw', at, sentence: String(thrown).slice(0, 200) }
  }
}

function storyKill(name: string, text: string): Kill | null {
  try {
    const story = parseStory(text)
    const told = tell(story, scopes.cluster.subject)
    const retold = storyText(story.blocks.map(({ lines }, index) => ({ lines, expected: told[index] ?? [] })))
    const parting = told[story.blocks.length]
    if (retold === text && parting === undefined) return null
    const sentence = told.at(-1)?.slice(0, 3).join(' ') ?? ''
    return { by: 'stories', how: 'changed story', at: name, sentence }
  } catch (thrown) {
    return { by: 'stories', how: 'throw', at: name, sentence: String(thrown).slice(0, 200) }
  }
}
