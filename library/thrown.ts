// A subject that remembers what it threw: a verdict has its first line only, and whoever wrote the subject wants its stack.
import { isSubjectDeclined, isSubjectGone } from '../properties/subject-gone.ts'
import type { ScopeName, Subject } from '../properties/verdict.ts'

/** The subject, and what its last run threw; null when it did not. */
export type Remembering<S extends ScopeName> = Subject<S> & { readonly lastThrown: () => Error | null }

/** Wraps a subject. What it throws is thrown on. */
export function remembering<S extends ScopeName>(subject: Subject<S>): Remembering<S> {
  let last: Error | null = null
  const noted = <T>(ask: () => T): T => {
    try {
      return ask()
    } catch (thrown) {
      // These are answers that somebody chose to give, and have no stack that says more.
      const isChosen = isSubjectGone(thrown) || isSubjectDeclined(thrown)
      if (thrown instanceof Error && !isChosen) last = thrown
      throw thrown
    }
  }
  return {
    ...subject,
    start: setup => {
      last = null
      const side = noted(() => subject.start(setup))
      return {
        apply: operation => noted(() => side.apply(operation)),
        observe: () => noted(() => side.observe()),
        hasDeclined: () => noted(() => side.hasDeclined?.() === true),
      }
    },
    lastThrown: () => last,
  }
}
