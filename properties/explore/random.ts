// Looking for a broken invariant at random, for worlds that are too large to visit: uniformly, or guided by what was seen.
//
// A step is a successor that is taken. `uniform` takes any of a state's successors. `unseen` takes one that no walk was in
// before, while there is one, and begins again at some state of which it knows a successor that was not taken. `rare`
// begins there too, and prefers successors whose picture was seldom met: the picture is the state without the numbers that
// only tell records apart, so that it changes when something happens that has not happened before.
import type { Spec } from '../../model/abstract/spec.ts'
import type { Random } from '../random.ts'
import { Machine } from './packed/machine.ts'

export type Guidance = 'uniform' | 'unseen' | 'rare'

export const guidances: readonly Guidance[] = ['uniform', 'unseen', 'rare']

/** Steps until a state that breaks an invariant; null when there was none within the limit. */
export function stepsToViolation(spec: Spec, guidance: Guidance, random: Random, stepsMost: number): number | null {
  const machine = new Machine(spec, guidance !== 'uniform')
  const first = machine.successor.slice()
  const seen = new Seen(machine)
  const batch = new Int32Array(machine.words * batchRoom)
  let walk: Int32Array = first.slice()
  let length = 0
  for (let steps = 1; steps <= stepsMost; steps += 1) {
    const count = machine.successorsInto(batch, 0, walk, 0)
    const chosen = length === walkLength ? -1 : chooseOf(guidance, seen, batch, count, random)
    if (chosen === -1) {
      // The end of a walk costs a step, so that going back is not for nothing.
      walk = guidance === 'uniform' ? first.slice() : (seen.worthLeaving(random) ?? first.slice())
      length = 0
      continue
    }
    walk.set(batch.subarray(chosen * machine.words, (chosen + 1) * machine.words))
    length += 1
    if (machine.brokenBy(walk) >= 0) return steps
    if (guidance !== 'uniform') seen.add(walk)
  }
  return null
}

/** A walk that has found nothing by then is in a corner of its world. */
const walkLength = 40
const batchRoom = 4096

/** The successor to take, or -1 for none. */
function chooseOf(guidance: Guidance, seen: Seen, batch: Int32Array, count: number, random: Random): number {
  if (count === 0) return -1
  if (guidance === 'uniform') return random.below(count)
  const fresh = Array.from({ length: count }, (_, i) => i).filter(i => !seen.hasState(batch, i))
  if (fresh.length === 0) return -1
  if (guidance === 'unseen') return random.pickOrNull(fresh) ?? -1
  const counts = fresh.map(i => seen.timesMet(batch, i))
  const least = Math.min(...counts)
  const rarest = fresh.filter((_, i) => counts[i] === least)
  return random.pickOrNull(random.chance(greed) ? rarest : fresh) ?? -1
}

/** How often the rarest successor is taken rather than any. */
const greed = 0.8

/** The states that walks were in, and how often each picture was met. */
class Seen {
  readonly #machine: Machine
  readonly #states = new Map<string, Int32Array>()
  readonly #open: string[] = []
  readonly #pictures = new Map<string, number>()
  readonly #masks: readonly number[]

  constructor(machine: Machine) {
    this.#machine = machine
    this.#masks = Array.from({ length: machine.words }, (_, word) =>
      machine.layout.fields
        .filter(field => field.word === word && !/(^|\.)(id|nextRecordId)$/.test(field.path))
        .reduce((mask, { bits, shift }) => mask | ((2 ** bits - 1) << shift), 0),
    )
  }

  hasState(batch: Int32Array, i: number): boolean {
    return this.#states.has(this.#key(batch, i))
  }

  timesMet(batch: Int32Array, i: number): number {
    return this.#pictures.get(this.#picture(batch, i)) ?? 0
  }

  add(state: Int32Array): void {
    const key = this.#key(state, 0)
    if (this.#states.has(key)) return
    this.#states.set(key, state.slice())
    this.#open.push(key)
    const picture = this.#picture(state, 0)
    this.#pictures.set(picture, (this.#pictures.get(picture) ?? 0) + 1)
  }

  /** A state that was visited: mostly a late one, from which less was tried. */
  worthLeaving(random: Random): Int32Array | null {
    const size = this.#open.length
    if (size === 0) return null
    const key = this.#open[size - 1 - Math.floor(size * random.fraction() ** 2)]
    const state = key === undefined ? undefined : this.#states.get(key)
    return state?.slice() ?? null
  }

  #key(batch: Int32Array, i: number): string {
    return batch.subarray(i * this.#machine.words, (i + 1) * this.#machine.words).join()
  }

  #picture(batch: Int32Array, i: number): string {
    return this.#masks.map((mask, word) => (batch[i * this.#machine.words + word] ?? 0) & mask).join()
  }
}
