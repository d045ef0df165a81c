import type { UploadedEvent } from '../inbox/read-upload.ts'

/** What somebody can be told of, and what she must be allowed to read for it. */
export const TOPIC_SCOPES = {
  ticket: 'read:ticket',
  branch: 'read:queue',
  feedback: 'read:feedback',
  alert: 'read:queue',
} as const
export type Topic = keyof typeof TOPIC_SCOPES
export const TOPICS = Object.keys(TOPIC_SCOPES) as readonly Topic[]
/** Nobody asks customers yet: a receiver that waited for this would wait for ever. */
export const NOT_TOLD_YET: ReadonlySet<Topic> = new Set(['feedback'])

/** Something to be told: of one topic, under a type as `ticket.called`. */
export interface Message {
  readonly topic: Topic
  readonly type: string
  readonly body: string
}

const dashed = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()

/** `TicketNoShow` is `ticket.no-show`, `ServiceStarted` of a ticket `ticket.service-started`, `DayOpened` `branch.day-opened`. */
export function typeOf(eventType: string, isOfTicket: boolean): string {
  return isOfTicket ? `ticket.${dashed(eventType.replace(/^Ticket(?=[A-Z])/, ''))}` : `branch.${dashed(eventType)}`
}

const timeOf = (atMs: unknown): string =>
  typeof atMs === 'number' && Math.abs(atMs) < 8.64e15 ? new Date(atMs).toISOString() : new Date(0).toISOString()

/** What an event of a branch's log tells the world: the event as it stands there, which holds nothing of a person. */
export function messageOf(branchId: string, epoch: string, { type, event }: UploadedEvent): Message | null {
  // A branch may send what is no type of anybody's: that is kept and set aside, and told to nobody.
  if (!/^[A-Z][A-Za-z]{0,63}$/.test(type)) return null
  const isOfTicket = typeof event['ticketId'] === 'string'
  const name = typeOf(type, isOfTicket)
  const body = JSON.stringify({ type: name, timestamp: timeOf(event['atMs']), data: { branchId, epoch, event } })
  return { topic: isOfTicket ? 'ticket' : 'branch', type: name, body }
}
