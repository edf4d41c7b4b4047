// Which names a topic may have. Follows `Topic.validate` and the checks of collisions in `ReplicationControlManager`.

const lengthMax = 249

/** What is wrong with a name, as a sentence; null when it is legal. */
export function refuseName(topic: string): string | null {
  if (topic === '') return 'The name of a topic has at least one character.'
  if (topic === '.' || topic === '..') return `A topic cannot be called ${topic}.`
  if (topic.length > lengthMax) return `The name of a topic has at most ${lengthMax} characters, not ${topic.length}.`
  if (!/^[a-zA-Z0-9._-]+$/.test(topic)) return 'The name of a topic has letters, digits, ".", "_" and "-" only.'
  return null
}

/** A name as metrics show it, where `.` and `_` are the same: two topics must not share one. */
export function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}
