// Which files the package has: everything that its entrances lead to, and nothing else.
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { isSource, javaScriptOf, namedModules, shippedName, withShippedNames } from './shipped.ts'

/** The files by their paths in the package, and the packages that they import. */
export type Collected = { readonly files: ReadonlyMap<string, string>; readonly packages: ReadonlySet<string> }

/** JavaScript: what the entrances (relative to `root`) need at run time. */
export function collectCode(root: string, entrances: readonly string[]): Collected {
  return collect(entrances, path => javaScriptOf(path, readFileSync(join(root, path), 'utf8')), shippedName)
}

/** Types: what the declarations of the entrances lead to, in the folder where the compiler wrote them. */
export function collectTypes(root: string, entrances: readonly string[]): Collected {
  const declarations = (path: string): string => path.replace(/\.ts$/, '.d.ts')
  return collect(entrances, path => readFileSync(join(root, declarations(path)), 'utf8'), declarations)
}

function collect(
  entrances: readonly string[],
  read: (path: string) => string,
  nameOf: (path: string) => string,
): Collected {
  const files = new Map<string, string>()
  const packages = new Set<string>()
  const waiting = [...entrances]
  for (const path of waiting) {
    const name = nameOf(path)
    if (files.has(name)) continue
    const text = read(path)
    const named = namedModules(name, text)
    files.set(name, withShippedNames(text, named))
    for (const { module } of named) {
      if (isSource(module)) waiting.push(posix.join(posix.dirname(path), module))
      else if (isPackage(module)) packages.add(packageOf(module))
    }
  }
  return { files, packages }
}

function isPackage(module: string): boolean {
  return /^(@[a-z0-9-]+\/)?[a-z0-9-]+(\/|$)/.test(module)
}

/** `vitest` of `vitest/config`. */
function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/')
}
