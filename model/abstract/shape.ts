// What the variables of an abstract specification are made of: small bounded numbers, in records and lists.
//
// A shape is the declaration that everything else is derived from: the types that a specification reads and writes, and the
// few bits into which an explorer packs a state. `Members` are interchangeable things, such as replicas, of which a shape
// names the numbers 0 to size - 1; whoever explores may treat states that differ by a renaming of members as one.

/** A set of interchangeable members. */
export type Members = { readonly name: string; readonly size: number }

/** A whole number from `least` to `most`, both inclusive. */
export type IntegerShape = { readonly kind: 'integer'; readonly least: number; readonly most: number }
/** One member, or -1 for none. */
export type MemberShape = { readonly kind: 'member'; readonly of: Members }
/** A set of members: bit m is set when member m is in it. */
export type SubsetShape = { readonly kind: 'subset'; readonly of: Members }
export interface FieldShapes {
  readonly [name: string]: Shape
}
export type RecordShape<Fields extends FieldShapes = FieldShapes> = {
  readonly kind: 'record'
  readonly fields: Fields
}
/** As many items as there are members (item m belongs to member m), or a fixed number. */
export type ListShape<Item extends RecordShape = RecordShape> = {
  readonly kind: 'list'
  readonly length: number | Members
  readonly item: Item
}

export type Shape = IntegerShape | MemberShape | SubsetShape | RecordShape | ListShape

/**
 * The variables as they are now. A record knows its `index` in the list that it stands in (0 outside of lists), and its
 * own place in the state after the step, `next`: what TLA+ writes as a primed variable.
 */
export type Now<S extends Shape> =
  S extends RecordShape<infer Fields>
    ? { readonly [Name in keyof Fields]: Now<Fields[Name]> } & { readonly index: number; readonly next: Next<S> }
    : S extends ListShape<infer Item>
      ? readonly Now<Item>[]
      : number

/** The variables after the step. Until one is assigned, it is what it was. */
export type Next<S extends Shape> =
  S extends RecordShape<infer Fields>
    ? { -readonly [Name in keyof Fields]: Next<Fields[Name]> }
    : S extends ListShape<infer Item>
      ? readonly Next<Item>[]
      : number

/** From 0 to `most`. */
export function upTo(most: number): IntegerShape {
  return { kind: 'integer', least: 0, most }
}

/** From -1, which stands for none, to `most`. */
export function optionalUpTo(most: number): IntegerShape {
  return { kind: 'integer', least: -1, most }
}

export function memberOf(of: Members): MemberShape {
  return { kind: 'member', of }
}

export function subsetOf(of: Members): SubsetShape {
  return { kind: 'subset', of }
}

export function record<const Fields extends FieldShapes>(fields: Fields): RecordShape<Fields> {
  return { kind: 'record', fields }
}

export function listOf<Item extends RecordShape>(length: number | Members, item: Item): ListShape<Item> {
  return { kind: 'list', length, item }
}

/** The set of all members. */
export function everyMember(of: Members): number {
  return (1 << of.size) - 1
}

export function isIn(set: number, member: number): boolean {
  return member >= 0 && ((set >> member) & 1) === 1
}

export function including(set: number, member: number): number {
  return set | (1 << member)
}

export function excluding(set: number, member: number): number {
  return set & ~(1 << member)
}
