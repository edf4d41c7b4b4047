// Dark or light: as the system says, until somebody says otherwise with this button.
import { useLayoutEffect, useState } from 'preact/hooks'
import { Sign, type SignName } from './sign.tsx'

type Scheme = 'system' | 'light' | 'dark'

const next: Readonly<Record<Scheme, Scheme>> = { system: 'dark', dark: 'light', light: 'system' }
const signs: Readonly<Record<Scheme, SignName>> = { system: 'half', dark: 'moon', light: 'sun' }
const storedAs = 'kafka-lockstep-scheme'

export function SchemeButton() {
  const [scheme, choose] = useState<Scheme>(stored)
  useLayoutEffect(() => {
    if (scheme === 'system') delete document.documentElement.dataset.scheme
    else document.documentElement.dataset.scheme = scheme
    store(scheme)
  }, [scheme])
  const name = `Colours: ${scheme}`
  return (
    <button type="button" class="icon" title={name} aria-label={name} onClick={() => choose(next[scheme])}>
      <Sign name={signs[scheme]} />
    </button>
  )
}

// A page from a disk may be refused its storage; then the choice lasts as long as the page.
function stored(): Scheme {
  try {
    const value = localStorage.getItem(storedAs)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

function store(scheme: Scheme): void {
  try {
    if (scheme === 'system') localStorage.removeItem(storedAs)
    else localStorage.setItem(storedAs, scheme)
  } catch {
    // Nothing depends on it.
  }
}
