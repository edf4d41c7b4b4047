// Topics that the cluster keeps for itself.

/** Keeps the groups and their committed offsets. */
export const offsetsTopic = '__consumer_offsets'

/** Whether nobody but the cluster may create it or write to it. */
export function isInternal(topic: string): boolean {
  return topic.startsWith('__')
}
