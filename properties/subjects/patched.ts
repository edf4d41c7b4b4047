// Loads the implementation a second time, with a bug planted. A hook adds a query to the address of every module that a
// patched one imports, so that a whole patched copy of the modules stands beside the clean one, and patches the texts.
import { registerHooks } from 'node:module'
import type { ScopeName, Scopes, Side, Subject } from '../verdict.ts'
import type { Patch, PlantedBug } from '../zoo/planted-bug.ts'

const root = new URL('../../', import.meta.url).href
/** In the package the files are JavaScript: the same texts, with their types blanked out. */
const extension = import.meta.url.endsWith('.js') ? '.js' : '.ts'
/** Patches by a name. */
export type NamedPatches = Pick<PlantedBug, 'name' | 'patches'>

const bugs = new Map<string, NamedPatches>()
/** Files of a bug that were patched, as `bug file`; a patch for a file that nobody loads would plant nothing. */
const applied = new Set<string>()

/** Where each scope's subject is made. */
const starters: { readonly [S in ScopeName]: readonly [module: string, name: string] } = {
  log: ['properties/subjects/log.ts', 'startLogSubject'],
  partitioner: ['properties/subjects/choosing.ts', 'startPartitionerSubject'],
  assignor: ['properties/subjects/choosing.ts', 'startAssignorSubject'],
  producer: ['properties/subjects/producer.ts', 'startProducerSubject'],
  group: ['properties/subjects/group.ts', 'startGroupSubject'],
  cluster: ['properties/subjects/cluster.ts', 'startClusterSubject'],
}

/** Where the subject is made whose messages are bytes. */
const wireStarter = ['properties/subjects/cluster.ts', 'startClusterWireSubject'] as const

/**
 * The subject of a scope with a bug in it; on the `wire`, and always for a bug of the wire, its messages are bytes, for
 * which the scope must be `cluster`. Throws when a patch does not fit, or patches nothing that is loaded.
 */
export async function loadPatched<S extends ScopeName>(bug: PlantedBug, scope: S, wire = false): Promise<Subject<S>> {
  const [file, name] = wire || bug.wire === true ? wireStarter : starters[scope]
  const start = await exportOfPatched(bug, file, name, `in scope ${scope} `)
  if (!isStarter<S>(start)) throw new Error(`${file} has no function ${name}`)
  return { name: bug.name, start }
}

/** What a module exports when a file that it loads is patched: of this project, `impl/` or not. Throws likewise. */
export async function exportOfPatched(bug: NamedPatches, file: string, name: string, who = ''): Promise<unknown> {
  if (bugs.size === 0) registerHooks({ resolve, load })
  bugs.set(bug.name, bug)
  const module = await importNatively(`${root}${file.replace(/\.ts$/, extension)}?bug=${bug.name}`)
  for (const { file: patched } of bug.patches) {
    if (!applied.has(`${bug.name} ${patched}`)) throw new Error(`${bug.name}: nobody ${who}loads ${patched}`)
  }
  return typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined
}

/** Imports by Node's own loader also inside a test runner that has another one: modules from `data:` are not its. */
async function importNatively(url: string): Promise<unknown> {
  const loader = 'data:text/javascript,export const load = url => import(url)'
  const { load }: { load: (url: string) => Promise<unknown> } = await import(/* @vite-ignore */ loader)
  return load(url)
}

type Start<S extends ScopeName> = (setup: Scopes[S]['setup']) => Side<S>

function isStarter<S extends ScopeName>(value: unknown): value is Start<S> {
  return typeof value === 'function'
}

type Hooks = Parameters<typeof registerHooks>[0]
type Resolve = NonNullable<Hooks['resolve']>
type Load = NonNullable<Hooks['load']>

const resolve: Resolve = (specifier, context, next) => {
  const resolved = next(specifier, context)
  const bug = context.parentURL === undefined ? null : bugOf(context.parentURL)
  // The package itself lies in a folder of that name.
  const isOurs = resolved.url.startsWith(root) && !resolved.url.slice(root.length).startsWith('node_modules/')
  return bug === null || !isOurs ? resolved : { ...resolved, url: `${resolved.url}?bug=${bug.name}` }
}

const load: Load = (url, context, next) => {
  const loaded = next(url, context)
  const bug = bugOf(url)
  if (bug === null || loaded.source === undefined || loaded.source === null) return loaded
  const file = (url.slice(root.length).split('?', 1)[0] ?? '').replace(/\.js$/, '.ts')
  const patches = bug.patches.filter(patch => patch.file === file)
  if (patches.length === 0) return loaded
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
  const text = patchedText(source, patches)
  applied.add(`${bug.name} ${file}`)
  return { ...loaded, source: text }
}

/**
 * The source of a file with its patches applied, one after the other. Throws when a text is not there exactly once: the
 * patch is out of date.
 */
export function patchedText(source: string, patches: readonly Patch[]): string {
  return patches.reduce((text, { file, find, replace }) => {
    const parts = text.split(find)
    if (parts.length !== 2) {
      throw new Error(`${file} has ${parts.length - 1} times, not once, what the patch looks for: ${find}`)
    }
    return parts.join(replace)
  }, source)
}

function bugOf(url: string): NamedPatches | null {
  if (!url.startsWith(root)) return null
  return bugs.get(new URL(url).searchParams.get('bug') ?? '') ?? null
}
