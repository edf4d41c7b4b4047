// The fields of each scope's observation, by name: a subject may show all of them, some, or none.
import { clusterFields } from './cluster-observation.ts'
import { assignorFields, groupFields, logFields, partitionerFields, producerFields } from './observations.ts'

export const observationFields = {
  log: logFields,
  partitioner: partitionerFields,
  assignor: assignorFields,
  producer: producerFields,
  group: groupFields,
  cluster: clusterFields,
}
