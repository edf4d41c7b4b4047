// Ctrl-C: the first one asks to stop with what there is, the second one ends the program as usual.
import { wipe } from './screen.ts'

/** An abort signal that the first SIGINT or SIGTERM fires, until `stop` gives the signals back. */
export function listenForInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController()
  const stop = (): void => {
    for (const name of signals) process.off(name, onSignal)
  }
  const onSignal = (name: NodeJS.Signals): void => {
    // The second one ends the program at once, so the line that is drawn has to go now.
    wipe()
    if (controller.signal.aborted) {
      stop()
      process.kill(process.pid, name)
    }
    controller.abort()
  }
  for (const name of signals) process.on(name, onSignal)
  return { signal: controller.signal, stop }
}

const signals = ['SIGINT', 'SIGTERM'] as const

/** Lets signals and timers have their turn in the middle of long work. */
export function turn(): Promise<void> {
  return new Promise(done => setImmediate(done))
}
