// Which keys there are, and how to read the picture.
import { HelpDialog } from '../shared/help.tsx'

const keys: readonly (readonly [string, string])[] = [
  ['→ j n', 'next operation'],
  ['← k p', 'previous operation'],
  ['PgUp PgDn', 'ten operations'],
  ['Home End', 'first and last operation'],
  ['a A', 'next and previous anomaly'],
  ['Esc', 'no anomaly'],
  ['+ −', 'nearer and farther, around the operation'],
  ['Tab', 'to the next list or button'],
  ['?', 'this help; Esc closes it'],
]

export function Help({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const before = (
    <>
      <h2>How to read it</h2>
      <p>
        A mark stands where its operation ended, at the offsets of which it speaks; a thin line goes back to where it
        started, a thick one covers all its offsets. Thin slanting lines follow each consumer. Below the axis stand
        sends of which nobody knows an offset. A round sign marks an anomaly: a cross what the settings forbid, a tick
        what they allow, a question mark what they leave open.
      </p>
    </>
  )
  const after =
    'A link with #step=16 opens this page at the operation of line 16, one with #anomaly=3 at the third anomaly.'
  return <HelpDialog name="Help" {...{ keys, isOpen, onClose, before, after }} />
}
