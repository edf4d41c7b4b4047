// Every planted bug. docs/claims.md names at least one for each claim.
import { groupBugs } from './groups.ts'
import { lossBugs } from './loss.ts'
import { offsetBugs } from './offsets.ts'
import { orderBugs } from './order.ts'
import type { PlantedBug } from './planted-bug.ts'
import { progressBugs } from './progress.ts'

export const plantedBugs: readonly PlantedBug[] = [
  ...orderBugs,
  ...offsetBugs,
  ...lossBugs,
  ...groupBugs,
  ...progressBugs,
]
