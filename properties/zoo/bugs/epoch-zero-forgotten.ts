import type { PlantedBug } from '../planted-bug.ts'

export const epochZeroForgotten: PlantedBug = {
  name: 'epoch-zero-forgotten',
  kind: 'historical',
  mechanism: 'recovery leaves epoch 0 out when it rebuilds the leader-epoch cache',
  source: 'KAFKA-10432 (apache/kafka#9219)',
  claim: 'O5',
  caughtBy: ['O5'],
  scope: 'log',
  patches: [
    {
      file: 'impl/log/open.ts',
      find: 'if (!epochs.fences(epoch)) epochs.assign(epoch, baseOffsetOf(view, at))',
      replace: 'if (epoch > 0 && !epochs.fences(epoch)) epochs.assign(epoch, baseOffsetOf(view, at))',
    },
    {
      file: 'impl/log/open.ts',
      find: 'if (startOffset >= oldest.startOffset || epoch > oldest.epoch) return',
      replace: 'if (startOffset >= oldest.startOffset || epoch > oldest.epoch || epoch === 0) return',
    },
  ],
  shortestCounterExample: null,
}
