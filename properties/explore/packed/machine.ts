// A specification made ready to run: its variables are slots, its states a few words, its actions run one after another.
import type { Now, Shape } from '../../../model/abstract/shape.ts'
import type { Action, Spec } from '../../../model/abstract/spec.ts'
import { compileCopy, compilePack, compileRenamedPack, compileUnpack, type Pack, type Unpack } from './compile.ts'
import { type Layout, layoutOf } from './layout.ts'
import { viewOf } from './views.ts'

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
  readonly #invariants: readonly { readonly name: string; readonly holds: (now: Now<Shape>) => boolean }[]
  readonly #pack: Pack
  readonly #renamed: readonly Pack[]
  readonly #unpack: Unpack
  readonly #copy: (to: Int32Array, from: Int32Array) => void
  readonly #now: Int32Array
  readonly #next: Int32Array
  readonly #candidate: Int32Array
  readonly #view: Now<Shape>
  /** The variables after the step, as an invariant looks at them. */
  readonly #after: Now<Shape>
  #visit: () => void = () => {}
  readonly #take: (first: number, second: number) => void

  /** `hasSymmetry` packs a state and its renamings alike. The first state is the `successor` of a new machine. */
  constructor(spec: Spec, hasSymmetry: boolean) {
    this.layout = layoutOf(spec.shape)
    const slots = this.layout.fields.length
    this.words = this.layout.words
    this.plain = new Int32Array(this.words)
    this.#candidate = new Int32Array(this.words)
    this.#now = new Int32Array(slots)
    this.#next = new Int32Array(slots)
    this.#view = viewOf(this.layout, this.#now, this.#next) as Now<Shape>
    this.#after = viewOf(this.layout, this.#next, this.#now) as Now<Shape>
    this.#actions = spec.actions
    this.#invariants = spec.invariants
    this.#pack = compilePack(this.layout)
    this.#unpack = compileUnpack(this.layout)
    this.#copy = compileCopy(this.layout)
    const { symmetry } = spec
    this.#renamed =
      symmetry === null || !hasSymmetry
        ? []
        : renamings(symmetry.size).map(to => compileRenamedPack(this.layout, symmetry.name, to))
    this.successor = this.#renamed.length === 0 ? this.plain : new Int32Array(this.words)
    for (const field of this.layout.fields) this.#next[field.slot] = field.least
    spec.initialize(viewOf(this.layout, this.#next, this.#next) as never)
    this.#packSuccessor()
    this.#take = (first, second) => {
      this.first = first
      this.second = second
      this.#packSuccessor()
      this.#visit()
      this.#copy(this.#next, this.#now)
    }
  }

  /** Calls `visit` for every successor of a packed state, in the order of the actions. */
  successors(from: Int32Array, at: number, visit: () => void): void {
    this.#unpack(this.#now, from, at)
    this.#copy(this.#next, this.#now)
    this.#visit = visit
    const actions = this.#actions
    for (let action = 0; action < actions.length; action += 1) {
      this.action = action
      actions[action]?.step(this.#view, this.#take)
    }
  }

  /** The first invariant that the present successor breaks; -1 if it breaks none. Call it from `visit`. */
  broken(): number {
    for (let i = 0; i < this.#invariants.length; i += 1) if (this.#invariants[i]?.holds(this.#after) === false) return i
    return -1
  }

  /** The same for a packed state, as far as invariants do not depend on names. Not to be called from `visit`. */
  brokenBy(state: Int32Array, at: number): number {
    this.#unpack(this.#next, state, at)
    return this.broken()
  }

  /** A packed state's numbers, in the order of the layout's fields. */
  values(state: Int32Array): readonly number[] {
    const slots = new Int32Array(this.layout.fields.length)
    this.#unpack(slots, state, 0)
    return [...slots]
  }

  #packSuccessor(): void {
    this.#pack(this.#next, this.plain, 0)
    if (this.#renamed.length === 0) return
    this.successor.set(this.plain)
    for (const pack of this.#renamed) {
      pack(this.#next, this.#candidate, 0)
      if (isLess(this.#candidate, this.successor)) this.successor.set(this.#candidate)
    }
  }
}

/** Compares packed states word by word. */
export function isLess(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] as number) - (b[i] as number)
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
