// How a page is steered from outside its parts: by its address, and by keys that work wherever the focus is.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** An address is written when somebody stays at a place: browsers refuse hundreds of changes in a row. */
const addressAfterMs = 150

/**
 * The address says what is selected, and selects. `link` is of what is selected, or null when there is nothing to link to;
 * `follow` takes an address' hash, and leaves everything as it is when that says nothing.
 */
export function useAddress(link: string | null, follow: (hash: string) => void): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      if (link !== null && location.hash !== link) history.replaceState(null, '', link)
    }, addressAfterMs)
    return () => clearTimeout(timer)
  }, [link])
  useLayoutEffect(() => {
    const changed = () => follow(location.hash)
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [follow])
}

/** What keys of a page do, besides those that every page has. */
export type Keys<Selection> = {
  readonly selection: Selection
  readonly select: (selection: Selection) => void
  /** Where a key leads from what is selected; null when it is not a key of the page. */
  readonly leads: (key: string, from: Selection) => Selection | null
  readonly zoomBy: (by: number) => void
  readonly showHelp: (shown: boolean) => void
  /** Those that belong to what scrolls, while the focus is on it. */
  readonly scrolling: RegExp
  /** When a key has selected something while the focus was on this. */
  readonly onLed?: (on: Element) => void
}

export function useKeys<Selection>(keys: Keys<Selection>): void {
  const now = useRef(keys)
  now.current = keys
  // Before the page is seen: whoever sees it may press a key.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
      const { selection, select, leads, zoomBy, showHelp, scrolling, onLed } = now.current
      const on = event.target instanceof Element ? event.target : document.body
      if (on.closest('dialog') !== null) return
      // A slider has its own keys, and what scrolls is scrolled.
      if (on instanceof HTMLInputElement && /^(Arrow|Page|Home|End)/.test(event.key)) return
      if (on.hasAttribute('data-scrolls') && scrolling.test(event.key)) return
      if (event.key === '?') showHelp(true)
      else if (event.key === '+' || event.key === '=') zoomBy(1)
      else if (event.key === '-') zoomBy(-1)
      else {
        const to = leads(event.key, selection)
        if (to === null) return
        // Keys that come before the page is drawn again count too.
        now.current = { ...now.current, selection: to }
        select(to)
        onLed?.(on)
      }
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
