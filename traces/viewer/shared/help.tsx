// The dialog that says which keys there are.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Props = {
  /** What screen readers call it. */
  readonly name: string
  /** Keys, parted by spaces, and what they do. */
  readonly keys: readonly (readonly [keys: string, does: string])[]
  readonly isOpen: boolean
  readonly onClose: () => void
  /** Above the keys. */
  readonly before?: ComponentChildren
  /** Below them. */
  readonly after: string
}

export function HelpDialog({ name, keys, isOpen, onClose, before, after }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} aria-label={name} onClose={onClose}>
      {before}
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
      <p class="soft">{after}</p>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </dialog>
  )
}
