import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { allMutants, mutableFiles, readSource } from '../../bench/mutation/plan.ts'
import { mutantsOf } from './find.ts'
import { type Mutant, mutantId, mutantLine, mutatedText } from './mutant.ts'
import { isClaim, sampleOf, stratumOf } from './sample.ts'

/** The texts that come of a text, one for each mutant. */
function mutated(text: string): readonly string[] {
  return mutantsOf('a.ts', text).map(mutant => mutatedText(text, mutant))
}

describe('the rules', () => {
  const examples: readonly (readonly [text: string, mutants: readonly string[]])[] = [
    ['x = a < b', [';', 'x = a <= b']],
    ['const f = () => a === b && c', ['const f = () => ((a === b ) || ( c))', 'const f = () => a !== b && c']],
    ['const x = y ?? d', ['const x = ( d)', 'const x = (y )']],
    ['const x = list[i] ?? 1', ['const x = ( 1)']],
    ['const x = list.at(-1) ?? d', ['const x = ( d)', 'const x = list.at(-0) ?? d', 'const x = list.at(-2) ?? d']],
    ['const x = a ? b : c', ['const x = !(a) ? b : c']],
    ['if (a) b()', ['if (!(a)) b()', 'if (a) ;']],
    ['if (!a) throw Error(f(a + 1))', ['if (a) throw Error(f(a + 1))']],
    ['for (const a of b) if (a === c) continue', ['for (const a of b) ;', 'for (const a of b) if (a !== c) continue']],
    ['const x = a?.b', ['const x = a.b']],
    ['const x = a?.[b]', ['const x = a[b]']],
    ['const x = { ...a, b: c, d }', ['const x = { ...a, ...{}, d }', 'const x = { ...a, b: c, ...{} }']],
    ['const x = { b: c }', []],
    ['const x = [...a, b]', ['const x = [...a, ...[]]']],
    ['const x = Math.min(a, b)', ['const x = Math.max(a, b)']],
    ['const x = a.filter(b => c)', ['const x = a', 'const x = a.filter(b => !(c))']],
    ['const x = a.some(f)', ['const x = a.every(f)']],
    ['const x = "a" + b', ['const x = "a" - b']],
    [`const x = 'a' + b`, []],
    [
      'const x = (a + b) * 2',
      ['const x = (a - b) * 2', 'const x = (a + b) + 2', 'const x = (a + b) * 1', 'const x = (a + b) * 3'],
    ],
    [
      `const f = (x: 1 | 'NONE') => (x ? 'NOT_COORDINATOR' : 'NONE')`,
      [
        `const f = (x: 1 | 'NONE') => (!(x) ? 'NOT_COORDINATOR' : 'NONE')`,
        `const f = (x: 1 | 'NONE') => (x ? 'NONE' : 'NONE')`,
        `const f = (x: 1 | 'NONE') => (x ? 'NOT_COORDINATOR' : 'NOT_COORDINATOR')`,
      ],
    ],
    [`import { a } from './a.ts'\ntype B = 1`, []],
    ['class A { constructor() { this.a = 1 } }', []],
    [
      'while (a) { b += 1 }',
      ['while (a) { ; }', 'while (a) { b -= 1 }', 'while (a) { b += 0 }', 'while (a) { b += 2 }'],
    ],
  ]
  test.each(examples)('%s', (text, expected) => {
    expect(mutated(text)).toEqual(expected)
  })

  test('a mutant says where it is and what it does', () => {
    const [, mutant] = mutantsOf('model/a.ts', '\nx = a <\n  b')
    expect(mutant).toEqual({
      file: 'model/a.ts',
      line: 2,
      rule: 'boundary',
      start: 7,
      end: 8,
      before: '<',
      after: '<=',
    })
    expect(mutant === undefined ? '' : mutantLine(mutant)).toBe('model/a.ts:2 boundary: < → <=')
  })

  test('a mutant that no longer fits fails loudly', () => {
    const mutant: Mutant = { file: 'a.ts', line: 1, rule: 'boundary', start: 6, end: 7, before: '<', after: '<=' }
    expect(mutatedText('x = a < b', mutant)).toBe('x = a <= b')
    expect(() => mutatedText('y += a < b', mutant)).toThrow(
      'a.ts:1 no longer has what the mutant (boundary) changes: <',
    )
  })
})

describe('over the project', () => {
  const files = mutableFiles()
  const mutants = allMutants('')

  test('mutants have each their own place and change, and are still programs', () => {
    expect(mutants.length).toBeGreaterThan(10_000)
    expect(new Set(mutants.map(mutantId)).size).toBe(mutants.length)
    const sample = sampleOf(mutants, 400, 1)
    const broken = sample.filter(one => parseSync(one.file, mutatedText(readSource(one.file), one)).errors.length > 0)
    expect(broken.map(mutantLine)).toEqual([])
  })

  test('one seed draws one sample, another another', () => {
    const ids = (seed: number) => sampleOf(mutants, 100, seed).map(mutantId)
    expect(ids(1)).toEqual(ids(1))
    expect(ids(2)).not.toEqual(ids(1))
  })

  test('a sample has something of every folder', () => {
    const strata = new Set(mutants.map(({ file }) => stratumOf(file)))
    expect(new Set(sampleOf(mutants, 100, 1).map(({ file }) => stratumOf(file)))).toEqual(strata)
  })

  test('claims are told from rules', () => {
    expect(files.filter(isClaim)).toContain('model/log/invariants.ts')
    expect(files.filter(isClaim)).toContain('model/invariants/loss.ts')
    expect(files.filter(isClaim)).not.toContain('model/log/append.ts')
  })
})
