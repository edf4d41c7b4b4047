// A run as a picture needs it: plain data that says what there is to draw and to read, after every step. `traces/film/` makes
// it of a trace, a counter-example or a story; `traces/viewer/` draws it, and knows nothing of scopes or of Kafka's rules.
//
// Types only. Values are JSON, and equal parts of one film are the same objects, which `packed.ts` stores once.

/** Any value that JSON has. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

export type Film = {
  readonly format: 'kafka-lockstep-film'
  readonly version: 1
  /** Scope of the trace: `cluster`, `log`, `group`, …, `service`, `abstract`. */
  readonly scope: string
  /** What the user calls it: a trace's file name, a story's. */
  readonly name: string
  /** The trace's sentence for people. */
  readonly note: string | null
  /** `seed 41207, run 318`; null when nobody says. */
  readonly origin: string | null
  /** What runs beside the model. Null: there is one side only (an abstract specification). */
  readonly subject: string | null
  /** The set-up, as `name value` pairs for people. */
  readonly setup: readonly Fact[]
  readonly verdict: FilmVerdict
  /** The command line that runs it again, or null when nothing can. */
  readonly replay: string | null
  /** From top to bottom, or from left to right. */
  readonly lanes: readonly Lane[]
  /** `steps[0]` is the start; `steps[n]` is what there is after operation n, counted from 1 as texts and links do. */
  readonly steps: readonly Step[]
  /** By the moment of sending. */
  readonly messages: readonly Message[]
}

export type Fact = { readonly name: string; readonly value: string }

export type FilmVerdict = {
  readonly kind: 'agree' | 'violation' | 'unknown'
  /** `L1 acknowledged means kept`; of an agreement `the sides agree after 7 operations`. */
  readonly title: string
  /** What was seen; empty when the title says all. */
  readonly sentence: string
  /** The settings under which the claim holds, as `name=value`. */
  readonly settings: readonly string[]
  /** The step at which the sides part or the claim breaks, counted from 1; null when they agree, or nobody knows. */
  readonly step: number | null
}

/** A horizontal line of the diagram: something that acts. */
export type Lane = {
  /** `b1`, `ctl`, `p1`; unique. */
  readonly name: string
  readonly kind: 'controller' | 'broker' | 'producer' | 'consumer' | 'client' | 'component'
}

/**
 * A point in time. Between the start of a step and its end there are `moments` of its own, one for each message that it
 * delivers (a `settle` delivers many); `moment` counts them from 0 and is less than the step's `moments`.
 */
export type Moment = { readonly step: number; readonly moment: number }

export type Step = {
  /** One line: the operation; `start` for the first. */
  readonly operation: string
  /** What it did, on the model's side, a line each. */
  readonly did: readonly string[]
  /** What a story says before it. */
  readonly comment: string | null
  /** How many moments it has: at least 1. */
  readonly moments: number
  readonly marks: readonly Mark[]
  /** What the model shows after it (or the only side). */
  readonly model: Scene
  /** What the subject shows: `same` while it shows just what the model does; null when it shows nothing (it threw, or cannot be seen into). */
  readonly subject: Scene | 'same' | null
  /** Answers of the operation itself. `subject` null when it gave none. Of a live broker `model` lists all that are allowed. */
  readonly outcome: { readonly model: Json; readonly subject: Json }
  /** Fields on which the two sides differ, as paths into `raw` (`brokers.b1.replicas[0].logEndOffset`) or `outcome…`. */
  readonly differences: readonly FilmDifference[]
}

/** A missing side is absent. */
export type FilmDifference = { readonly path: string; readonly model?: Json; readonly subject?: Json }

/** Something that happens on a lane. */
export type Mark = {
  readonly lane: string
  readonly at: Moment
  readonly kind: MarkKind
  /** `crashes; its unsynced tail is torn`. */
  readonly text: string
}

export type MarkKind = 'crash' | 'restart' | 'pause' | 'resume' | 'cut' | 'heal' | 'disk' | 'time' | 'election' | 'act'

