// What a step shows of each partition: who leads it, and every replica's log, with what it was before and what the other side
// has.
import type { Film, LogScene, PartitionScene, Scene, Step } from '../../../film/film.ts'
import { nodeIn } from './scenes.ts'
import type { Row } from './strips.ts'

/** A step's two sides and what was before. `subject` only when it shows something else than the model. */
export type Sides = {
  readonly model: Scene
  readonly subject: Scene | null
  readonly before: Scene | null
  readonly subjectBefore: Scene | null
}

export type StripRow = Row & {
  readonly lane: string
  /** Null: both sides are alike, or there is only one. */
  readonly side: 'model' | 'subject' | null
}

export type PartitionPanel = {
  readonly title: string
  readonly model: PartitionScene | null
  readonly before: PartitionScene | null
  /** Only when it differs. */
  readonly subject: PartitionScene | null
  readonly rows: readonly StripRow[]
  /** Something of it is not as it was before the step. */
  readonly changed: boolean
  readonly differs: boolean
}

export function sidesOf(film: Film, index: number): Sides | null {
  const step = film.steps[index]
  if (step === undefined) return null
  const earlier = film.steps[index - 1]
  return {
    model: step.model,
    subject: shownSubject(step),
    before: earlier?.model ?? null,
    subjectBefore: earlier === undefined ? null : (shownSubject(earlier) ?? earlier.model),
  }
}

/** Panels of all partitions and other logs, by the order in which the model names them. */
export function partitionPanels(
  film: Film,
  { model, subject, before, subjectBefore }: Sides,
): readonly PartitionPanel[] {
  const scenes = [model, subject, before].filter(scene => scene !== null)
  const titles = new Set(scenes.flatMap(scene => scene.partitions.map(partition => partition.title)))
  for (const scene of scenes) {
    for (const { name } of film.lanes) for (const log of nodeIn(scene, name)?.logs ?? []) titles.add(log.title)
  }
  return [...titles].map(title => {
    const partition = find(model.partitions, title)
    const partitionBefore = find(before?.partitions ?? [], title)
    const partitionOfSubject = subject === null ? partition : find(subject.partitions, title)
    const partitionDiffers = subject !== null && !alike(partition, partitionOfSubject)
    const rows = film.lanes.flatMap(({ name }) =>
      rowsOfLane(name, find(nodeIn(model, name)?.logs ?? [], title), find(nodeIn(before, name)?.logs ?? [], title), {
        compares: subject !== null,
        log: find(nodeIn(subject, name)?.logs ?? [], title),
        before: find(nodeIn(subjectBefore, name)?.logs ?? [], title),
      }),
    )
    return {
      title,
      model: partition,
      before: partitionBefore,
      subject: partitionDiffers ? partitionOfSubject : null,
      rows,
      changed: !alike(partition, partitionBefore) || rows.some(row => !alike(row.log, row.before)),
      differs: partitionDiffers || rows.some(row => row.side !== null),
    }
  })
}

/** Whether two parts of a film say the same. Equal parts of one side are the same objects; of two sides they may not be. */
export function alike(one: unknown, another: unknown): boolean {
  if (one === another) return true
  if (typeof one !== 'object' || typeof another !== 'object' || one === null || another === null) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(another).length) return false
  return names.every(name => Object.hasOwn(another, name) && alike(held(one, name), held(another, name)))
}

function held(value: object, name: string): unknown {
  return Reflect.get(value, name)
}

function shownSubject({ subject }: Step): Scene | null {
  return subject === 'same' ? null : subject
}

function rowsOfLane(
  lane: string,
  log: LogScene | null,
  before: LogScene | null,
  subject: { readonly compares: boolean; readonly log: LogScene | null; readonly before: LogScene | null },
): readonly StripRow[] {
  const differs = subject.compares && !alike(log, subject.log)
  if (differs) {
    return [
      { lane, side: 'model', log, before, other: subject.log },
      { lane, side: 'subject', log: subject.log, before: subject.before, other: log },
    ]
  }
  return log === null && before === null ? [] : [{ lane, side: null, log, before, other: 'alike' }]
}

function find<Titled extends { readonly title: string }>(all: readonly Titled[], title: string): Titled | null {
  return all.find(one => one.title === title) ?? null
}
