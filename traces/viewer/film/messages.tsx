// The messages of a step in words; whichever is pointed at stands out in the diagram.
import { useMemo, useState } from 'preact/hooks'
import type { Film, Message } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
import { Sign, type SignName } from '../shared/sign.tsx'
import { fateMeanings } from './drawing.ts'

/** So many are listed at first; what did not simply arrive is always there. */
const mostListed = 24

export function Messages({
  messages,
  step,
  onPoint,
}: {
  readonly messages: readonly Message[]
  readonly step: number
  readonly onPoint: (message: Message | null) => void
}) {
  // Held as what they are about, so that they end with it although the elements are used again for the next step.
  const [shownAll, showAll] = useState<readonly Message[] | null>(null)
  const [opened, open] = useState<Message | null>(null)
  const all = shownAll === messages
  return useMemo(() => {
    if (messages.length === 0) return null
    const special = messages.filter(message => message.fate !== 'delivered')
    const room = Math.max(0, mostListed - special.length)
    let taken = 0
    const listed = all ? messages : messages.filter(message => message.fate !== 'delivered' || taken++ < room)
    return (
      <section class="message-list" aria-label="Messages">
        <h2>Messages</h2>
        <p class="soft">{counted(messages)}</p>
        <ul>
          {listed.map((message, place) => (
            <li key={place}>
              <MessageLine
                message={message}
                step={step}
                isOpen={message === opened}
                onOpen={isOpen => open(isOpen ? message : null)}
                onPoint={onPoint}
              />
            </li>
          ))}
        </ul>
        {listed.length < messages.length ? (
          <button type="button" onClick={() => showAll(messages)}>
            {messages.length - listed.length} more
          </button>
        ) : null}
      </section>
    )
  }, [messages, all, opened, step, onPoint])
}

/** By step: those that were sent, arrived or got lost in it. */
export function messagesByStep({ messages, steps }: Film): readonly (readonly Message[])[] {
  const byStep: Message[][] = steps.map(() => [])
  for (const message of messages) {
    byStep[message.sent.step]?.push(message)
    if (message.ended !== null && message.ended.step !== message.sent.step) byStep[message.ended.step]?.push(message)
  }
  return byStep
}

function MessageLine({
  message,
  step,
  isOpen,
  onOpen,
  onPoint,
}: {
  readonly message: Message
  readonly step: number
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
  readonly onPoint: (message: Message | null) => void
}) {
  const { kind, text, fate, sent, ended, value, why } = message
  const earlier = sent.step < step ? `, sent in step ${sent.step}` : ''
  const later = ended !== null && ended.step > step ? `, ends in step ${ended.step}` : ''
  const reason = why === null ? '' : `: ${why}`
  return (
    <>
      <button
        type="button"
        class={`line fold ${fate}`}
        aria-expanded={isOpen}
        onClick={() => onOpen(!isOpen)}
        onFocus={() => onPoint(message)}
        onBlur={() => onPoint(null)}
        onPointerEnter={() => onPoint(message)}
        onPointerLeave={() => onPoint(null)}
      >
        <span class="way">
          {message.from} → {message.to}
        </span>
        <span>
          <strong>{kind}</strong> {shortened(text, 200)}
          {earlier}
          {fate === 'delivered' ? null : (
            <span class={`fate ${fate}`}>
              {' '}
              <Sign name={signs[fate]} /> {`${fateMeanings[fate]}${reason}`}
            </span>
          )}
          {later}
        </span>
      </button>
      {isOpen ? <pre>{JSON.stringify(value, null, 2)}</pre> : null}
    </>
  )
}

const signs: Readonly<Record<Message['fate'], SignName>> = {
  delivered: 'arrowhead',
  refused: 'barred',
  lost: 'cross',
  late: 'hollow arrowhead',
  waiting: 'ring',
}

function counted(messages: readonly Message[]): string {
  const fates = Object.entries(fateMeanings).flatMap(([fate, meaning]) => {
    const count = messages.filter(message => message.fate === fate).length
    return count === 0 ? [] : [`${count} ${meaning}`]
  })
  return fates.join(', ')
}
