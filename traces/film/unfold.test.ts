// A settle taken apart is the settle: every message of it is delivered by itself, and what is there at the end is the same.
import { expect, test } from 'vitest'
import { scopes } from '../../properties/scopes.ts'
import { clusterRuns } from './testing/runs.ts'
import { partsOf, unfolded } from './unfold.ts'

test.each(clusterRuns())('%s unfolds into single deliveries', (_name, { setup, operations }) => {
  let model = scopes.cluster.startModel(setup)
  for (const operation of operations) {
    const whole = model.fork()
    const outcome = whole.apply(operation)
    const messages = outcome.kind === 'delivered' ? outcome.messages : 0
    const { parts, model: after } = unfolded(model, setup, operation, messages)
    // One that did not come out right would be a single part.
    expect(parts.length).toBe(partsOf(operation, messages))
    expect(parts.filter(part => part.operation.kind === 'deliver').length).toBe(
      operation.kind === 'deliver' ? 1 : messages,
    )
    expect(after.observe()).toEqual(whole.observe())
    expect(parts.at(-1)?.after).toEqual(whole.observe())
    model = after
  }
})

test('what does not come out as it should is one part', () => {
  const [, run] = clusterRuns()[0] ?? []
  if (run === undefined) throw new Error('there are no runs')
  const model = scopes.cluster.startModel(run.setup)
  expect(unfolded(model, run.setup, { kind: 'settle' }, 1).parts.length).toBe(1)
})
