// Who is up, and what there is to say of each: a small card for every lane that shows something.
import type { Film, NodeScene } from '../../film/film.ts'
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
        {shown.map(({ name, kind }) => {
          const [ours, theirs] = [nodeIn(model, name), nodeIn(subject, name)]
          // Logs are compared where logs are shown.
          const differs = subject !== null && !(ours?.status === theirs?.status && alike(ours?.facts, theirs?.facts))
          return (
            <div key={name} class={differs ? 'card differs' : 'card'}>
              <h3>
                {name} <small class="soft">{kind}</small>
              </h3>
              <Node node={ours} before={nodeIn(before, name)} other={differs ? theirs : null} />
              {differs ? (
                <>
                  <em>≠ {subjectName}</em>
                  <Node node={theirs} before={theirs} other={ours} />
                </>
              ) : null}
            </div>
          )
        })}
      </div>
    </section>
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
