// A specification made ready to run: its variables are slots, its states a few words, its actions run one after another.
import type { Next, Now, Shape } from '../../../model/abstract/shape.ts'
import type { Action, Invariant, Spec } from '../../../model/abstract/spec.ts'
import { compileCopy, compilePack, compileRenamedPack, compileUnpack, type Pack, type Unpack } from './compile.ts'
import { type Layout, layoutOf } from './layout.ts'
import { viewsOf } from './views.ts'

export class Machine {
  readonly layout: Layout
  /** 32-bit words of one state. */
  readonly words: number
  /** The successor that `visit` is called for, packed; with symmetry, the least of its renamings. */
  readonly successor: Int32Array
  /** The same as the action made it. */
  readonly plain: Int32Array
  /** The action that led to it. */
  action = 0
  first = -1
  second = -1

  readonly #actions: readonly Action<Shape>[]
  readonly #invariants: readonly Invariant<Shape>[]
  readonly #pack: Pack
  readonly #renamed: readonly Pack[]
  readonly #unpackNow: Unpack
  readonly #resetNext: () => void
  readonly #candidate: Int32Array
  readonly #now: Now<Shape>
  #visit: (() => void) | null = null
  /** Where successors go one behind another while nobody visits them, and how many have. */
  #batch: Int32Array = new Int32Array(0)
  #count = 0
  readonly #take: (first: number, second: number) => void

  /** `hasSymmetry` packs a state and its renamings alike. The first state is the `successor` of a new machine. */
  constructor(spec: Spec, hasSymmetry: boolean) {
    this.layout = layoutOf(spec.shape)
    this.words = this.layout.words
    this.plain = new Int32Array(this.words)
    this.#candidate = new Int32Array(this.words)
    this.#actions = spec.actions
    this.#invariants = spec.invariants
    const { now, next } = viewsOf(this.layout)
    this.#now = now.root as Now<Shape>
    this.#unpackNow = compileUnpack(this.layout, now)
    this.#resetNext = compileCopy(this.layout, next, now)
    this.#pack = compilePack(this.layout, next)
    const { symmetry } = spec
    this.#renamed =
      symmetry === null || !hasSymmetry
        ? []
        : renamings(symmetry.size).map(to => compileRenamedPack(this.layout, next, symmetry.name, to))
    this.successor = this.#renamed.length === 0 ? this.plain : new Int32Array(this.words)
    spec.initialize(next.root as Next<Shape>)
    this.#pack(this.plain, 0)
    this.#packLeast(this.successor, 0)
    this.#take = (first, second) => {
      if (this.#visit === null) this.#toBatch()
      else {
        this.first = first
        this.second = second
        this.#pack(this.plain, 0)
        this.#packLeast(this.successor, 0)
        this.#visit()
      }
      this.#resetNext()
    }
  }

  /**
   * Packs every successor of a packed state into `batch`, from successor `count` on. Gives how many there are then. Throws
   * when there is no room: a batch must have some for all successors of a state.
   */
  successorsInto(batch: Int32Array, count: number, from: Int32Array, at: number): number {
    this.#unpackNow(from, at)
    this.#resetNext()
    this.#visit = null
    this.#batch = batch
    this.#count = count
    const actions = this.#actions
    for (let action = 0; action < actions.length; action += 1) actions[action]?.step(this.#now, this.#take)
    return this.#count
  }

  /** Calls `visit` for every successor of a packed state, in the order of the actions. */
  successors(from: Int32Array, at: number, visit: () => void): void {
    this.#unpackNow(from, at)
    this.#resetNext()
    this.#visit = visit
    const actions = this.#actions
    for (let action = 0; action < actions.length; action += 1) {
      this.action = action
      actions[action]?.step(this.#now, this.#take)
    }
  }

  /** The first invariant that the state breaks whose successors were just made; -1 if it breaks none. */
  broken(): number {
    for (let i = 0; i < this.#invariants.length; i += 1) if (this.#invariants[i]?.holds(this.#now) === false) return i
    return -1
  }

  /** The same for any packed state. Not to be called from `visit`. */
  brokenBy(state: Int32Array): number {
    this.#unpackNow(state, 0)
    return this.broken()
  }

  /** Who breaks an invariant in a packed state, in words; null when nobody does. Not to be called from `visit`. */
  seenIn(state: Int32Array, invariant: number, nameOf: (member: number) => string): string | null {
    this.#unpackNow(state, 0)
    return this.#invariants[invariant]?.seen(this.#now, nameOf) ?? null
  }

  /** A packed state's numbers, in the order of the layout's fields. */
  values(state: Int32Array): readonly number[] {
    return this.layout.fields.map(({ word, shift, bits, least }) => {
      return (((state[word] ?? 0) >>> shift) & (2 ** bits - 1)) + least
    })
  }

  #toBatch(): void {
    const at = this.#count * this.words
    if (at + this.words > this.#batch.length) throw new Error('a state has more successors than a batch has room for')
    if (this.#renamed.length === 0) this.#pack(this.#batch, at)
    else {
      this.#pack(this.plain, 0)
      this.#packLeast(this.#batch, at)
    }
    this.#count += 1
  }

  /** Writes the least of the renamings of the state in `plain`. */
  #packLeast(to: Int32Array, at: number): void {
    if (to !== this.plain) to.set(this.plain, at)
    for (const pack of this.#renamed) {
      pack(this.#candidate, 0)
      if (isLess(this.#candidate, 0, to, at, this.words)) to.set(this.#candidate, at)
    }
  }
}

/** Compares two packed states word by word. */
export function isLess(a: Int32Array, atA: number, b: Int32Array, atB: number, words: number): boolean {
  for (let i = 0; i < words; i += 1) {
    const difference = (a[atA + i] as number) - (b[atB + i] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** Every renaming of so many members but the one that changes nothing. */
function renamings(size: number): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]]
  for (let member = 0; member < size; member += 1) {
    all = all.flatMap(some => Array.from({ length: member + 1 }, (_, place) => some.toSpliced(place, 0, member)))
  }
  return all.filter(to => to.some((after, before) => after !== before))
}
