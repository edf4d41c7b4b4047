// Settings as they are told: the value, where it comes from, and what would stand in its place.
// Follows `ConfigHelper` (DescribeConfigs); docs/protocol/cluster.md §5.4.
import type { TopicConfig } from '../../model/vocabulary/messages.ts'
import type { BrokerId } from '../../model/vocabulary/units.ts'
import type { DescribedSetting, SettingSource, SettingValue } from './admin-requests.ts'
import type { BrokerSetting } from './lasting-cluster.ts'
import { kafkaDefaults, type Settings, settingRules } from './topic-settings.ts'

/** All settings of a topic, by name. */
export function describeTopic(settings: Settings, defaults: TopicConfig): readonly DescribedSetting[] {
  return Array.from(settingRules.values(), rule => {
    const { name, type } = rule
    const inherited = rule.valueIn(defaults)
    const isKafkas = inherited === rule.valueIn(kafkaDefaults)
    const source: SettingSource = isKafkas ? 'DEFAULT_CONFIG' : 'STATIC_BROKER_CONFIG'
    const synonyms: SettingValue[] = [{ name, value: inherited, source }]
    const set = settings.get(name)
    if (set === undefined) return { name, value: inherited, source, type, readOnly: false, synonyms }
    const own: SettingValue = { name, value: set, source: 'DYNAMIC_TOPIC_CONFIG' }
    return { ...own, type, readOnly: false, synonyms: [own, ...synonyms] }
  })
}

/** All settings of a broker, by name. */
export function describeBroker(
  brokerId: BrokerId,
  rack: string | null,
  settings: readonly BrokerSetting[],
): readonly DescribedSetting[] {
  const own: BrokerSetting[] = [{ name: 'broker.id', type: 'INT', value: String(brokerId) }]
  if (rack !== null) own.push({ name: 'broker.rack', type: 'STRING', value: rack })
  return [...own, ...settings]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, value }) => {
      const told: SettingValue = { name, value, source: 'STATIC_BROKER_CONFIG' }
      return { ...told, type, readOnly: true, synonyms: [told] }
    })
}
