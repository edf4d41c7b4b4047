// A story as a film: what its prose says stands beside the operations that it is about.
import type { Subject } from '../../properties/verdict.ts'
import type { Story } from '../stories/parse.ts'
import type { Film } from './film.ts'
import { type About, lockstepFilm } from './lockstep.ts'

/** Runs a story on both sides and draws it. */
export function storyFilm(story: Story, subject: Subject<'cluster'>, about: Omit<About, 'note' | 'comments'>): Film {
  const operations = story.blocks.flatMap(block => block.operations)
  return lockstepFilm(story.setup, operations, subject, { ...about, ...storyWords(story) })
}

/** What a story says of itself, and before each operation. */
export function storyWords({ about, blocks }: Story): Pick<About, 'note' | 'comments'> {
  return { note: about, comments: blocks.flatMap(({ comments }) => comments) }
}
