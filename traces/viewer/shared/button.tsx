// A button that is a sign: its name for who hears it, with the keys that do the same for who points at it.
import { Sign, type SignName } from './sign.tsx'

type Props = {
  readonly name: string
  readonly keys: string
  readonly sign: SignName
  readonly isOff: boolean
  /** A small screen has no room for it. */
  readonly isEnd?: boolean
  readonly onClick: () => void
}

export function Button({ name, keys, sign, isOff, isEnd = false, onClick }: Props) {
  return (
    <button
      type="button"
      class={isEnd ? 'ends' : undefined}
      disabled={isOff}
      onClick={onClick}
      aria-label={name}
      title={`${name} (${keys})`}
    >
      <Sign name={sign} />
    </button>
  )
}
