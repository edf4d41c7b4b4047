// The pages of the viewer, each as one HTML file with its script, its style and a policy that allows nothing else:
// `dist/pages/NAME.html`, of every folder in traces/viewer/ that has a page.tsx. traces/viewer/page.ts puts data into it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { inlineScript, template } from '../traces/viewer/template.ts'

const viewer = join(import.meta.dirname, '../traces/viewer')

/** Builds all pages into a folder; gives a line of report for each. */
export async function buildPages(folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true })
  const shared = stylesIn('shared')
  const lines: string[] = []
  for (const name of readdirSync(viewer)) {
    const entrance = join(viewer, name, 'page.tsx')
    if (!existsSync(entrance)) continue
    const script = inlineScript(await bundled(entrance))
    const style = `${shared}${stylesIn(name)}`
    const page = template({ script, scriptHash: hashed(script), style, styleHash: hashed(style) })
    writeFileSync(join(folder, `${name}.html`), page)
    lines.push(`dist/pages/${name}.html: ${Math.round(page.length / 1000)} kB`)
  }
  return lines
}

/** All styles of a folder of the viewer, by their names: what is alike in two of them must not depend on more than that. */
function stylesIn(name: string): string {
  const files = readdirSync(join(viewer, name)).filter(file => file.endsWith('.css'))
  return files
    .sort()
    .map(file => readFileSync(join(viewer, name, file), 'utf8'))
    .join('')
}

async function bundled(entrance: string): Promise<string> {
  // How JSX is meant stands in traces/viewer/tsconfig.json.
  const bundle = await rolldown({ input: entrance, platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true, codeSplitting: false })
  await bundle.close()
  return output.map(chunk => (chunk.type === 'chunk' ? chunk.code : '')).join('')
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
