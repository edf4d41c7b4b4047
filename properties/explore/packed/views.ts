// Views: objects with a specification's field names whose fields are slots of an array. Reading one costs an array access,
// so a specification can be written as if its state were made of objects, and be searched as if it were made of bits.
import type { Layout, Place } from './layout.ts'

/** A view of the slots of now, with the slots of after the step as `next` in every record. */
export function viewOf(layout: Layout, now: Int32Array, next: Int32Array): unknown {
  const kinds = new Map<string, Kind>()
  return build(layout.root, now, next, kinds)
}

/** How one kind of record is made; records of the same fields share it, and so the same hidden class. */
type Kind = (slots: Int32Array, at: number, index: number, parts: readonly unknown[], next: unknown) => object

function build(place: Place, now: Int32Array, next: Int32Array | null, kinds: Map<string, Kind>): unknown {
  switch (place.kind) {
    case 'number':
      return place.field
    case 'list':
      return place.items.map(item => build(item, now, next, kinds))
    case 'record': {
      const numbers = numbersOf(place)
      const at = numbers[0]?.[1] ?? 0
      const names = Object.keys(place.fields)
      const offsets = numbers.map(([name, slot]) => [name, slot - at] as const)
      const isWritable = next === null
      const signature = JSON.stringify([names, offsets, isWritable])
      const kind = kinds.get(signature) ?? kindOf(names, offsets)
      kinds.set(signature, kind)
      const parts = names
        .map(name => place.fields[name])
        .filter(part => part !== undefined && part.kind !== 'number')
        .map(part => (part === undefined ? null : build(part, now, next, kinds)))
      return kind(now, at, place.index, parts, next === null ? null : build(place, next, null, kinds))
    }
  }
}

function numbersOf(place: Extract<Place, { kind: 'record' }>): readonly (readonly [string, number])[] {
  return Object.entries(place.fields).flatMap(([name, part]) =>
    part.kind === 'number' ? [[name, part.field] as const] : [],
  )
}

function kindOf(names: readonly string[], offsets: readonly (readonly [string, number])[]): Kind {
  const numbers = new Set(offsets.map(([name]) => name))
  const parts = names.filter(name => !numbers.has(name))
  const accessors = offsets.map(([name, offset]) => {
    const slot = `this.slots[this.at + ${offset}]`
    return `get ${name}() { return ${slot} }\nset ${name}(value) { ${slot} = value }`
  })
  const body = `
    return class View {
      constructor(slots, at, index, parts, next) {
        this.slots = slots
        this.at = at
        this.index = index
        this.next = next
        ${parts.map((name, i) => `this.${name} = parts[${i}]`).join('\n')}
      }
      ${accessors.join('\n')}
    }`
  const View = new Function(body)() as new (...values: Parameters<Kind>) => object
  return (...values) => new View(...values)
}
