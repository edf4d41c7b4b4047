// Parts of the page that nobody sees at the moment: they follow the selected step when the browser has nothing else to do, so
// that what is in sight is drawn within the frame of the click. Nothing waits long, since screen readers read them too.
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** What is so near to the screen that the next turn of a wheel shows it. */
const nearness = '200px'
/** In milliseconds: the latest, on a page that is never idle, and how long to wait where a browser does not say when it is. */
const latest = 200
const soon = 50

/** Draws its children at once while they are in sight, and a moment later otherwise. */
export function OutOfSight({ children }: { readonly children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  // Until the browser says otherwise.
  const isInSight = useRef(true)
  const drawn = useRef(children)
  const newest = useRef(children)
  const [, draw] = useState(0)
  newest.current = children
  if (isInSight.current) drawn.current = children
  const isLate = drawn.current !== children
  const catchUp = (): void => {
    if (drawn.current === newest.current) return
    drawn.current = newest.current
    draw(count => count + 1)
  }
  useEffect(() => {
    if (place.current === null) return
    const observer = new IntersectionObserver(
      entries => {
        isInSight.current = entries.at(-1)?.isIntersecting ?? true
        if (isInSight.current) catchUp()
      },
      { rootMargin: nearness },
    )
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => (isLate ? whenIdle(catchUp) : undefined), [children, isLate])
  return (
    <div ref={place} aria-busy={isLate ? true : undefined}>
      {drawn.current}
    </div>
  )
}

/** Returns what calls it off. */
function whenIdle(then: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(then, soon)
    return () => clearTimeout(timer)
  }
  const asked = requestIdleCallback(then, { timeout: latest })
  return () => cancelIdleCallback(asked)
}
