// A subject that is gone (its process died, hangs or talks nonsense) says nothing about the protocol: the verdict is
// `unknown`, not `violation`. It says so by throwing what is made here.

const goneName = 'SubjectGone'

/** What a subject throws when it can no longer answer; the sentence says what it last said. */
export function subjectGone(sentence: string): Error {
  const error = new Error(sentence)
  error.name = goneName
  return error
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
