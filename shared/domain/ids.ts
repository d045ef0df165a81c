/** Names and units of the domain. A brand costs nothing at run time and keeps a counter from being taken for a queue. */
declare const brand: unique symbol
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

export type TicketId = Brand<string, 'TicketId'>
export type ServiceId = Brand<string, 'ServiceId'>
export type QueueId = Brand<string, 'QueueId'>
export type CounterId = Brand<string, 'CounterId'>
export type AgentId = Brand<string, 'AgentId'>
export type DeviceId = Brand<string, 'DeviceId'>
export type PriorityClassId = Brand<string, 'PriorityClassId'>
export type ReasonId = Brand<string, 'ReasonId'>
export type OutcomeId = Brand<string, 'OutcomeId'>
export type SkillId = Brand<string, 'SkillId'>
export type ProfileId = Brand<string, 'ProfileId'>
export type MessageId = Brand<string, 'MessageId'>
/** A picture or a film, known by its content: SHA-256 in hexadecimal. */
export type MediaId = Brand<string, 'MediaId'>

/** What is printed on the paper: `A042`. Unique per business date. */
export type TicketNumber = Brand<string, 'TicketNumber'>
/** The letters before the digits; services with the same prefix share one series. */
export type Series = Brand<string, 'Series'>
/** A date in the branch's zone, `2026-11-23`, which begins at the branch's cut-over. Compares as text. */
export type BusinessDate = Brand<string, 'BusinessDate'>

/** One unbroken life of a branch's log. */
export type Epoch = Brand<string, 'Epoch'>
/** Place in one epoch of the log: 1, 2, 3 with no gap. */
export type EventSeq = Brand<number, 'EventSeq'>
/** Where an event stands in a branch's log, whatever has begun since. */
export interface EventPlace {
  readonly epoch: Epoch
  readonly seq: EventSeq
}

/** SHA-256 in hexadecimal. */
export type Sha256 = Brand<string, 'Sha256'>

/** Milliseconds since 1970 UTC as the branch believes them: a label for people, never an order or a duration. */
export type EpochMs = Brand<number, 'EpochMs'>
/**
 * Milliseconds on the branch's own steady time, which only ever goes forward, whatever happens to the wall clock.
 * Orders and durations come from it; its zero means nothing.
 */
export type SteadyMs = Brand<number, 'SteadyMs'>

/** One instant, read once per command and handed on. */
export interface Moment {
  readonly atMs: EpochMs
  readonly steadyMs: SteadyMs
}

/** The languages every text of the product exists in. */
export const LANGUAGES = ['fr', 'en', 'ar'] as const
export type Language = (typeof LANGUAGES)[number]
