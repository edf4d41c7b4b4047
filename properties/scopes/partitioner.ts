// Scope `partitioner`: how one producer chooses partitions.
import {
  initialPartitioner,
  observePartitioner,
  type PartitionerState,
  stepPartitioner,
} from '../../model/partitioners.ts'
import { partitionerLabels, startPartitionerLabeller } from '../coverage/choosing.ts'
import { startPartitionerWalker } from '../generation/choosing.ts'
import { partitionerPremises } from '../premises/choosing.ts'
import { namesOf } from '../premises/premise.ts'
import { modelSide, type Scope, type Specification, statelessChecker } from '../scope.ts'
import { startPartitionerSubject } from '../subjects/choosing.ts'

/** The model of a partitioner. */
export const partitionerSpecification: Specification<'partitioner', PartitionerState> = {
  initial: setup => initialPartitioner(setup.partitioner),
  step: stepPartitioner,
  observe: observePartitioner,
}

export const partitionerScope: Scope<'partitioner'> = {
  name: 'partitioner',
  startModel: setup => modelSide(partitionerSpecification, setup),
  subject: { name: 'impl', start: startPartitionerSubject },
  wireSubject: null,
  startChecker: () => statelessChecker(() => null, partitionerPremises),
  premises: namesOf(partitionerPremises),
  startLabeller: startPartitionerLabeller,
  labels: partitionerLabels,
  labelledEvery: 1,
  startWalker: startPartitionerWalker,
  abstractState: ({ topics }) =>
    topics.map(({ counter, current, previous }) => `${Math.min(3, counter)}${current}${previous}`).join(' '),
  settings: () => [],
  plainSetup: { scope: 'partitioner', partitioner: 'roundRobin' },
  shrinking: {
    isSensible: operation =>
      operation.kind !== 'choose' ||
      (operation.partitionCount > 0 &&
        operation.available.every((partition, index, all) => partition > (all[index - 1] ?? -1))),
    arePaired: () => false,
    smallerRuns: () => [],
    restructured: () => [],
  },
}
