// The traces that somebody keeps beside a test: whatever once failed is tried again before anything new is.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationOf, Run } from '../properties/scope.ts'
import type { ScopeName } from '../properties/verdict.ts'
import { readAnyTrace } from '../traces/read.ts'

/** One trace of a scope, with where it lies. */
export type Kept<S extends ScopeName> = Run<S> & { readonly path: string }

/**
 * The traces of a scope in a folder, by their names; none when there is no such folder. Throws `TraceError` when a `.json`
 * file there is no trace: a trace that is skipped in silence would guard nothing.
 */
export function keptTraces<S extends ScopeName>(folder: string, scope: S): readonly Kept<S>[] {
  return filesIn(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .flatMap(name => {
      const path = join(folder, name)
      const trace = readAnyTrace(path)
      if (trace.scope !== scope) return []
      // The schema of this scope has just accepted both.
      const operations = trace.operations as readonly OperationOf<S>[]
      const setup = trace.setup as Run<S>['setup']
      return [{ path, setup, operations }]
    })
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return []
    throw new Error(`the traces in ${folder} cannot be read: ${String(code ?? error)}. Give a folder as corpus.`)
  }
}
