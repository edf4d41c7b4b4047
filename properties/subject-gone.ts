// A subject that is gone (its process died, hangs or talks nonsense) says nothing about the protocol: the verdict is
// `unknown`, not `violation`. It says so by throwing what is made here.

const goneName = 'SubjectGone'

/** What a broker did not answer so that it could be understood, although it is still there for others. */
export type Unanswered = { readonly api: string; readonly version: number }

/** What a subject throws when it can no longer answer; the sentence says what it last said. */
export function subjectGone(sentence: string, unanswered: Unanswered | null = null): Error {
  const error = new Error(sentence, { cause: unanswered })
  error.name = goneName
  return error
}

/** What the subject did not answer, if it is there otherwise. */
export function unansweredOf({ cause }: Error): Unanswered | null {
  const isOne = typeof cause === 'object' && cause !== null && 'api' in cause && 'version' in cause
  return isOne ? { api: String(cause.api), version: Number(cause.version) } : null
}

/** True for what `subjectGone` made, in this thread or another. */
export function isSubjectGone(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === goneName
}

const declinedName = 'SubjectDeclined'

/** What a subject throws from `start` that does not do this set-up: the run says nothing, and nobody is to blame. */
export function subjectDeclined(reason: string): Error {
  const error = new Error(reason)
  error.name = declinedName
  return error
}

/** True for what `subjectDeclined` made, in this thread or another. */
export function isSubjectDeclined(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name === declinedName
}
