// What a schema says against a value, in one sentence that names the place, and one that says what to do.
import type { ErrorObject } from 'ajv'

/** The error that matters: the deepest one. */
export function deepestOf(errors: readonly ErrorObject[]): ErrorObject | undefined {
  return errors.reduce<ErrorObject | undefined>(
    (best, error) => (best === undefined || depth(error) > depth(best) ? error : best),
    undefined,
  )
}

/** The sentences; `where` names the place, `advice` helps where nothing better is known. */
export function faultText({ keyword, params, message }: ErrorObject, where: string, advice: string): string {
  switch (keyword) {
    case 'discriminator':
      return `${where} has an unknown kind (${JSON.stringify(params.tagValue) ?? 'none'}). ${advice}`
    case 'required':
      return `${where} lacks the field "${params.missingProperty}". Add it.`
    case 'additionalProperties':
      return `${where} has a field that is not known, "${params.additionalProperty}". Correct its name or leave it out.`
    case 'enum':
      return `${where} must be one of ${JSON.stringify(params.allowedValues).slice(1, -1)}. Choose one.`
    default:
      return `${where} ${message ?? 'is wrong'}. ${advice}`
  }
}

function depth(error: ErrorObject): number {
  return error.instancePath.split('/').length
}
