import type { Catalogue } from './catalogue.ts'
import type { Language, ServiceId } from './ids.ts'

/** What a service may ask of whoever takes a ticket for it. Nobody has to answer. */
export const DETAILS = ['name', 'phone'] as const
export type Detail = (typeof DETAILS)[number]

/** The text a customer agreed to: the consent of this version of the catalogue, in this language. */
export interface Consent {
  readonly version: number
  readonly language: Language
}

/** What a customer said of herself. It is part of no event: it lies beside the log, and is erased when her day is over. */
export interface CustomerDetails {
  readonly name: string | null
  readonly phone: string | null
  readonly consent: Consent
}

/** What customers type, before anything is known of it. */
export interface SentDetails {
  readonly name?: string
  readonly phone?: string
  readonly consent: Consent
}

/** What the services of one visit ask, each once. */
export function asksOf(
  services: readonly { readonly asks?: readonly Detail[]; readonly id: ServiceId }[],
  visit: readonly ServiceId[],
): readonly Detail[] {
  const asked = services.filter(({ id }) => visit.includes(id)).flatMap(({ asks = [] }) => asks)
  return DETAILS.filter((detail) => asked.includes(detail))
}

/** One line without marks that turn the direction of what stands beside it. */
const cleanName = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/**
 * What is kept of what a customer typed: only what a service of the visit asks for.
 * @returns null when nothing is left of it
 */
export function keptDetails(
  catalogue: Catalogue | undefined,
  visit: readonly ServiceId[],
  sent: SentDetails | undefined,
): CustomerDetails | null {
  if (catalogue === undefined || sent === undefined) return null
  const asked = asksOf(catalogue.services, visit)
  const name = asked.includes('name') ? cleanName(sent.name ?? '') : ''
  const phone = asked.includes('phone') ? (sent.phone ?? '') : ''
  if (name === '' && phone === '') return null
  return { name: name === '' ? null : name, phone: phone === '' ? null : phone, consent: sent.consent }
}
