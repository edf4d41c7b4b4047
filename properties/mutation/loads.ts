// Who loads what: the files that an entrance needs at run time, found by following imports that are not of types alone.

/** All files reachable from `entrance`, itself included. `read` gives the text of a file of the project. */
export function loadedBy(entrance: string, read: (file: string) => string): ReadonlySet<string> {
  const loaded = new Set<string>()
  const visit = (file: string) => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const to of importsOf(file, read(file))) visit(to)
  }
  visit(entrance)
  return loaded
}

/** The project's own files that this one imports for more than types. */
export function importsOf(file: string, text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\b(?! type\b)[^'"`;=]*? from '(\.[^']+)'/gm)
  return [...statements].map(([, specifier = '']) => new URL(specifier, `file:///${file}`).pathname.slice(1))
}
