import { type IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

/** What helmet says of an answer that is no page. It says the same of every one, so it is asked once. */
function headersOfHelmet(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  const response: Pick<ServerResponse, 'removeHeader'> & { setHeader(name: string, value: string): void } = {
    setHeader(name, value) {
      headers[name.toLowerCase()] = value
    },
    removeHeader: (name) => void delete headers[name.toLowerCase()],
  }
  helmet({ contentSecurityPolicy: false })({} as never, response as never, (error?: unknown) => {
    if (error !== undefined) throw error
  })
  return headers
}

/** As they stand in an answer, line by line. */
const LINES = Object.entries(headersOfHelmet())
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

/** What Node calls to write the head of every answer, whoever answers; `statusLine` ends with its line break. */
interface WritesHead {
  _storeHeader(statusLine: string, headers: unknown): void
}
const { _storeHeader: storeHeader } = ServerResponse.prototype as ServerResponse & WritesHead

/**
 * Every answer forbids the browser what our pages never do; /docs included. The lines are always the same, so they
 * follow the status line as they are: named and proved one by one they were a twentieth of what issuing a ticket costs.
 */
export class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  _storeHeader(statusLine: string, headers: unknown): void {
    storeHeader.call(this, statusLine + LINES, headers)
  }
}
