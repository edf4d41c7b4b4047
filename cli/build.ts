// `npm run build`: the pages of the viewer (build-pages.ts), and the broker cluster as one file, `dist/serve.js`, so that `lockstep serve` starts in a fraction of the
// time that a hundred and fifty sources take to load. `npm ci` runs it.
//
// The launcher takes the file only while `dist/serve.json` names every source as it is now; otherwise it runs the sources.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { buildPages } from './build-pages.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'dist')

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const bundle = await rolldown({
  input: join(root, 'cli/serve-main.ts'),
  platform: 'node',
  // Native packages bring their own files.
  external: ['@node-rs/crc32', 'lz4-napi', 'snappy'],
})
const { output } = await bundle.write({
  file: join(folder, 'serve.js'),
  format: 'esm',
  minify: true,
  codeSplitting: false,
})
await bundle.close()
const sources = output
  .flatMap(chunk => (chunk.type === 'chunk' ? chunk.moduleIds : []))
  .filter(id => id.startsWith(root))
const stamps = sources.map(path => {
  const { mtimeMs, size } = statSync(path)
  return [relative(root, path), mtimeMs, size] as const
})
writeFileSync(join(folder, 'serve.json'), `${JSON.stringify(stamps)}\n`)
console.log(`dist/serve.js: ${stamps.length} sources, ${Math.round(statSync(join(folder, 'serve.js')).size / 1000)} kB`)
for (const line of await buildPages(join(folder, 'pages'))) console.log(line)
