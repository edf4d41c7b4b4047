// A verdict in the words of a picture.
import type { Verdict } from '../../properties/verdict.ts'
import { claimTitle } from '../render/claim-titles.ts'
import { counted } from '../render/failure.ts'
import type { FilmVerdict } from './film.ts'

/** Steps are counted from 1 here. */
export function filmVerdict(verdict: Verdict): FilmVerdict {
  switch (verdict.kind) {
    case 'agree': {
      const title = `the sides agree after ${counted(verdict.operations, 'operation')}`
      return { kind: 'agree', title, sentence: '', settings: [], step: null }
    }
    case 'violation': {
      const { claim, sentence, settings, step } = verdict
      // A run without operations that breaks something breaks it at its start.
      return { kind: 'violation', title: claimTitle(claim), sentence, settings, step: step + 1 }
    }
    case 'unknown': {
      const { sentence, step } = verdict
      return { kind: 'unknown', title: 'nobody knows', sentence, settings: [], step: step < 0 ? null : step + 1 }
    }
  }
}
