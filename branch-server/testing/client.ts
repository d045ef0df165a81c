import type { TicketJson } from '#shared/project/ticket-json.ts'
import type { DeviceKind } from '#shared/wire/requests.ts'
import { PIN } from './bank-catalogue.ts'

/** What came back: the status, and the body as the contract says it looks. */
export interface Answer<Body> {
  readonly status: number
  readonly body: Body
  readonly headers: Headers
}

type Headings = Readonly<Record<string, string>>

/** Somebody who asks the branch over HTTP. Nothing is checked here: a test says what it expects. */
export interface Client {
  /** null: nobody in particular. */
  readonly token: string | null
  readonly url: string
  send<Body = unknown>(method: string, path: string, body?: unknown, headers?: Headings): Promise<Answer<Body>>
  get<Body = unknown>(path: string): Promise<Answer<Body>>
  post<Body = unknown>(path: string, body?: unknown, headers?: Headings): Promise<Answer<Body>>
}

/** A paired device, and what its kind does all day. */
export interface DeviceClient extends Client {
  readonly deviceId: string
  readonly kind: DeviceKind
  readonly slot: number | null
  issue(serviceId: string, more?: object, headers?: Headings): Promise<Answer<TicketJson>>
  open(counterId: string, agentId: string, pin?: string): Promise<Answer<unknown>>
  callNext(counterId: string, headers?: Headings): Promise<Answer<TicketJson>>
  /** One act on one ticket: recall, start, hold, resume, return, complete, no-show, cancel, reinstate, transfer. */
  act(ticketId: string, act: string, body?: object, headers?: Headings): Promise<Answer<TicketJson>>
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function createClient(url: string, token: string | null): Client {
  const client: Client = {
    token,
    url,
    async send<Body>(method: string, path: string, body?: unknown, headers: Headings = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return { status: response.status, body: parsed(await response.text()) as Body, headers: response.headers }
    },
    get: (path) => client.send('GET', path),
    post: (path, body, headers) => client.send('POST', path, body, headers),
  }
  return client
}

export function createDeviceClient(
  url: string,
  { token, deviceId, kind, slot }: { token: string; deviceId: string; kind: DeviceKind; slot: number | null },
): DeviceClient {
  const client = createClient(url, token)
  const { post } = client
  return {
    ...client,
    deviceId,
    kind,
    slot,
    issue: (serviceId, more, headers) => post('/api/v1/tickets', { serviceId, ...more }, headers),
    open: (counterId, agentId, pin = PIN) => post(`/api/v1/counters/${counterId}/open`, { agentId, pin }),
    callNext: (counterId, headers) => post(`/api/v1/counters/${counterId}/call-next`, undefined, headers),
    act: (ticketId, act, body, headers) => post(`/api/v1/tickets/${ticketId}/${act}`, body, headers),
  }
}
