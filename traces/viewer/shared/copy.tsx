// A line that one copies with one click. Where the browser gives no clipboard the line is selected, for the reader's own keys.
import { useRef, useState } from 'preact/hooks'
import { legibleText } from './legible.ts'

/** `text` is copied just as it is; what is shown has signs for what cannot be seen. */
export function CopyLine({ text, name }: { readonly text: string; readonly name: string }) {
  const line = useRef<HTMLElement>(null)
  const [said, say] = useState('')
  const copy = async () => {
    say((await copied(text)) ? 'Copied' : selected(line.current))
  }
  return (
    <div class="copy">
      <code ref={line}>{legibleText(text)}</code>
      <button type="button" onClick={copy} aria-label={`Copy ${name}`}>
        Copy
      </button>
      <span role="status">{said}</span>
    </div>
  )
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function selected(line: HTMLElement | null): string {
  if (line === null) return ''
  getSelection()?.selectAllChildren(line)
  return 'Selected: copy it with Ctrl+C or ⌘C'
}
