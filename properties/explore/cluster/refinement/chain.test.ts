import { describe, expect, test } from 'vitest'
import { messagesSpec } from '../../../../model/abstract/messages/spec.ts'
import type { Spec } from '../../../../model/abstract/spec.ts'
import { Machine } from '../../packed/machine.ts'
import { chainBetween } from './chain.ts'

const spec = messagesSpec({ replicas: 2, logSize: 1, maxRecords: 1, maxLeaderEpoch: 1 }) as unknown as Spec
const first = new Machine(spec, false).successor
const machine = new Machine(spec, false)

/** The state after the first way in which each of some actions can happen, one after another. */
function stateAfter(...names: readonly string[]): Int32Array {
  return names.reduce((state, name) => {
    let found: Int32Array | null = null
    machine.successors(state, 0, () => {
      if (found === null && spec.actions[machine.action]?.name === name) found = machine.successor.slice()
    })
    if (found === null) throw new Error(`${name} does not apply`)
    return found
  }, first)
}

describe('between two states', () => {
  test('that are equal nothing needs to happen', () => {
    expect(chainBetween(machine, spec.actions, first, first)).toEqual([])
  })

  test('a shortest row of actions is found', () => {
    const rows = [
      ['ProducerSend'],
      ['ControllerElectLeader', 'BecomeLeader'],
      [
        'ControllerElectLeader',
        'BecomeLeader',
        'ProducerSend',
        'LeaderAppend',
        'BecomeFollowerOfAny',
        'FollowerTakeEntry',
      ],
    ]
    for (const row of rows) {
      expect([...(chainBetween(machine, spec.actions, first, stateAfter(...row)) ?? [])].sort()).toEqual(
        [...row].sort(),
      )
    }
  })

  test('there is none backwards', () => {
    expect(chainBetween(machine, spec.actions, stateAfter('ProducerSend'), first)).toBeNull()
    expect(
      chainBetween(machine, spec.actions, stateAfter('ControllerElectLeader'), stateAfter('ProducerSend')),
    ).toBeNull()
  })
})
