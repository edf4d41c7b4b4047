// Who is up, and what there is to say of each: a small card for every lane that shows something.
import { useMemo } from 'preact/hooks'
import type { Film, Lane, NodeScene } from '../../film/film.ts'
import { Sign, type SignName } from '../shared/sign.tsx'
import { Facts } from './facts.tsx'
import { alike, type Sides } from './layout/partitions.ts'
import { nodeIn } from './layout/scenes.ts'

export function Nodes({
  film,
  sides,
  subjectName,
}: {
  readonly film: Film
  readonly sides: Sides
  readonly subjectName: string
}) {
  const { model, subject, before } = sides
  const shown = film.lanes.filter(({ name }) => nodeIn(model, name) !== null || nodeIn(subject, name) !== null)
  if (shown.length === 0 && model.cuts.length === 0) return null
  return (
    <section class="nodes" aria-label="Nodes">
      <h2>Nodes</h2>
      {model.cuts.length === 0 ? null : (
        <p class="cuts">Cut: {model.cuts.map(cut => cut.replace('>', ' → ')).join(', ')}</p>
      )}
      <div class="cards">
        {shown.map(({ name, kind }) => (
          <Card
            key={name}
            name={name}
            kind={kind}
            ours={nodeIn(model, name)}
            theirs={nodeIn(subject, name)}
            before={nodeIn(before, name)}
            compares={subject !== null}
            subjectName={subjectName}
          />
        ))}
      </div>
    </section>
  )
}

function Card({
  name,
  kind,
  ours,
  theirs,
  before,
  compares,
  subjectName,
}: Lane & {
  readonly ours: NodeScene | null
  readonly theirs: NodeScene | null
  readonly before: NodeScene | null
  readonly compares: boolean
  readonly subjectName: string
}) {
  return useMemo(
    () => {
      // Logs are compared where logs are shown.
      const differs = compares && !(ours?.status === theirs?.status && alike(ours?.facts, theirs?.facts))
      return (
        <div class={differs ? 'card differs' : 'card'}>
          <h3>
            {name} <small class="soft">{kind}</small>
          </h3>
          <Node node={ours} before={before} other={differs ? theirs : null} />
          {differs ? (
            <>
              <em>≠ {subjectName}</em>
              <Node node={theirs} before={theirs} other={ours} />
            </>
          ) : null}
        </div>
      )
    },
    // Not the nodes themselves: their logs change more often.
    [name, kind, compares, subjectName, ...[ours, theirs, before].flatMap(node => [node?.status, node?.facts])],
  )
}

function Node({
  node,
  before,
  other,
}: {
  readonly node: NodeScene | null
  readonly before: NodeScene | null
  readonly other: NodeScene | null
}) {
  if (node === null) return <p class="soft">shows nothing</p>
  return (
    <>
      <span class={`status ${node.status}${before !== null && before.status !== node.status ? ' changed' : ''}`}>
        <Sign name={signs[node.status]} /> {node.status}
      </span>
      <Facts facts={node.facts} before={before?.facts ?? null} other={other?.facts ?? null} />
    </>
  )
}

const signs: Readonly<Record<NodeScene['status'], SignName>> = {
  up: 'up',
  fenced: 'half',
  paused: 'pause',
  down: 'cross',
}
