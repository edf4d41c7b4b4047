// Objects that hold a state while a specification works on it: one for each record of the shape, with the shape's names.
//
// Plain fields are the fastest place that there is for a number that is read through an object, so the state is not kept
// in an array behind accessors; packing and unpacking (compile.ts) are made for these very objects.
import type { Layout, Place } from './layout.ts'

/** One record of the shape: its numbers and parts by name, its `index`, and, of now, the same record after the step. */
export type View = { [field: string]: unknown }

/** The views of one state: the whole, and its records in the order of `Layout.records`. */
export type Views = { readonly root: View; readonly records: readonly View[] }

/** Views of now and of after the step, all of their numbers at their least. */
export function viewsOf(layout: Layout): { readonly now: Views; readonly next: Views } {
  const next = build(layout, null)
  return { now: build(layout, next.records), next }
}

function build(layout: Layout, following: readonly View[] | null): Views {
  const records: View[] = []
  const makers = new Map<string, (values: readonly unknown[]) => View>()
  const make = (place: Place): unknown => {
    switch (place.kind) {
      case 'number':
        return layout.fields[place.field]?.least ?? 0
      case 'list':
        return place.items.map(make)
      case 'record': {
        const at = records.push({}) - 1
        const parts = Object.values(place.fields).map(make)
        const names = ['index', ...Object.keys(place.fields), 'next']
        const maker = makers.get(names.join()) ?? makerOf(names)
        makers.set(names.join(), maker)
        const view = maker([place.index, ...parts, following?.[at] ?? null])
        records[at] = view
        return view
      }
    }
  }
  const root = make(layout.root) as View
  return { root, records }
}

/** Makes objects by a literal: all of a kind share one hidden class, and their fields lie in the object itself. */
function makerOf(names: readonly string[]): (values: readonly unknown[]) => View {
  const fields = names.map((name, i) => `${name}: values[${i}]`)
  return new Function('values', `return { ${fields.join(', ')} }`) as (values: readonly unknown[]) => View
}
