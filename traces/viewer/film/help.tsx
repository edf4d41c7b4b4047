// Which keys there are.
import { HelpDialog } from '../shared/help.tsx'

const keys: readonly (readonly [string, string])[] = [
  ['→ ↓ j n', 'next step'],
  ['← ↑ k p', 'previous step'],
  ['PgUp PgDn', 'ten steps'],
  ['Home End', 'first and last step'],
  ['d', 'where the sides part'],
  ['+ −', 'wider and narrower columns'],
  ['Tab', 'to the next list, log or button; ↑ ↓ scroll what they are on'],
  ['?', 'this help; Esc closes it'],
]

export function Help({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const after = 'A link with #step=7 opens this page at step 7. The print view has the selected step.'
  return <HelpDialog name="Keys" {...{ keys, isOpen, onClose, after }} />
}
