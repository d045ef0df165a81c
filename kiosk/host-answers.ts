import type { ServiceId, TicketId } from '#shared/domain/ids.ts'
import type { GivenTicket, Paper } from './model.ts'

/** What the kiosk's host says of its printer, as far as the customer's screen needs it. */
export interface PrinterView {
  readonly isOutOfPaper: boolean
  readonly isSimulated: boolean
}

export interface JobView {
  readonly id: string
  readonly state: string
}

export interface GivenAnswer {
  readonly ticket: GivenTicket
  readonly job: JobView | null
}

type Fields = { readonly [name: string]: unknown }

const isFields = (json: unknown): json is Fields => typeof json === 'object' && json !== null

const readJob = (json: unknown): JobView | null =>
  isFields(json) && typeof json['id'] === 'string' && typeof json['state'] === 'string'
    ? { id: json['id'], state: json['state'] }
    : null

function readEstimate(json: unknown): GivenTicket['estimate'] {
  if (!isFields(json)) return null
  const { lowMs, highMs } = json
  return typeof lowMs === 'number' && typeof highMs === 'number' ? { lowMs, highMs } : null
}

const readPlan = (json: unknown): readonly ServiceId[] =>
  Array.isArray(json) ? json.filter((id) => typeof id === 'string').map((id) => id as ServiceId) : []

/** @returns null when the answer holds no ticket */
export function readGiven(json: unknown): GivenAnswer | null {
  if (!isFields(json) || !isFields(json['ticket'])) return null
  const { ticketId, number, serviceId, position, estimate, plan } = json['ticket']
  if (typeof ticketId !== 'string' || typeof number !== 'string' || typeof serviceId !== 'string') return null
  const job = readJob(json['printJob'])
  return {
    ticket: {
      ticketId: ticketId as TicketId,
      number,
      serviceId: serviceId as ServiceId,
      position: typeof position === 'number' ? position : null,
      estimate: readEstimate(estimate),
      plan: readPlan(plan),
      isOffline: json['offline'] === true,
      printJobId: job?.id ?? null,
    },
    job,
  }
}

export function readPrinter(json: unknown): PrinterView | null {
  if (!isFields(json)) return null
  return { isOutOfPaper: json['paper'] === 'out', isSimulated: json['simulated'] === true }
}

/** The one job among the host's latest. */
export function readJobState(json: unknown, jobId: string): JobView | null {
  if (!Array.isArray(json)) return null
  return json.map(readJob).find((job) => job?.id === jobId) ?? null
}

/** What the customer is told of the paper. Says "printed" only when the host does. */
export function paperOf(job: JobView | null, printer: PrinterView | null): Paper {
  if (job === null) return 'none'
  switch (job.state) {
    case 'confirmed':
    case 'sent':
      return printer?.isSimulated === true ? 'simulated' : 'ready'
    case 'queued':
    case 'sending':
      return printer?.isOutOfPaper === true ? 'no-paper' : 'coming'
    case 'uncertain':
      return 'uncertain'
    default:
      return printer?.isOutOfPaper === true ? 'no-paper' : 'failed'
  }
}
