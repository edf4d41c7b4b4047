// Looking into scenes.
import type { NodeScene, Scene } from '../../../film/film.ts'

/** What a scene has of a lane. Names are whatever the film says, `__proto__` too. */
export function nodeIn(scene: Scene | null, lane: string): NodeScene | null {
  return scene !== null && Object.hasOwn(scene.nodes, lane) ? (scene.nodes[lane] ?? null) : null
}
