import { expect, test } from 'vitest'
import { importsOf, loadedBy } from './loads.ts'

test('imports of types alone load nothing', () => {
  const text = [
    `import { a } from './a.ts'`,
    `import type { B } from './b.ts'`,
    `import {\n  c,\n  type D,\n} from '../c.ts'`,
    `export type { E } from './e.ts'`,
    `import f from 'f'`,
  ].join('\n')
  expect(importsOf('model/x/y.ts', text)).toEqual(['model/x/a.ts', 'model/c.ts'])
})

test('what is loaded is followed to the end, once', () => {
  const files: Readonly<Record<string, string>> = {
    'a.ts': `import { b } from './b.ts'`,
    'b.ts': `import { a } from './a.ts'\nimport { c } from './c/c.ts'`,
    'c/c.ts': `import type { d } from '../d.ts'`,
  }
  expect([...loadedBy('a.ts', file => files[file] ?? '')]).toEqual(['a.ts', 'b.ts', 'c/c.ts'])
})
