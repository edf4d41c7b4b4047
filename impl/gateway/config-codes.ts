// The numbers that stand for words in the messages about settings. Follows `ConfigResource.Type`, `ConfigDef.Type` as
// DescribeConfigs writes it (KIP-226, KIP-569), and `AlterConfigOp.OpType` (KIP-339).
import type { Resource, SettingSource } from '../controller/admin-requests.ts'
import type { SettingType } from '../controller/topic-settings.ts'

const sources: Readonly<Record<SettingSource, number>> = {
  DYNAMIC_TOPIC_CONFIG: 1,
  STATIC_BROKER_CONFIG: 4,
  DEFAULT_CONFIG: 5,
}

const types: Readonly<Record<SettingType, number>> = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, DOUBLE: 6, LIST: 7 }

/** Whose settings, by the number on the wire. */
const resourceNumber = { topic: 2, broker: 4 } as const

/** Where a value comes from. */
export function configSource(source: SettingSource): number {
  return sources[source]
}

/** What kind of value it is. */
export function configType(type: SettingType): number {
  return types[type]
}

/** Whose settings are meant. */
export function resourceOf(resourceType: number, name: string): Resource {
  if (resourceType === resourceNumber.topic) return { type: 'topic', name }
  return { type: resourceType === resourceNumber.broker ? 'broker' : 'other', name }
}

/** What is to be done with a setting; null for a number that means nothing. */
export function operationOf(number: number): 'SET' | 'DELETE' | 'APPEND' | 'SUBTRACT' | null {
  return (['SET', 'DELETE', 'APPEND', 'SUBTRACT'] as const)[number] ?? null
}
