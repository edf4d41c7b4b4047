// What lies in a broker's log directories (KIP-113), and how full their disks are since version 4 (KIP-827).

import { array, bool, defineApi, int16, int32, int64, nullable, string } from '../schema.ts'

export const describeLogDirs = defineApi({
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 1,
  maxVersion: 5,
  flexibleSince: 2,
  request: {
    topics: nullable(
      '0+',
      array('0+', {
        topic: string(),
        partitions: array('0+', 'int32'),
      }),
    ),
  },
  response: {
    throttleTimeMs: int32(),
    errorCode: int16('3+'),
    results: array('0+', {
      errorCode: int16(),
      logDir: string(),
      topics: array('0+', {
        name: string(),
        partitions: array('0+', {
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64('4+', -1),
      usableBytes: int64('4+', -1),
      isCordoned: bool('5+'),
    }),
  },
})
