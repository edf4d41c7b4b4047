// Everything that was observed, as a tree with a column for each side; closed but for the ways to what differs.
import { useState } from 'preact/hooks'
import type { Json } from '../../film/film.ts'
import { shortened } from '../shared/legible.ts'
import { Sign } from '../shared/sign.tsx'
import { type Branch, branchesBelow, brief, hasBranches } from './layout/differences.ts'

/** So many branches of one place are shown until somebody asks for more. */
const mostBranches = 100

export function Tree({
  model,
  subject,
  differing,
}: {
  readonly model: Json
  /** `undefined`: there is one side only, or both show the same. */
  readonly subject: Json | undefined
  readonly differing: readonly string[]
}) {
  return (
    <div class={subject === undefined ? 'tree' : 'tree two'}>
      <Branches depth={0} path="" model={model} subject={subject} differing={differing} two={subject !== undefined} />
    </div>
  )
}

type Below = {
  readonly depth: number
  readonly path: string
  readonly model: Json | undefined
  readonly subject: Json | undefined
  readonly differing: readonly string[]
  readonly two: boolean
}

function Branches({ depth, path, model, subject, differing, two }: Below) {
  const [all, showAll] = useState(false)
  const branches = branchesBelow(path, model, subject, differing)
  const shown = all ? branches : branches.filter((branch, index) => index < mostBranches || branch.leadsToDifference)
  return (
    <ul>
      {shown.map(branch => (
        <BranchRow key={branch.path} depth={depth} branch={branch} differing={differing} two={two} />
      ))}
      {shown.length < branches.length ? (
        <li>
          <button type="button" onClick={() => showAll(true)}>
            {branches.length - shown.length} more
          </button>
        </li>
      ) : null}
    </ul>
  )
}

function BranchRow({
  depth,
  branch,
  differing,
  two,
}: {
  readonly depth: number
  readonly branch: Branch
  readonly differing: readonly string[]
  readonly two: boolean
}) {
  const { path, name, model, subject, differs, leadsToDifference } = branch
  const [isOpen, open] = useState(leadsToDifference)
  const isSame = !differs && !leadsToDifference
  const row = (
    <>
      <span class="name" style={{ paddingLeft: `${depth}rem` }}>
        {hasBranches(model) || hasBranches(subject) ? <Sign name={isOpen ? 'open' : 'closed'} /> : null}{' '}
        {differs ? <span class="unequal">≠ </span> : null}
        {name}
      </span>
      <Side value={model} isOpen={isOpen} />
      {two ? isSame ? <span class="soft">same</span> : <Side value={subject} isOpen={isOpen} /> : null}
    </>
  )
  const classes = differs ? 'row differs' : 'row'
  if (!hasBranches(model) && !hasBranches(subject)) {
    return (
      <li>
        <div class={classes}>{row}</div>
      </li>
    )
  }
  return (
    <li>
      <button type="button" class={`${classes} fold`} aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        {row}
      </button>
      {isOpen ? (
        <Branches depth={depth + 1} path={path} model={model} subject={subject} differing={differing} two={two} />
      ) : null}
    </li>
  )
}

function Side({ value, isOpen }: { readonly value: Json | undefined; readonly isOpen: boolean }) {
  if (isOpen && hasBranches(value)) return <span class="soft">{Array.isArray(value) ? '[ ]' : '{ }'}</span>
  const text = brief(value)
  return (
    <span
      class={value === undefined ? 'soft' : undefined}
      title={text.length > 120 ? shortened(text, 2000) : undefined}
    >
      {shortened(text, 120)}
    </span>
  )
}
