// The declarations of the entrances, written by the compiler into a folder that is thrown away.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Compiles into `folder`; gives the folder below it that mirrors `root`. Throws when something does not compile. */
export function declarationsIn(folder: string, root: string, entrances: readonly string[]): string {
  const outDir = join(folder, 'types')
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      // Without it names that end in .ts may not be emitted; in declarations they stay, and are put right afterwards.
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: entrances.map(path => join(root, path)),
  }
  const file = join(folder, 'tsconfig.json')
  writeFileSync(file, JSON.stringify(config))
  const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  execFileSync(process.execPath, [compiler, '-p', file], { stdio: ['ignore', 'inherit', 'inherit'] })
  return outDir
}
