import type { Desk } from '../../branch-server/testing/desk.ts'
import type { Dice } from '../../branch-server/testing/dice.ts'
import { servedRoutes } from '../../shared/http/testing/served-routes.ts'
import { badFrames } from './bad-frames.ts'
import { badRequest, garbage, type TargetRoute } from './bad-requests.ts'
import type { Tally } from './campaign.ts'
import type { Schema } from './from-schema.ts'
import { exchange } from './raw-line.ts'
import { faultOf } from './throw-at.ts'

/** Whoever may ask these needs no word for it: a request of theirs is a good one, and changes what it is there to change. */
const GOOD_WITHOUT_A_WORD: ReadonlySet<string> = new Set([
  'POST /api/v1/devices/self/token',
  'POST /api/v1/management/confirm-rights',
])

/** Every other route that is served, with what it says of itself. */
function routesOf({ branch }: Desk): readonly [TargetRoute, ...TargetRoute[]] {
  const { app } = branch.running
  const bodyOf = new Map(
    app.describedRoutes.map(({ method, url, schema }) => [`${method} ${url}`, (schema.body ?? null) as Schema | null]),
  )
  const [first = '', ...others] = servedRoutes(app).filter((name) => !GOOD_WITHOUT_A_WORD.has(name))
  const route = (name: string): TargetRoute => ({ name, body: bodyOf.get(name) ?? null })
  return [route(first), ...others.map(route)]
}

/**
 * What may be thrown at a branch; each throws once, and says what was wrong with the answer.
 * @param tally - of requests: garbage and nonsense may well be hung up on
 */
export function hostileAtBranch(desk: Desk, dice: Dice, tally: Tally) {
  const port = Number(new URL(desk.branch.url).port)
  const routes = routesOf(desk)
  const { kiosk, agent, manager, display, branch } = desk
  const tokens = [kiosk, agent, manager, display, branch.installer].map(({ token }) => token ?? '')
  return {
    async request(): Promise<string | null> {
      const { route, bytes } = badRequest(dice, routes, tokens)
      const isAborted = dice.isOneIn(50)
      const half = dice.roll(bytes.length + 1)
      const parts = dice.isOneIn(10) ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes]
      const answer = await exchange(port, parts, isAborted ? 'abort' : 'end')
      tally.note(answer.text)
      const fault = faultOf(answer)
      return fault === null ? null : `${route}: ${fault}\n${bytes.toString('latin1').slice(0, 600)}`
    },
    /** On the bare line. */
    async garbage(): Promise<string | null> {
      return faultOf(await exchange(port, [garbage(dice)], dice.isOneIn(4) ? 'abort' : 'end'))
    },
    /** On the one socket that there is, by a device that was let in. */
    async frames(): Promise<string | null> {
      const { body } = await desk.display.post<{ ticket: string }>('/api/v1/feed-tickets', {})
      const key = dice.bytes(16).toString('base64')
      const head = `GET /api/v1/feed?after=0&ticket=${body.ticket} HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`
      const bytes = [Buffer.from(head), badFrames(dice)]
      const { text, wasSilent } = await exchange(port, bytes, dice.isOneIn(4) ? 'abort' : 'end')
      return wasSilent ? 'the feed stayed open' : text.includes(' 500 ') ? text.slice(0, 300) : null
    },
  }
}
