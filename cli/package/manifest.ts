// The package.json of the package: of ours it has what a user needs, and neither development dependencies nor the Nodes
// that `npm ci` brings to this folder.

/** What is read of the project's own package.json. */
export type ProjectManifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

/** Here `npm ci` brings a newer Node than the machine's own, so that our own package.json asks for less. */
export const engines = { node: '>=22.18' } as const

/** What a user installs beside it, if at all: the test runner, and the types that declarations of sockets refer to. */
const peers = { '@types/node': '>=22', vitest: '>=3.2' } as const

/** The entrances by what a user imports, as sources. */
export const entrances = {
  '.': 'library/kafka-lockstep.ts',
  './vitest': 'library/vitest.ts',
} as const

/**
 * The package.json. `imported` are the packages that the shipped code imports; each must be a dependency of the project, or
 * a peer. Throws when one is neither.
 */
export function manifestOf(project: ProjectManifest, imported: ReadonlySet<string>): object {
  const { name, version, description, license, dependencies } = project
  const needed = [...imported].filter(module => !Object.hasOwn(peers, module)).sort()
  const stray = needed.filter(module => dependencies[module] === undefined)
  if (stray.length > 0) {
    throw new Error(`the package would import ${stray.join(', ')}, and "dependencies" of package.json does not have it`)
  }
  const conditions = (path: string): object => ({
    types: `./${path.replace(/\.ts$/, '.d.ts')}`,
    default: `./${path.replace(/\.ts$/, '.js')}`,
  })
  return {
    name,
    version,
    description,
    license,
    keywords: ['kafka', 'property-based testing', 'specification', 'conformance', 'fault injection', 'vitest'],
    type: 'module',
    engines,
    bin: { lockstep: 'cli/lockstep.js' },
    exports: {
      ...Object.fromEntries(Object.entries(entrances).map(([from, path]) => [from, conditions(path)])),
      './package.json': './package.json',
    },
    dependencies: Object.fromEntries(needed.map(module => [module, dependencies[module]])),
    peerDependencies: peers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(peers).map(peer => [peer, { optional: true }])),
  }
}
