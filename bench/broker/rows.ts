// What is measured: one row for each combination of client, record size, partitions, acks and brokers.

/** One row of the table. */
export type Row = {
  readonly client: 'librdkafka' | 'java'
  /** Bytes of a value. */
  readonly size: number
  readonly partitions: number
  readonly acks: '1' | 'all'
  readonly brokers: number
}

/** Which rows to run; what is not given is not restricted. */
export type RowFilter = { readonly [name in keyof Row]?: readonly string[] }

/** All rows that the filter lets through, grouped by brokers, because those are started together. */
export function rowsOf(filter: RowFilter): readonly Row[] {
  const rows: Row[] = []
  for (const brokers of [1, 3]) {
    for (const client of ['librdkafka', 'java'] as const) {
      for (const size of [100, 1000]) {
        for (const partitions of [1, 6]) {
          for (const acks of ['1', 'all'] as const) rows.push({ client, size, partitions, acks, brokers })
        }
      }
    }
  }
  return rows.filter(row =>
    (Object.keys(row) as (keyof Row)[]).every(name => filter[name]?.includes(String(row[name])) ?? true),
  )
}

/** A row in words, the same width for all. */
export function describeRow({ client, size, partitions, acks, brokers }: Row): string {
  const words = [client, `${size} B`, partitions === 1 ? '1 partition' : `${partitions} partitions`, `acks ${acks}`]
  return [...words, brokers === 1 ? '1 broker' : `${brokers} brokers`].join(', ')
}
