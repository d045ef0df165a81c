import { problem } from '#shared/wire/problem.ts'
import { GUEST_HEADERS, guestAnswer } from '../guest/guest-door.ts'
import type { App, Parts } from '../parts.ts'

/** The board for browsers that are not paired, off unless the catalogue has it on. */
export function registerGuestRoutes(app: App, parts: Parts): void {
  for (const path of ['/guest/', '/guest/board', '/guest/guest.css', '/guest/guest.js'])
    app.get(path, { config: { doors: 'open' }, schema: { hide: true } }, async (_request, reply) => {
      const answer = await guestAnswer(parts, path)
      if (answer === null) return reply.code(404).send(problem('RouteUnknown'))
      return reply.headers(GUEST_HEADERS).type(answer.type).send(answer.text)
    })
}
