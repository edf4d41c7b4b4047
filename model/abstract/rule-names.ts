// The names of the abstract specifications, for those who only want to list them.

/** How a replica that becomes a follower cuts its log, and how requests of other epochs are fenced. */
export type AtomicRule = 'truncate-to-high-watermark' | 'kip-101' | 'kip-279' | 'kip-320-first-try' | 'kip-320'
export type ReplicationRule = AtomicRule | 'kip-320-messages'

/** Oldest first. Only those from `kip-320` on keep `StrongIsr` in every world. */
export const replicationRules: readonly ReplicationRule[] = [
  'truncate-to-high-watermark',
  'kip-101',
  'kip-279',
  'kip-320-first-try',
  'kip-320',
  'kip-320-messages',
]
