// Shorter runs of a group coordinator. Member ids and generations are counted, so that whoever joins earlier decides what
// the later ones are called: when one join goes, the names behind it move up.
import type { OperationOf, Run } from '../scope.ts'

type Operation = OperationOf<'group'>

/** Runs without one operation, with the member ids or generations of those behind it one lower. */
export function* restructuredGroup({ setup, operations }: Run<'group'>): Iterable<Run<'group'>> {
  for (let index = operations.length - 1; index >= 0; index--) {
    const earlier = operations.slice(0, index)
    const later = operations.slice(index + 1)
    for (const renamed of renamings(later)) yield { setup, operations: [...earlier, ...renamed] }
  }
}

function* renamings(later: readonly Operation[]): Iterable<readonly Operation[]> {
  for (const [epoch, number] of memberIdsIn(later)) {
    const lower = (text: string) => lowerMembers(text, epoch, number)
    yield later.map(operation => mapTexts(operation, lower))
    yield lowerGenerations(later.map(operation => mapTexts(operation, lower)))
  }
  yield lowerGenerations(later)
  yield later.map(operation => mapTexts(operation, lowerEpochs))
}

/** Each (epoch, number) of a member id that occurs. */
function memberIdsIn(operations: readonly Operation[]): readonly (readonly [epoch: number, number: number])[] {
  const found = new Map<string, readonly [number, number]>()
  for (const match of JSON.stringify(operations).matchAll(memberIds)) {
    found.set(match[0].slice(match[0].indexOf('-')), [Number(match[2]), Number(match[3])])
  }
  return [...found.values()]
}

/** `<client>-<broker>.<epoch>.<number>`. */
const memberIds = /(\w+-1)\.(\d+)\.(\d+)/g

function lowerMembers(text: string, epoch: number, from: number): string {
  return text.replace(memberIds, (whole, client, e, n) =>
    Number(e) === epoch && Number(n) >= from ? `${client}.${e}.${Number(n) - 1}` : whole,
  )
}

function lowerEpochs(text: string): string {
  return text.replace(memberIds, (whole, client, e, n) => (Number(e) > 1 ? `${client}.${Number(e) - 1}.${n}` : whole))
}

function lowerGenerations(operations: readonly Operation[]): readonly Operation[] {
  return operations.map(operation => {
    if (operation.kind !== 'request' || !('generationId' in operation.request)) return operation
    const { request } = operation
    if (request.generationId < 1) return operation
    return { ...operation, request: { ...request, generationId: request.generationId - 1 } }
  })
}

/** The operation with every text in it changed; texts that are no member ids come back as they were. */
function mapTexts(operation: Operation, change: (text: string) => string): Operation {
  // What changes is inside texts only, so that the value keeps its type.
  return JSON.parse(change(JSON.stringify(operation))) as Operation
}
