import { createServer, type Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { lobbyBoard } from '#shared/project/lobby-board.ts'
import type { Config } from '../config.ts'
import type { Parts } from '../parts.ts'

/** Television sets, and whoever looks with a phone; more are not answered. */
const CONNECTIONS_MAX = 100
const REQUEST_MS_MAX = 5_000

/** The page may load only what this server gives it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const GUEST_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export interface GuestAnswer {
  readonly type: string
  readonly text: string
}

type BoardParts = Pick<Parts, 'waist' | 'readClock'>

const isOn = ({ waist }: BoardParts): boolean => waist.branch().state.catalogue?.body.branch.guestBoard === true

/**
 * What a guest is shown at an address: no token is read, nothing is said that GET /api/v1/board would not say.
 * @returns null: there is nothing, as everywhere while the catalogue does not have it on
 */
export async function guestAnswer(parts: BoardParts, path: string): Promise<GuestAnswer | null> {
  if (!isOn(parts)) return null
  // Few branches have guests: what their page is made of is loaded for the first of them.
  const { GUEST_SCRIPT, GUEST_STYLE, guestBoard, guestPage } = await import('./guest-page.ts')
  const board = lobbyBoard(parts.waist.branch().state)
  const { wallMs: atMs } = parts.readClock()
  if (path === '/guest/') return { type: 'text/html; charset=utf-8', text: guestPage(board, atMs) }
  if (path === '/guest/board') return { type: 'text/html; charset=utf-8', text: guestBoard(board, atMs) }
  if (path === '/guest/guest.css') return { type: 'text/css; charset=utf-8', text: GUEST_STYLE }
  if (path === '/guest/guest.js') return { type: 'text/javascript; charset=utf-8', text: GUEST_SCRIPT }
  return null
}

function guestServer(parts: BoardParts, log: FastifyBaseLogger): Server {
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX },
    (request, response) => {
      const path = (request.url ?? '').split('?')[0] ?? ''
      const refuse = (status: number): void => void response.writeHead(status, { connection: 'close' }).end()
      if (request.method !== 'GET') return refuse(405)
      guestAnswer(parts, path).then(
        (answer) =>
          answer === null
            ? refuse(404)
            : response.writeHead(200, { ...GUEST_HEADERS, 'content-type': answer.type }).end(answer.text),
        (error: unknown) => {
          log.error({ err: error }, 'the page for guests could not be made')
          refuse(500)
        },
      )
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  server.on('error', (error) => log.error({ err: error }, 'guests cannot be let in'))
  return server
}

/**
 * A door of plain HTTP for television sets, which trust no certificate of a branch: open only while the catalogue says so.
 * On its own machine the branch speaks plain HTTP itself.
 * @returns closes it
 */
export function openGuests({ host, guestPort }: Config, parts: BoardParts, log: FastifyBaseLogger): () => void {
  if (guestPort === undefined || isLoopback(host)) return () => {}
  let server: Server | null = null
  const close = (): void => {
    server?.closeAllConnections()
    server?.close()
    server = null
  }
  const look = (): void => {
    if (isOn(parts) === (server !== null)) return
    if (server !== null) {
      close()
      return
    }
    server = guestServer(parts, log)
    server.listen(guestPort, host, () =>
      log.info({ guestPort }, 'guests may look at the board at /guest/ on this port'),
    )
  }
  look()
  parts.waist.onCommit(look)
  return close
}
