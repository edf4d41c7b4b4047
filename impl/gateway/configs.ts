// DescribeConfigs, AlterConfigs and IncrementalAlterConfigs. Follows `ConfigHelper` and `ControllerApis`.
import {
  type AdminError,
  type AlteredResource,
  type DescribedResource,
  failed,
  type Resource,
} from '../controller/admin-requests.ts'
import type { alterConfigs } from '../wire/apis/alter-configs.ts'
import type { describeConfigs } from '../wire/apis/describe-configs.ts'
import type { incrementalAlterConfigs } from '../wire/apis/incremental-alter-configs.ts'
import type { ResponseOf } from '../wire/schema.ts'
import { configSource, configType, operationOf, resourceOf } from './config-codes.ts'
import type { ControllerLink } from './controller-link.ts'
import type { Call } from './session.ts'
import { codeOf, unreachable } from './topics.ts'

type Result = ResponseOf<typeof describeConfigs>['results'][number]
type Numbered = { readonly resourceType: number; readonly resourceName: string }

/** Carries out DescribeConfigs. */
export function handleDescribeConfigs(controller: ControllerLink, call: Call<typeof describeConfigs>): void {
  const { request, answer } = call
  const asked = request.resources.map(({ resourceType, resourceName, configurationKeys }) => ({
    ...resourceOf(resourceType, resourceName),
    // An empty list was how old clients asked for all.
    names: configurationKeys === null || configurationKeys.length === 0 ? null : configurationKeys,
  }))
  const respond = (described: readonly DescribedResource[]): void =>
    answer({
      throttleTimeMs: 0,
      results: described.map((one, index) => resultOf(one, request.resources[index], request.includeSynonyms)),
    })
  controller.ask(
    administration => administration.describeConfigs(asked),
    respond,
    error => respond(asked.map(({ type, name }) => ({ type, name, settings: [], ...unreachable(error) }))),
  )
}

function resultOf(one: DescribedResource, asked: Numbered | undefined, withSynonyms: boolean): Result {
  return {
    errorCode: codeOf(one),
    errorMessage: one.message,
    resourceType: asked?.resourceType ?? 0,
    resourceName: asked?.resourceName ?? '',
    configs: one.settings.map(({ name, value, source, type, readOnly, synonyms }) => ({
      name,
      value,
      readOnly,
      isDefault: source === 'DEFAULT_CONFIG',
      configSource: configSource(source),
      isSensitive: false,
      synonyms: withSynonyms
        ? synonyms.map(synonym => ({ name: synonym.name, value: synonym.value, source: configSource(synonym.source) }))
        : [],
      configType: configType(type),
      documentation: null,
    })),
  }
}

/** Carries out AlterConfigs. */
export function handleAlterConfigs(controller: ControllerLink, { request, answer }: Call<typeof alterConfigs>): void {
  const asked = request.resources.map(({ resourceType, resourceName, configs }) => ({
    ...resourceOf(resourceType, resourceName),
    settings: configs,
  }))
  const respond = (altered: readonly AlteredResource[]): void =>
    answer({ throttleTimeMs: 0, responses: alteredRows(altered, request.resources) })
  controller.ask(
    administration => administration.alterConfigs(asked, request.validateOnly),
    respond,
    error => respond(asked.map(one => ({ ...one, ...unreachable(error) }))),
  )
}

/** Carries out IncrementalAlterConfigs. */
export function handleIncrementalAlterConfigs(
  controller: ControllerLink,
  { request, answer }: Call<typeof incrementalAlterConfigs>,
): void {
  const refused = new Map<number, AdminError>()
  const asked = request.resources.map(({ resourceType, resourceName, configs }, index) => ({
    ...resourceOf(resourceType, resourceName),
    changes: configs.map(({ name, value, configOperation }) => {
      const operation = operationOf(configOperation)
      if (operation === null) refused.set(index, failed('INVALID_REQUEST', `There is no operation ${configOperation}.`))
      return { name, value, operation: operation ?? ('SET' as const) }
    }),
  }))
  const respond = (altered: readonly AlteredResource[]): void =>
    answer({ throttleTimeMs: 0, responses: alteredRows(altered, request.resources) })
  const isSound = (_: Resource, index: number): boolean => !refused.has(index)
  controller.ask(
    administration => administration.incrementalAlterConfigs(asked.filter(isSound), request.validateOnly),
    altered => {
      const rest = [...altered]
      respond(
        asked.map(({ type, name }, index) => {
          const own = refused.get(index) ?? rest.shift()
          const why = own ?? failed('UNKNOWN_SERVER_ERROR', 'The controller did not say what became of it.')
          return { type, name, error: why.error, message: why.message }
        }),
      )
    },
    error => respond(asked.map(one => ({ ...one, ...unreachable(error) }))),
  )
}

function alteredRows(
  altered: readonly AlteredResource[],
  asked: readonly Numbered[],
): ResponseOf<typeof alterConfigs>['responses'] {
  return altered.map((one, index) => ({
    errorCode: codeOf(one),
    errorMessage: one.message,
    resourceType: asked[index]?.resourceType ?? 0,
    resourceName: asked[index]?.resourceName ?? '',
  }))
}
