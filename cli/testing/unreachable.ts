// Loaded before the command (`node --import`): a behaviour that a campaign must reach, and that no run can.
import { scopes } from '../../properties/scopes.ts'

Object.assign(scopes.partitioner.labels, { 'a key without bytes hashed to two partitions': 'required' })
