/** Every route that a built app answers, as `POST /api/v1/tickets`; HEAD goes with its GET and is left out. */
export function servedRoutes(app: {
  printRoutes(options: { readonly commonPrefix: boolean }): string
}): readonly string[] {
  const routes: string[] = []
  const parts: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^((?:│ {3}| {4})*)(?:├──|└──) (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (match === null) continue
    const [, indent = '', part = '', methods = ''] = match
    parts.splice(indent.length / 4, Number.POSITIVE_INFINITY, part)
    for (const method of methods.split(', '))
      if (method !== '' && method !== 'HEAD') routes.push(`${method} ${parts.join('')}`)
  }
  return routes.toSorted()
}
