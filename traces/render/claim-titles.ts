// The claims' short titles, for people who do not know the ids of docs/claims.md by heart.

const titles: Readonly<Record<string, string>> = {
  O1: 'one record per offset',
  O2: 'dense append',
  O3: 'producer order',
  O4: 'log matching',
  O5: 'epochs rise',
  O6: 'one leader an epoch',
  F1: 'offsets in order',
  F2: 'the high watermark waits for the in-sync set',
  F3: 'consumers read below the high watermark only',
  F4: 'what was readable stays readable',
  F5: 'offsets survive',
  F6: 'committed offsets are kept',
  F7: 'offsets by time are those of a scan',
  L1: 'acknowledged means kept',
  L2: 'the in-sync set has everything committed',
  L3: 'complete candidates',
  L4: 'too few in sync: not acknowledged',
  L5: 'compaction keeps the last value',
  L6: 'recovery keeps what was synced',
  L7: 'at least once',
  L8: 'an error that promises absence means absent',
  G1: 'one owner',
  G2: 'fencing',
  G3: 'group states',
  G4: 'assignors are pure',
  G5: 'static members keep their assignment',
  P1: 'each partition makes progress',
  P2: 'each group makes progress',
  P3: 'every send is answered',
  Refinement: 'a step of the cluster is made of abstract steps',
}

/** `L1 acknowledged means kept`; only the id for a claim that has no title here. */
export function claimTitle(claim: string): string {
  const title = Object.hasOwn(titles, claim) ? titles[claim] : undefined
  return title === undefined ? claim : `${claim} ${title}`
}
