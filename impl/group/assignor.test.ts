import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Assignment, AssignorMember, AssignorName, TopicPartition } from '../../model/vocabulary/choosing.ts'
import { assign } from './assignor.ts'

const names: readonly AssignorName[] = ['range', 'roundrobin', 'sticky', 'cooperative-sticky']

/** Answers in short: `{ a: 't0 t1', b: '' }`. */
function short(assignment: Assignment): Readonly<Record<string, string>> {
  return Object.fromEntries(assignment.map(({ memberId, partitions }) => [memberId, partitions.map(nameOf).join(' ')]))
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}${partition}`
}

function member(memberId: string, topics: string, owned = '', generationId = -1, instance?: string): AssignorMember {
  const partitions = owned.split(' ').filter(Boolean)
  return {
    memberId,
    groupInstanceId: instance ?? null,
    topics: [...topics],
    owned: partitions.map(name => ({ topic: name.slice(0, 1), partition: Number(name.slice(1)) })),
    generationId,
  }
}

/** Members keep what they were given, as they do between two rebalances. */
function afterwards(members: readonly AssignorMember[], assignment: Assignment, generationId: number) {
  const shares = new Map(assignment.map(({ memberId, partitions }) => [memberId, partitions]))
  return members.map(one => ({ ...one, owned: shares.get(one.memberId) ?? [], generationId }))
}

const anyTopic = fc.constantFrom<string[]>('s', 't', 'u', 'v', 'x')
const anyTopics = fc.dictionary(fc.constantFrom('s', 't', 'u', 'v'), fc.integer({ min: 1, max: 9 }), {
  noNullPrototype: true,
})
const anyPartition = fc.record({
  topic: anyTopic,
  partition: fc.integer({ min: 0, max: 9 }),
})
const anyGroup = fc.uniqueArray(
  fc.record({
    memberId: fc.string({ minLength: 1, maxLength: 2 }),
    groupInstanceId: fc.option(fc.string({ maxLength: 2 })),
    topics: fc.array(anyTopic, { maxLength: 5 }),
    owned: fc.array(anyPartition, { maxLength: 12 }),
    generationId: fc.integer({ min: -1, max: 2 }),
  }),
  { selector: one => one.memberId, maxLength: 7 },
)
const anyInput = fc.record({ members: anyGroup, topics: anyTopics.map(counts => new Map(Object.entries(counts))) })

describe.each(names)('%s', name => {
  test('gives each partition at most once, to a subscriber, and lists members and partitions in order', () => {
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        const assignment = assign(name, members, topics)
        expect(assignment.map(one => one.memberId)).toEqual(members.map(one => one.memberId).sort())
        const given = new Set<string>()
        for (const { memberId, partitions } of assignment) {
          expect(partitions.map(nameOf)).toEqual(partitions.map(nameOf).sort())
          for (const partition of partitions) {
            expect(members.find(one => one.memberId === memberId)?.topics).toContain(partition.topic)
            expect(partition.partition).toBeLessThan(topics.get(partition.topic) ?? 0)
            expect(given).not.toContain(nameOf(partition))
            given.add(nameOf(partition))
          }
        }
      }),
    )
  })

  test('gives every partition that has a subscriber, at once or, cooperatively, within a few more rebalances', () => {
    // What one rebalance withholds changes the loads that the next one balances, so that it may take more than one.
    const rounds = name === 'cooperative-sticky' ? 6 : 0
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        let last = assign(name, members, topics)
        for (let round = 0; round < rounds; round++) {
          last = assign(name, afterwards(members, last, 3 + round), topics)
        }
        const wanted = Array.from(topics).filter(([topic]) => members.some(one => one.topics.includes(topic)))
        const given = last.reduce((sum, one) => sum + one.partitions.length, 0)
        expect(given).toBe(wanted.reduce((sum, [, count]) => sum + count, 0))
      }),
    )
  })

  test('does not depend on the order of its arguments, nor on duplicate topics', () => {
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        const turned = members.toReversed().map(one => ({ ...one, topics: [...one.topics, ...one.topics].reverse() }))
        const turnedTopics = new Map(Array.from(topics).reverse())
        expect(assign(name, turned, turnedTopics)).toEqual(assign(name, members, topics))
      }),
    )
  })

  test('shares one topic so that sizes differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 20 }), (partitionCount, memberCount) => {
        const members = Array.from({ length: memberCount }, (_, i) => member(`m${i}`, 't'))
        const sizes = assign(name, members, new Map([['t', partitionCount]])).map(one => one.partitions.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect(sizes.reduce((a, b) => a + b)).toBe(partitionCount)
      }),
    )
  })

  test('answers an empty group with nothing', () => {
    expect(assign(name, [], new Map([['t', 3]]))).toEqual([])
  })
})

describe('range', () => {
  test('6 partitions over 3 members make runs of 2', () => {
    const members = [member('a', 't'), member('b', 't'), member('c', 't')]
    expect(short(assign('range', members, new Map([['t', 6]])))).toEqual({ a: 't0 t1', b: 't2 t3', c: 't4 t5' })
  })

  test('the first members get the larger runs, in each topic again', () => {
    const topics = new Map([['t', 3], ['u', 3]]) // biome-ignore format: one line
    const members = [member('a', 'tu'), member('b', 'tu')]
    expect(short(assign('range', members, topics))).toEqual({ a: 't0 t1 u0 u1', b: 't2 u2' })
  })

  test('static members come first, by instance id', () => {
    const members = [member('a', 't'), member('b', 't', '', -1, 'j'), member('c', 't', '', -1, 'i')]
    expect(short(assign('range', members, new Map([['t', 4]])))).toEqual({ a: 't3', b: 't2', c: 't0 t1' })
  })
})

describe('roundrobin', () => {
  test('equal subscribers take turns over all topics', () => {
    const members = [member('a', 'tu'), member('b', 'tu')]
    const topics = new Map([['t', 3], ['u', 3]]) // biome-ignore format: one line
    expect(short(assign('roundrobin', members, topics))).toEqual({ a: 't0 t2 u1', b: 't1 u0 u2' })
  })

  test('members that do not subscribe are passed over', () => {
    const members = [member('a', 't'), member('b', 'tu'), member('c', 'tuv')]
    const topics = new Map([['t', 1], ['u', 2], ['v', 3]]) // biome-ignore format: one line
    expect(short(assign('roundrobin', members, topics))).toEqual({ a: 't0', b: 'u0', c: 'u1 v0 v1 v2' })
  })
})

describe('sticky', () => {
  test('an assignment that it made itself stays as it is', () => {
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        const first = assign('sticky', members, topics)
        expect(assign('sticky', afterwards(members, first, 3), topics)).toEqual(first)
        expect(assign('cooperative-sticky', afterwards(members, first, 3), topics)).toEqual(first)
      }),
    )
  })

  test('no partition could move to a subscriber with at least two fewer', () => {
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        const assignment = assign('sticky', members, topics)
        const sizes = new Map(assignment.map(one => [one.memberId, one.partitions.length]))
        for (const { partitions } of assignment) {
          for (const { topic } of partitions) {
            const subscribers = members.filter(one => one.topics.includes(topic))
            const fewest = Math.min(...subscribers.map(one => sizes.get(one.memberId) ?? 0))
            expect(partitions.length - fewest).toBeLessThanOrEqual(1)
          }
        }
      }),
    )
  })

  test('a newcomer takes the last partitions of the others', () => {
    const members = [member('a', 't', 't0 t1 t2', 4), member('b', 't', 't3 t4 t5', 4), member('c', 't')]
    expect(short(assign('sticky', members, new Map([['t', 6]])))).toEqual({ a: 't0 t1', b: 't3 t4', c: 't2 t5' })
  })

  test('the first members in order keep the larger shares', () => {
    const members = [member('a', 't', 't0 t1 t2', 4), member('b', 't', 't3 t4', 4), member('c', 't')]
    expect(short(assign('sticky', members, new Map([['t', 5]])))).toEqual({ a: 't0 t1', b: 't3 t4', c: 't2' })
  })

  test('the later generation wins a partition, and two claims of one generation cancel out', () => {
    const later = [member('a', 't', 't0', 4), member('b', 't', 't0', 5)]
    expect(short(assign('sticky', later, new Map([['t', 2]])))).toEqual({ a: 't1', b: 't0' })
    const same = [member('a', 't', 't1', 5), member('b', 't', 't1', 5)]
    expect(short(assign('sticky', same, new Map([['t', 2]])))).toEqual({ a: 't0', b: 't1' })
  })

  test('with different subscriptions a member with too many gives its first movable partition', () => {
    const members = [member('a', 'tu', 't0 t1 u0 u1', 4), member('b', 'u'), member('c', 't')]
    const topics = new Map([['t', 2], ['u', 2]]) // biome-ignore format: one line
    expect(short(assign('sticky', members, topics))).toEqual({ a: 'u1', b: 'u0', c: 't0 t1' })
  })

  test('a member that could give nothing is asked again when another has given', () => {
    // At first only c can give (u0, to d); that leaves c with two fewer than b, who can then give t0.
    const members = [member('b', 't', 't0 t1 t2', 4), member('c', 'tu', 'u0 u1', 4), member('d', 'u')]
    const topics = new Map([['t', 3], ['u', 2]]) // biome-ignore format: one line
    expect(short(assign('sticky', members, topics))).toEqual({ b: 't1 t2', c: 't0 u1', d: 'u0' })
  })
})

describe('cooperative-sticky', () => {
  test('never hands over a partition that another member still lists', () => {
    fc.assert(
      fc.property(anyInput, ({ members, topics }) => {
        for (const { memberId, partitions } of assign('cooperative-sticky', members, topics)) {
          for (const given of partitions) {
            const listers = members.filter(one => one.owned.some(owned => nameOf(owned) === nameOf(given)))
            if (!listers.some(one => one.memberId === memberId)) expect(listers).toEqual([])
          }
        }
      }),
    )
  })

  test('a partition reaches its new owner one rebalance after it was revoked', () => {
    const topics = new Map([['t', 4]])
    const members = [member('a', 't', 't0 t1 t2 t3', 4), member('b', 't')]
    const first = assign('cooperative-sticky', members, topics)
    expect(short(first)).toEqual({ a: 't0 t1', b: '' })
    expect(short(assign('cooperative-sticky', afterwards(members, first, 5), topics))).toEqual({
      a: 't0 t1',
      b: 't2 t3',
    })
  })

  test('a member that keeps what it claims rightly loses nothing to a stale list', () => {
    const members = [member('a', 't', 't0', 5), member('b', 't', 't0 t1', 3)]
    expect(short(assign('cooperative-sticky', members, new Map([['t', 2]])))).toEqual({ a: 't0', b: 't1' })
  })

  test('of two members that list a partition in one generation the one that gets it keeps it', () => {
    const members = [member('a', 't', 't0', 5), member('b', 't', 't0', 5)]
    expect(short(assign('cooperative-sticky', members, new Map([['t', 1]])))).toEqual({ a: 't0', b: '' })
  })

  test('a member that gave up the topic still has to revoke, but takes nothing from who lists the partition too', () => {
    const topics = new Map([['t', 1]])
    const leaver = member('b', '', 't0', 5)
    expect(short(assign('cooperative-sticky', [member('a', 't'), leaver], topics))).toEqual({ a: '', b: '' })
    expect(short(assign('cooperative-sticky', [member('a', 't', 't0', 2), leaver], topics))).toEqual({ a: 't0', b: '' })
  })
})
