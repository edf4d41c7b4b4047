// What is chosen is brought into sight when it changes, and again when the room that it is seen in does.
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** `bring` scrolls the view to what is chosen; `parts` are what that depends on. */
export function useInSight(view: RefObject<HTMLElement | null>, bring: () => void, parts: readonly unknown[]): void {
  const now = useRef(bring)
  now.current = bring
  useLayoutEffect(() => now.current(), [...parts])
  useEffect(() => {
    if (view.current === null) return
    const observer = new ResizeObserver(() => now.current())
    observer.observe(view.current)
    return () => observer.disconnect()
  }, [view])
}
