// What is said of mutants that were run: tables by folder and by check, and one line for each survivor.
import type { Kill } from './checks.ts'
import { type Mutant, mutantLine } from './mutant.ts'
import { stratumOf } from './sample.ts'

/** What became of a mutant. `units` names the unit tests that notice it; null when they were not asked. */
export type Judged = {
  readonly mutant: Mutant
  readonly outcome:
    | { readonly kind: 'killed'; readonly kill: Kill }
    | { readonly kind: 'timed out'; readonly doing: string }
    | { readonly kind: 'survived' }
  readonly ms: number
  readonly units: readonly string[] | null
}

/** Killed, timed out and survivors of each folder. The score is what was noticed in any way but by unit tests. */
export function scoreTable(judged: readonly Judged[]): string {
  const strata = [...Map.groupBy(judged, ({ mutant }) => stratumOf(mutant.file))].sort(([a], [b]) => (a < b ? -1 : 1))
  const row = (name: string, all: readonly Judged[]) => {
    const count = (kind: Judged['outcome']['kind']) => all.filter(({ outcome }) => outcome.kind === kind).length
    const units = all.filter(isForUnits).length
    const noticed = count('killed') + count('timed out')
    const score = Math.round((100 * noticed) / Math.max(1, all.length))
    return `| ${name} | ${all.length} | ${count('killed')} | ${count('timed out')} | ${units} | ${count('survived') - units} | ${score} % |`
  }
  return [
    '| folder | mutants | killed | timed out | unit tests only | survived | score |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...strata.map(([name, all]) => row(name, all)),
    row('all', judged),
  ].join('\n')
}

/** Which check killed how many, and in which way. */
export function killersTable(judged: readonly Judged[]): string {
  const kills = judged.flatMap(({ outcome }) => (outcome.kind === 'killed' ? [outcome.kill] : []))
  const ways: readonly Kill['how'][] = ['disagreement', 'claim', 'throw', 'changed story']
  const rows = [...Map.groupBy(kills, ({ by }) => by)].sort(([, a], [, b]) => b.length - a.length)
  return [
    `| noticed by | mutants | ${ways.join(' | ')} |`,
    `| --- | ---: |${' ---: |'.repeat(ways.length)}`,
    ...rows.map(([by, all]) => {
      const counts = ways.map(way => all.filter(({ how }) => how === way).length)
      return `| ${by} | ${all.length} | ${counts.join(' | ')} |`
    }),
  ].join('\n')
}

/** Every survivor, in order, and the unit tests that would have noticed it. */
export function survivorLines(judged: readonly Judged[]): readonly string[] {
  return judged
    .filter(({ outcome }) => outcome.kind === 'survived')
    .toSorted(({ mutant: a }, { mutant: b }) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start))
    .map(one => `${mutantLine(one.mutant)}${isForUnits(one) ? ` (unit test: ${one.units?.[0]})` : ''}`)
}

function isForUnits({ outcome, units }: Judged): boolean {
  return outcome.kind === 'survived' && units !== null && units.length > 0
}
