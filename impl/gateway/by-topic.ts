// Most of Kafka's messages hold partitions by their topic, and the core speaks of partitions one by one.

/** Rows by their topic, in the order in which topics come. */
export function byTopic<Row extends { readonly topic: string }>(
  rows: readonly Row[],
): readonly (readonly [topic: string, rows: readonly Row[]])[] {
  return [...Map.groupBy(rows, row => row.topic)]
}
