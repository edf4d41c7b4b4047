import { expect, test } from 'vitest'
import { unexpectedText } from './expected.ts'

const agree = { verdict: 'agree' } as const
const violation = { verdict: 'violation', claim: 'O3' } as const

test('nothing is said of a trace that goes as it was written down', () => {
  expect(unexpectedText({ kind: 'agree' }, agree, 'the sides agree')).toBeNull()
  expect(unexpectedText({ kind: 'violation', claim: 'O3' }, violation, 'the sides agree')).toBeNull()
  expect(unexpectedText({ kind: 'violation', claim: 'F5' }, { verdict: 'violation' }, 'the sides agree')).toBeNull()
})

test('a violation that is mended does not sound like a failure', () => {
  const mended = 'It was written down as a violation of O3, which does not show here: it is mended, or was never there.'
  expect(unexpectedText({ kind: 'agree' }, violation, 'the sides agree')).toBe(mended)
  expect(unexpectedText({ kind: 'agree' }, { verdict: 'violation' }, 'the sides agree')).toContain('as a violation,')
})

test('everything else says what the trace expects', () => {
  const other = { kind: 'violation', claim: 'F5' } as const
  expect(unexpectedText(other, violation, 'the sides agree')).toBe('The trace expects a violation of O3.')
  expect(unexpectedText({ kind: 'unknown' }, violation, 'the sides agree')).toBe('The trace expects a violation of O3.')
  for (const verdict of [other, { kind: 'unknown' } as const]) {
    expect(unexpectedText(verdict, agree, 'the broker agrees')).toBe('The trace expects that the broker agrees.')
  }
})
