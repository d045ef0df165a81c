import { sentBank } from '../../branch-server/testing/bank-catalogue.ts'
import type { Dice } from '../../branch-server/testing/dice.ts'
import { type Schema, spoiltFor } from './from-schema.ts'
import { ODD_IDS, oddJson } from './odd-values.ts'

/** A request as the bytes that go down the line; nothing it asks for can be done. */
export interface BadRequest {
  readonly route: string
  readonly bytes: Buffer
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'MKCOL',
  'get',
  'FOO',
] as const
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'APPLICATION/JSON\t; a',
  'application/json,text/plain',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '*/*',
  '',
] as const
const QUERIES = [
  '',
  '',
  '',
  '?status=waiting&status=called',
  '?__proto__=x',
  '?%00',
  '?version=-1',
  '?from=x&to=y',
  '?after=1e9',
  `?q=${'x'.repeat(3_000)}`,
] as const

/** Fields that each route knows, for bodies that are nearly right. */
const FIELDS = [
  'serviceId',
  'channel',
  'priority',
  'language',
  'ticketId',
  'agentId',
  'pin',
  'tickets',
  'number',
  'reason',
  'counterId',
  'outcome',
  'toQueueId',
  'place',
  'code',
  'kind',
  'name',
  'bookmark',
  'wallMs',
  'branch',
  'plan',
  'bookedAtMs',
  'endsVisit',
  'note',
  'toCounterId',
  'toAgentId',
  'training',
  'messageId',
  'minutes',
] as const

/** Acts that ask for nothing but themselves: who may do them would succeed with an empty body. */
const PLAIN_ACTS = [
  'POST /api/v1/day/close',
  'POST /api/v1/backups',
  'POST /api/v1/checks',
  'POST /api/v1/intake/stop',
  'POST /api/v1/intake/resume',
  'POST /api/v1/message/clear',
  'POST /api/v1/management/sign-out',
]
/** Of this bank; only ever asked for with a body that is wrong. */
const REAL_IDS: Readonly<Record<string, string>> = { counterId: 'counter-1', queueId: 'teller-line' }

function oddBody(dice: Dice): string {
  if (dice.isOneIn(3)) return oddJson(dice)
  const count = dice.roll(4)
  const fields = Array.from({ length: count }, () => `${JSON.stringify(dice.pick(FIELDS))}:${oddJson(dice)}`)
  return `{${fields.join(',')}}`
}

/** What the route's own schema asks for, or nearly, spoilt by one property that nobody knows. */
function spoiltBody(dice: Dice, { name, body }: TargetRoute): string {
  const right = name === 'PUT /api/v1/catalogue' ? JSON.stringify(sentBank) : spoiltFor(body ?? {}, dice)
  const isOpen = right.startsWith('{') && right.endsWith('}') && right !== '{}'
  return isOpen ? `${right.slice(0, -1)},"hostile":${oddJson(dice)}}` : `{"hostile":${oddJson(dice)}}`
}

/** Headers of their own lines; some make the request unreadable. */
export function oddHeaders(dice: Dice): readonly string[] {
  const odd: readonly [string, ...string[]] = [
    `idempotency-key: ${'k'.repeat(200)}`,
    'idempotency-key: two words',
    `idempotency-key: ${dice.roll(50)}`,
    'idempotency-key: a\r\nidempotency-key: b',
    'x-smartqueue-bookmark: 1;2;3',
    `x-smartqueue-bookmark: 00000000-0000-4000-8000-000000000000;${dice.roll(1000)};${'f'.repeat(64)}`,
    `x-long: ${'y'.repeat(20_000)}`,
    'host: evil.example',
    'origin: http://evil.example',
    'expect: 100-continue',
    'expect: nothing',
    'upgrade: h2c\r\nconnection: upgrade',
    'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: bad',
    'transfer-encoding: chunked',
    'transfer-encoding: identity',
    'content-length: 5',
    'content-length: -1',
    'content-length: 99999999999',
    'bad name: x',
    'no-colon',
    'accept-version: 9.9.9',
    'authorization: Basic eDp5',
    'x-forwarded-for: 127.0.0.1',
    'content-encoding: gzip',
    Array.from({ length: 150 }, (_, index) => `x-${index}: 1`).join('\r\n'),
  ]
  return Array.from({ length: dice.roll(3) }, () => dice.pick(odd))
}

export function written(dice: Dice, head: readonly string[], body: string): Buffer {
  const lines = [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  const whole = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
  if (dice.isOneIn(25)) return whole.subarray(0, dice.roll(whole.length))
  if (dice.isOneIn(50)) return Buffer.concat([whole.subarray(0, dice.roll(20)), dice.bytes(40), whole.subarray(20)])
  return whole
}

/** A route, and what it asks for in a body; null: it says nothing of one. */
export interface TargetRoute {
  /** As `POST /api/v1/tickets`. */
  readonly name: string
  readonly body: Schema | null
}

/**
 * One bad request to one of the branch's routes.
 * @param tokens - of a kiosk, a caller and so on; none is used at times
 */
export function badRequest(
  dice: Dice,
  routes: readonly [TargetRoute, ...TargetRoute[]],
  tokens: readonly string[],
): BadRequest {
  const target = dice.pick(routes)
  const route = target.name
  const [routeMethod = 'GET', path = '/'] = route.split(' ')
  const token = dice.pick(['', 'wrong', ...tokens])
  const authorization = token === '' ? [] : [`authorization: Bearer ${token}`]
  const host = 'host: 127.0.0.1'
  const isSpoilt = routeMethod !== 'GET' && routeMethod !== 'DELETE' && dice.isOneIn(3)
  if (isSpoilt || PLAIN_ACTS.includes(route)) {
    const address = path.replaceAll(/:(\w+)/g, (_, name: string) => REAL_IDS[name] ?? 'nobody')
    const head = [`${routeMethod} ${address} HTTP/1.1`, host, ...authorization, 'content-type: application/json']
    const body = spoiltBody(dice, target)
    // A whole request or none: a body cut off might be an empty one.
    const lines = [...head, `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
    return { route, bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`) }
  }
  const address = path.replaceAll(/:\w+|\*/g, () => dice.pick(ODD_IDS)) + dice.pick(QUERIES)
  const method = dice.isOneIn(4) ? dice.pick(METHODS) : routeMethod
  const type = dice.isOneIn(4) ? dice.pick(TYPES) : TYPES[0]
  const head = [`${method} ${address} HTTP/1.1`, host, ...authorization, `content-type: ${type}`, ...oddHeaders(dice)]
  return { route, bytes: written(dice, head, oddBody(dice)) }
}

/** Bytes that are no request at all. */
export function garbage(dice: Dice): Buffer {
  const starts: readonly [string, ...string[]] = [
    '',
    'GET / HTTP/1.1\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00',
    'GET / HTTP/9.9\r\n\r\n',
    '\r\n\r\n\r\n',
  ]
  return Buffer.concat([Buffer.from(dice.pick(starts), 'latin1'), dice.bytes(dice.roll(400))])
}
