// Shows progress and does not end at the first Ctrl-C; with `throws` as its argument it fails soon, as no command should.
import { listenForInterrupt } from '../interrupt.ts'
import { startProgress } from '../progress.ts'

listenForInterrupt().signal.addEventListener('abort', () => {
  interrupts = 1
})
let interrupts = 0
startProgress(() => ({ done: 0.5, parts: [{ text: `interrupted ${interrupts} times` }] }))
setTimeout(() => {
  if (process.argv[2] === 'throws') throw new Error('planted')
}, 500)
setTimeout(() => {}, 20_000)
