// `npm run pack`: the package that users install, as `dist/package/` and as `dist/kafka-lockstep-VERSION.tgz`.
// docs/decisions/0010-package.md says what is in it and why.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildPages } from './build-pages.ts'
import { samples } from './commands/samples.ts'
import { collectCode, collectTypes } from './package/collect.ts'
import { declarationsIn } from './package/declarations.ts'
import { entrances, manifestOf, type ProjectManifest } from './package/manifest.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'dist/package')
/** Files that are read at run time or by people, as they are. */
const asTheyAre = [
  'README.md',
  'LICENSE',
  'docs/histories.md',
  'docs/subjects.md',
  'docs/vitest.md',
  'traces/history-schema.json',
  'traces/schema.json',
  'cli/starter',
  ...samples,
]
const launcher = 'cli/lockstep.js'

const code = collectCode(root, [launcher, ...Object.values(entrances)])
const temporary = mkdtempSync(join(tmpdir(), 'lockstep-pack-'))
try {
  const types = collectTypes(declarationsIn(temporary, root, Object.values(entrances)), Object.values(entrances))
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of [...code.files, ...types.files]) write(path, text)
  for (const path of asTheyAre) cpSync(join(root, path), join(folder, path), { recursive: true })
  // Where traces/viewer/page.ts looks for them; built anew, since those that lie about may be of older sources.
  for (const line of await buildPages(join(folder, 'dist/pages'))) console.log(line)
  // The shape of our own file: its dependencies are what the compiler and npm take, too.
  const project: ProjectManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const manifest = manifestOf(project, new Set([...code.packages, ...types.packages]))
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
  chmodSync(join(folder, launcher), 0o755)
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', join(root, 'dist')], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const file = join('dist', `${project.name}-${project.version}.tgz`)
  const { unpackedSize } = sizesIn(packed)
  const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`
  const counts = `${code.files.size} modules, ${types.files.size} declarations`
  console.log(`${file}: ${kilobytes(statSync(join(root, file)).size)} (${kilobytes(unpackedSize)} unpacked), ${counts}`)
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** What npm says of the tarball: a list of one, or in newer versions an object by name. */
function sizesIn(json: string): { readonly unpackedSize: number } {
  const said: Readonly<Record<string, { readonly unpackedSize: number }>> = JSON.parse(json)
  return Object.values(said)[0] ?? { unpackedSize: 0 }
}
