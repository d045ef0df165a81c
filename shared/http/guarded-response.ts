import { type IncomingMessage, ServerResponse } from 'node:http'
import { POLICY_HEADER, securityHeaders } from './security-headers.ts'

const lineOf = ([name, value]: readonly [string, string]): string => `${name}: ${value}\r\n`

/** What Node calls to write the head of every answer, whoever answers; `statusLine` ends with its line break. */
interface WritesHead {
  _storeHeader(statusLine: string, headers: unknown): void
}
const { _storeHeader: storeHeader } = ServerResponse.prototype as ServerResponse & WritesHead

/** By name, in small letters. */
const isNamed = (headers: unknown, name: string): boolean =>
  typeof headers === 'object' && headers !== null && name in headers

/**
 * Every answer forbids the browser what our pages never do, whoever answers, and what answers before any hook has seen the
 * request. The lines are always the same, so they follow the status line as they are: named and proved one by one they
 * were a twentieth of what issuing a ticket costs. A page that says itself what it loads may say the rest, too.
 */
export function guardedResponse({ isHttps }: { readonly isHttps: boolean }) {
  const all = Object.entries(securityHeaders({ isHttps }))
  const whole = all.map(lineOf).join('')
  const but = (headers: unknown): string =>
    all
      .filter(([name]) => !isNamed(headers, name))
      .map(lineOf)
      .join('')
  return class GuardedResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
    _storeHeader(statusLine: string, headers: unknown): void {
      storeHeader.call(this, statusLine + (isNamed(headers, POLICY_HEADER) ? but(headers) : whole), headers)
    }
  }
}
