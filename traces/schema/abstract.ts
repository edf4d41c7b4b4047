// The schema of abstract specifications' traces, made from the specifications: an operation is one of their actions.
import { boundRanges, specNames, specOf, usually } from '../../properties/explore/specs.ts'
import { abstractScope } from '../abstract.ts'
import { constant, integer, kinds, oneOfValues, record, type Schema, text } from './build.ts'

const member = text('^b[1-9]$')
/** No abstract world has an epoch as high as that. */
const number = integer(0, 99)

const actions = new Map(
  specNames.flatMap(name => specOf(usually(name)).actions.map(action => [action.name, action] as const)),
)

const parametersOf: Record<string, Record<string, Schema<unknown>>> = Object.fromEntries(
  [...actions.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, parameters }) => [
      name,
      Object.fromEntries(parameters.map(parameter => [parameter.name, parameter.member ? member : number])),
    ]),
)

export const abstract = {
  setup: record({
    scope: constant(abstractScope),
    spec: oneOfValues(...specNames),
    bounds: record(Object.fromEntries(boundRanges.map(({ name, least, most }) => [name, integer(least, most)]))),
  }),
  operation: kinds(parametersOf),
}
