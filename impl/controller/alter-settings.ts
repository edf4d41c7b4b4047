// A topic's settings after an administrator changed some of them. Follows `ConfigurationControlManager` (KIP-339).
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import { type AdminError, type ChangedSettings, failed } from './admin-requests.ts'
import { items, refuseSettings, type Settings, settingRules } from './topic-settings.ts'

/** The settings with the changes, or why they are refused. */
export function changedSettings(
  before: Settings,
  changes: ChangedSettings['changes'],
  defaults: TopicConfig,
): Map<string, string> | AdminError {
  const settings = new Map(before)
  const named = new Set<string>()
  for (const { name, operation, value } of changes) {
    if (named.has(name)) return failed('INVALID_REQUEST', `The setting ${name} is changed twice.`)
    named.add(name)
    if (operation === 'DELETE') {
      settings.delete(name)
      continue
    }
    if (value === null) return failed('INVALID_REQUEST', `The setting ${name} has no value.`)
    if (operation === 'SET') {
      settings.set(name, value)
      continue
    }
    const rule = settingRules.get(name)
    if (rule?.type !== 'LIST') return failed('INVALID_CONFIG', `The setting ${name} is no list to ${operation} to.`)
    const own = items(settings.get(name) ?? rule.valueIn(defaults))
    const given = items(value)
    const list =
      operation === 'APPEND'
        ? [...own, ...given.filter(item => !own.includes(item))]
        : own.filter(item => !given.includes(item))
    settings.set(name, list.join(','))
  }
  const refused = refuseSettings(settings)
  return refused === null ? settings : failed('INVALID_CONFIG', refused)
}
