#!/usr/bin/env node
// The launcher of the `lockstep` command: plain JavaScript, so that a Node that is too old to read TypeScript
// can still say so.
//
// A Node below 22.18 cannot run .ts files. When the project's own dependencies brought a newer one (package.json
// lists it as an optional dependency), the command starts again there; otherwise it explains itself and exits 2.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const oldest = [22, 18]
/** As a package of somebody's project; otherwise this is our own folder. */
const isInstalled = import.meta.url.includes('/node_modules/')

if (isNewEnough(process.versions.node)) {
  // The second start is several times faster than the first.
  module.enableCompileCache()
  await import(entrance())
} else {
  const newer = bundledNode()
  if (newer === null) {
    console.error(
      `lockstep needs Node ${oldest.join('.')} or newer, and this is ${process.versions.node}. ` +
        `Install a newer Node${isInstalled ? '' : ', or run "npm ci" in the project, which brings one'}.`,
    )
    process.exitCode = 2
  } else {
    startAgainWith(newer)
  }
}

/** The built file for `serve`, when it is there and made of the sources as they are; otherwise the sources. */
function entrance() {
  const sources = new URL('./main.ts', import.meta.url).href
  const built = new URL('../dist/serve.js', import.meta.url)
  if (process.argv[2] !== 'serve' || !existsSync(built)) return sources
  const stamps = JSON.parse(readFileSync(new URL('../dist/serve.json', import.meta.url), 'utf8'))
  const isFresh = stamps.every(([path, mtimeMs, size]) => {
    const now = statSync(new URL(`../${path}`, import.meta.url), { throwIfNoEntry: false })
    return now?.mtimeMs === mtimeMs && now.size === size
  })
  return isFresh ? built.href : sources
}

/** Compares major, then minor version with the oldest supported one. */
function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/** The Node that npm installed for this platform, or null. */
function bundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  for (const name of ['node', `node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const path = fileURLToPath(new URL(`../node_modules/${name}/bin/${executable}`, import.meta.url))
    // Starting the running Node again would go round for ever.
    if (existsSync(path) && realpathSync(path) !== realpathSync(process.execPath)) return path
  }
  return null
}

/** Runs this command in another Node, hands signals on to it, and ends as it ends. */
function startAgainWith(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    console.error(`lockstep could not start ${node}: ${error.message}`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => {
    // Shells report a death by signal as 128 plus its number.
    process.exitCode = signal === null ? code : 128 + constants.signals[signal]
  })
}
