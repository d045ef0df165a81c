import { problem } from '#shared/wire/problem.ts'
import type { App } from '../parts.ts'

/** No text of Postgres' may hold the character 0, nor half of a character that is written as two. */
const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Whether all names and texts in what was sent can be kept; however deep it lies, nobody's stack ends over it. */
export function isPlainThroughout(sent: unknown): boolean {
  const ahead: unknown[] = [sent]
  while (ahead.length > 0) {
    const next = ahead.pop()
    if (typeof next === 'string' && !isPlain(next)) return false
    if (Array.isArray(next)) for (const each of next as readonly unknown[]) ahead.push(each)
    else if (typeof next === 'object' && next !== null)
      for (const [name, value] of Object.entries(next)) {
        if (!isPlain(name)) return false
        ahead.push(value)
      }
  }
  return true
}

/** At the border, once for every route: what no table takes is the asker's to mend, and no fault of ours. */
export function registerPlainText(app: App): void {
  // After the form was looked at: what is walked through here is no longer than a route takes.
  app.addHook('preHandler', async ({ params, query, body }, reply) => {
    if ([params, query, body].every(isPlainThroughout)) return undefined
    const detail = 'It holds the character 0, or half of a character'
    return reply.code(400).send(problem('RequestInvalid', { detail }))
  })
}
