import { describe, expect, test } from 'vitest'
import type { ClusterOperation } from '../model/vocabulary/cluster.ts'
import { Quiet } from './progress.ts'
import { clusterScope } from './scopes/cluster.ts'

const setup = clusterScope.plainSetup

function endsQuietly(operations: readonly ClusterOperation[]): boolean {
  const quiet = new Quiet()
  const model = clusterScope.startModel(setup)
  for (const operation of operations) {
    const before = model.observe()
    const outcome = model.apply(operation)
    quiet.saw({ setup, before, operation, outcome, after: model.observe() })
  }
  return quiet.isReached(model.observe())
}

const long: ClusterOperation = { kind: 'elapse', ms: 40_000 }
const place = { broker: 1, topic: 't', partition: 0 }

describe('a run ends quietly', () => {
  test('when time has passed since the last that was done', () => {
    expect(endsQuietly([long])).toBe(true)
    expect(endsQuietly([long, { kind: 'settle' }, { kind: 'poll', consumer: 'c1' }])).toBe(true)
    expect(endsQuietly([{ kind: 'elapse', ms: 39_999 }])).toBe(false)
    expect(endsQuietly([long, { kind: 'failoverController' }])).toBe(false)
  })

  test('but not while a broker is down or paused, or a link is cut', () => {
    const crash: ClusterOperation = { kind: 'crash', broker: 1, damage: { kind: 'lost' }, indexes: 'kept', late: false }
    expect(endsQuietly([crash, long])).toBe(false)
    expect(endsQuietly([crash, { kind: 'restart', broker: 1 }, long])).toBe(true)
    expect(endsQuietly([{ kind: 'pause', broker: 1 }, long])).toBe(false)
    expect(endsQuietly([{ kind: 'cut', from: 'b1', to: 'b2' }, long])).toBe(false)
    expect(endsQuietly([{ kind: 'cut', from: 'b1', to: 'b2' }, { kind: 'healAll' }, long])).toBe(true)
  })

  test('nor while a disk is bounded, nor ever after bytes have rotted', () => {
    expect(endsQuietly([{ kind: 'fillDisk', ...place, bytes: 10 }, long])).toBe(false)
    expect(
      endsQuietly([{ kind: 'fillDisk', ...place, bytes: 10 }, { kind: 'fillDisk', ...place, bytes: null }, long]),
    ).toBe(true)
    expect(endsQuietly([{ kind: 'rot', ...place, offset: 0 }, long])).toBe(false)
  })
})
