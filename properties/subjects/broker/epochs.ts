// What an operation that claims to know a leader epoch sends.
import type { ClaimedEpoch } from '../../../model/vocabulary/service.ts'
import type { LeaderEpoch } from '../../../model/vocabulary/units.ts'
import type { Place } from './directory.ts'

/**
 * The epoch to send, -1 for none; null when the claim cannot be made: the version cannot carry it, the broker does not
 * tell the epoch, or there is none before the first. A partition that is not there is taken to be in epoch 0, before
 * which nothing is sent either.
 */
export function claimed(claim: ClaimedEpoch, { leaderEpoch }: Place, isCarried: boolean): LeaderEpoch | null {
  if (claim === 'none') return -1
  if (leaderEpoch === null || !isCarried) return null
  switch (claim) {
    case 'current':
      return leaderEpoch
    case 'older':
      return leaderEpoch === 0 ? null : leaderEpoch - 1
    case 'newer':
      return leaderEpoch + 1
  }
}
