// Which keys there are.
import { useEffect, useRef } from 'preact/hooks'

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
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} aria-label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map(one => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">A link with #step=7 opens this page at step 7. The print view has the selected step.</p>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </dialog>
  )
}
