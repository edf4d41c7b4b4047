// The failures of a campaign for its report, with everything that tells of them beside it, so that the folder can be carried
// elsewhere: the trace of each, and the picture of those that were drawn.
import { existsSync, readFileSync } from 'node:fs'
import { operationLine } from '../../traces/render/operation.ts'
import type { ReportedFailure } from '../../traces/schema/campaign-report.ts'
import { traceText } from '../../traces/write.ts'
import type { ScopeFound } from '../campaign-report.ts'
import { findingFile, findingTrace } from '../finding.ts'
import { picturePath } from '../picture.ts'
import type { SubjectChoice } from '../subject.ts'
import { type ReportFile, tracesFolder } from './folder.ts'
import { titleOf } from './scope-part.ts'

/** What the terminal was shown of a finding, and where its trace is; its picture is beside that. */
export type ShownFinding = { readonly lines: readonly string[]; readonly trace: string }

/** A finding as the report tells it, and its files. `shown` is undefined for one that the terminal only counted. */
export function failureOf(
  found: ScopeFound,
  choice: SubjectChoice,
  shown: ShownFinding | undefined,
): { readonly failure: ReportedFailure; readonly files: readonly ReportFile[] } {
  const { scope, claim, sentence, settings, seed, run, runs, originalOperations, operations } = found
  const trace = `${tracesFolder}/${findingFile(found, false)}`
  const picture = picturePath(trace)
  const drawn = shown === undefined ? null : pictureOf(shown.trace)
  const failure: ReportedFailure = {
    scope,
    claim,
    title: titleOf(claim),
    sentence,
    settings,
    seed,
    run,
    failingRuns: runs,
    originalOperations,
    operations: operations.length,
    lines: shown?.lines ?? operations.map((operation, index) => `${index + 1}  ${operationLine(scope, operation)}`),
    trace,
    picture: drawn === null ? null : picture,
  }
  const files: readonly ReportFile[] = [[trace, traceText(findingTrace(found, choice.subject))]]
  return { failure, files: drawn === null ? files : [...files, [picture, drawn]] }
}

function pictureOf(trace: string): string | null {
  const path = picturePath(trace)
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}