export type Message = {
  readonly from: string
  readonly to: string
  /** Its kind, in Kafka's word: `Fetch`, `ProduceResponse`. */
  readonly kind: string
  /** A few words that tell it from others of its kind: `t/0 from 3, epoch 1`. */
  readonly text: string
  readonly value: Json
  readonly sent: Moment
  /** When it arrived, was lost, or was processed late; null: still under way, or not yet processed, at the end. */
  readonly ended: Moment | null
  readonly fate: MessageFate
  /** Of a refused one the error, as Kafka names it: `FENCED_LEADER_EPOCH`; of a lost one why. */
  readonly why: string | null
}

/**
 * `delivered`; `refused`: delivered, and fenced or otherwise refused by who got it (an answer: it brings the refusal); `lost`:
 * its connection broke, or who had read it went down before it processed it; `late`: its connection broke when it was read
 * already, and it was or will be processed (`ended`) all the same; `waiting`: under way at the end.
 */
export type MessageFate = 'delivered' | 'refused' | 'lost' | 'late' | 'waiting'

/** What one side shows at one time. */
export type Scene = {
  /** By lane; lanes without anything to show are absent. */
  readonly nodes: Readonly<Record<string, NodeScene>>
  /** What the controller says of each partition; empty in scopes without one. */
  readonly partitions: readonly PartitionScene[]
  readonly groups: readonly GroupScene[]
  /** Directions that are cut, as `from>to`. */
  readonly cuts: readonly string[]
  /** The whole observation, as the lockstep compares it. */
  readonly raw: Json
}

export type NodeScene = {
  readonly status: 'up' | 'fenced' | 'paused' | 'down'
  /** What else there is to say, in few words: `epoch 3`, `clock 2500 ms`. */
  readonly facts: readonly Fact[]
  readonly logs: readonly LogScene[]
}

/** A log as a strip of records. */
export type LogScene = {
  /** `t/0`. */
  readonly title: string
  readonly role: 'leader' | 'follower' | 'none'
  /** Of the role: `epoch 3, in sync b1,b2`. */
  readonly facts: readonly Fact[]
  readonly leaderEpoch: number
  readonly logStartOffset: number
  readonly highWatermark: number
  readonly logEndOffset: number
  /** Everything below it is known to be on the disk (Kafka's recovery point); null when that is not modelled. */
  readonly syncedOffset: number | null
  /** Ascending by offset; offsets without a record (compacted) are absent. */
  readonly records: readonly RecordScene[]
}

export type RecordScene = {
  readonly offset: number
  readonly leaderEpoch: number
  /** Key and value as they are shown, `k=v`; content is hostile until it is escaped. */
  readonly text: string
  /** Whole record for whoever points at it. */
  readonly details: string
}

export type PartitionScene = {
  /** `t/0`. */
  readonly title: string
  /** Lane of the leader, or null. */
  readonly leader: string | null
  readonly leaderEpoch: number
  readonly replicas: readonly string[]
  readonly inSyncReplicas: readonly string[]
}

export type GroupScene = {
  readonly group: string
  /** Lane of the broker whose view this is; null when there are no brokers. */
  readonly coordinator: string | null
  /** Kafka's state: `Stable`, `PreparingRebalance`, … */
  readonly state: string
  readonly generationId: number
  readonly protocol: string | null
  readonly members: readonly MemberScene[]
  /** Committed offsets, as `t/0` and `5`. */
  readonly offsets: readonly Fact[]
}

export type MemberScene = {
  readonly memberId: string
  /** Lane of the client, when one is known. */
  readonly client: string | null
  readonly groupInstanceId: string | null
  readonly isLeader: boolean
  /** The partitions that it was assigned, as `t/0`. */
  readonly owns: readonly string[]
  /** `joins`, `syncs` while a request of it waits; null otherwise. */
  readonly waitsFor: string | null
}
