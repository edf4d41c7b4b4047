// Subjects for the command line's own tests: one that agrees, and some that are wrong in ways that a user's may be.
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { scopes } from '../../properties/scopes.ts'
import type { Scopes, Side, Subject } from '../../properties/verdict.ts'

const right = scopes.partitioner.subject
type Apply = Side<'partitioner'>['apply']

/** The implementation with another `apply`. */
function altered(name: string, alter: (apply: Apply) => Apply): Subject<'partitioner'> {
  return {
    name,
    start: setup => {
      const side = right.start(setup)
      return { apply: alter(operation => side.apply(operation)), observe: () => side.observe() }
    },
  }
}

/** Takes the next partition for every record that has a key, and so breaks the promise of one partition for one key. */
export const wrong = altered('wrong', apply => operation => {
  const outcome = apply(operation)
  if (operation.kind !== 'choose' || operation.key === null || outcome.kind !== 'chosen') return outcome
  return { kind: 'chosen', partition: (outcome.partition + 1) % operation.partitionCount } satisfies Chosen
})
type Chosen = Scopes['partitioner']['outcome']

/** Throws at every new batch. */
export const throwing = altered('throwing', apply => operation => {
  if (operation.kind === 'newBatch') throw new Error('no batches here')
  return apply(operation)
})

/** Never answers. */
export const hanging = altered('hanging', () => () => {
  for (;;) {
    // Only the end of its thread ends this.
  }
})

/** Ends its thread, once: the first to make the file that LOCKSTEP_TEST_MARKER names. */
export const dyingOnce = altered('dying once', apply => operation => {
  const marker = process.env.LOCKSTEP_TEST_MARKER ?? ''
  if (!existsSync(marker)) {
    writeFileSync(marker, '')
    process.exit(1)
  }
  return apply(operation)
})

/** Prints where the last line of stdout should be. */
export const printing = altered('printing', apply => operation => {
  process.stdout.write('{"verdict":"mine"}\n')
  return apply(operation)
})

/** Puts a file where the folder is that LOCKSTEP_TEST_MARKER names. */
export const takingTheFolder = altered('taking the folder', apply => operation => {
  const marker = process.env.LOCKSTEP_TEST_MARKER ?? ''
  if (statSync(marker, { throwIfNoEntry: false })?.isDirectory() === true) {
    rmSync(marker, { recursive: true, force: true })
    writeFileSync(marker, '')
  }
  return apply(operation)
})

/** Not a subject. */
export const notASubject = 7
