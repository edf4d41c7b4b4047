// A process that is asked in lines, without an event loop: `ask` waits for the answer, and no longer than it was told.
// Whatever else happens (it ends, hangs, says what cannot be read) is a sentence with what it last said.
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { subjectGone } from '../../subject-gone.ts'
import type { FromThread, LastWords, ThreadStart, ToThread } from './process-thread.ts'

/** A process that has been started. */
export class LineProcess {
  readonly #signal = new SharedArrayBuffer(4)
  readonly #counter = new Int32Array(this.#signal)
  readonly #port: MessagePort
  readonly #thread: Worker
  #lastLine = ''
  #last: LastWords | null = null

  /** Starts a command of the shell. Whether it runs is known with the first answer. */
  constructor(command: string) {
    const { port1, port2 } = new MessageChannel()
    const workerData: ThreadStart = { command, port: port2, signal: this.#signal }
    const file = new URL('./process-thread.ts', import.meta.url)
    this.#thread = new Worker(file, { workerData, transferList: [port2], execArgv: [] })
    this.#port = port1
    // Neither keeps a program running that has nothing else to do; its end ends the process, too.
    this.#thread.unref()
    this.#port.unref()
  }

  /** True when the command was not found or is no program; known after a failure. */
  get isMissing(): boolean {
    return this.#last?.isMissing === true
  }

  /** The answer to one line, at most `waitMs` later. Throws `SubjectGone`, and then the process is over. */
  ask(line: string, waitMs: number): string {
    if (this.#last !== null) throw subjectGone('its process is over')
    this.#send({ kind: 'ask', line })
    const said = this.#receive(waitMs)
    if (said === null) throw this.late(waitMs)
    switch (said.kind) {
      case 'line':
        this.#lastLine = said.text
        return said.text
      case 'early':
        throw this.gone(`it said something before it was asked: ${quoted(said.text)}`)
      case 'unreadable':
        throw this.gone(said.sentence)
      case 'ended':
      case 'closed':
        throw this.#died()
    }
  }

  /** Ends the process: its input is closed, and when that does not end it, it is killed. Null, or what it did wrong. */
  end(): string | null {
    const isNew = this.#last === null
    return isNew && this.#close().end === null ? 'it did not end when its input was closed, and was killed' : null
  }

  /** Ends the process because of what it did; gives what to throw. The sentence gets what it last said. */
  gone(sentence: string): Error {
    const { stderr } = this.#close()
    return subjectGone(`${sentence}${this.#lastSaid(stderr, sentence)}`)
  }

  /** Why there was no answer: what a process says when its input is closed tells some cases apart. */
  late(waitMs: number): Error {
    const { stderr, unread, unended } = this.#close()
    const limit = `within ${waitMs / 1000} s`
    if (unread[0] !== undefined) {
      return subjectGone(
        `it did not answer ${limit}, but when its input was closed: flush its output after every line, or give it more time; it said ${quoted(unread[0])}`,
      )
    }
    if (unended !== '') {
      return subjectGone(`it did not end its answer with a new line ${limit}: ${quoted(unended)}`)
    }
    return subjectGone(`it did not answer ${limit}${this.#lastSaid(stderr)}`)
  }

  #died(): Error {
    const { end, stderr, unended, isMissing } = this.#close()
    if (isMissing) return subjectGone(`the command cannot be run: it ${end}${lastOf('', stderr)}`)
    const half = unended === '' ? '' : `, in the middle of ${quoted(unended)}`
    return subjectGone(`it ${end}${half}${this.#lastSaid(stderr)}`)
  }

  #close(): LastWords {
    if (this.#last !== null) return this.#last
    this.#send({ kind: 'close' })
    // An answer may still come before.
    let said = this.#receive(closeMs)
    while (said !== null && said.kind !== 'closed') said = this.#receive(closeMs)
    this.#last = said ?? { end: null, stderr: '', unread: [], unended: '', isMissing: false }
    if (said === null) void this.#thread.terminate()
    this.#port.close()
    return this.#last
  }

  /** Nothing twice: the sentence may have quoted the last line already. */
  #lastSaid(stderr: string, sentence = ''): string {
    const isTold = this.#lastLine !== '' && sentence.includes(quoted(this.#lastLine))
    return lastOf(isTold ? '' : this.#lastLine, stderr, isTold)
  }

  #send(message: ToThread): void {
    this.#port.postMessage(message)
  }

  #receive(waitMs: number): FromThread | null {
    const until = performance.now() + waitMs
    for (;;) {
      const count = Atomics.load(this.#counter, 0)
      const received: { message: FromThread } | undefined = receiveMessageOnPort(this.#port)
      if (received !== undefined) return received.message
      const left = until - performance.now()
      if (left <= 0) return null
      Atomics.wait(this.#counter, 0, count, left)
    }
  }
}

/** The thread waits for a second, and a little for what is still under way. */
const closeMs = 5000
const quotedMost = 80

/** What it said last on both streams, as the end of a sentence. */
function lastOf(line: string, stderr: string, saidMore = false): string {
  const complaint = lastLineOf(stderr)
  // The error first: sentences are cut when they are long.
  return (
    (complaint === '' ? '' : `; last on stderr: ${quoted(complaint)}`) +
    (line === '' ? '' : `; last on stdout: ${quoted(line)}`) +
    (line === '' && complaint === '' && !saidMore ? '; it said nothing' : '')
  )
}

/** The line that names the error, where runtimes say more after it; else the last one. */
function lastLineOf(text: string): string {
  const lines = text.trimEnd().split('\n')
  const named = lines.findLast(line => /(Error|Exception)\b.*:|^(panic|fatal|error)\b/.test(line))
  return (named ?? lines.at(-1) ?? '').trim()
}

/** A piece of what somebody said, on one line. */
export function quoted(text: string): string {
  const plain = JSON.stringify(text.slice(0, quotedMost)).slice(1, -1).replaceAll('\\"', '"')
  return `«${plain}${text.length > quotedMost ? '…' : ''}»`
}
