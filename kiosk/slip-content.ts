import { wordsIn } from '#shared/domain/catalogue.ts'
import { PLAIN_SLIP_LAYOUT } from '#shared/domain/catalogue-defaults.ts'
import type { Language, ServiceId } from '#shared/domain/ids.ts'
import { type BranchState, findService } from '#shared/domain/state.ts'
import type { Pairing } from '#shared/host/pairing.ts'
import { signPaper, tokenDigest } from '#shared/network/paper-signature.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import { waitRange } from '#shared/project/wait-range.ts'
import { serviceSign } from '#shared/slip/pictograms.ts'
import type { SlipContent } from '#shared/slip/slip.ts'
import { PAPER_PREFIX } from '#shared/wire/paper-code.ts'

/** What a kiosk signs its papers with, with or without the server. */
export type PaperSigner = Pick<Pairing, 'slot' | 'token'>

/** A kiosk without a slot has nobody who would know its word. */
function codeOf({ ticketId }: TicketJson, signer: PaperSigner | null): string {
  if (signer === null || signer.slot === null) return `${PAPER_PREFIX}${ticketId}`
  return signPaper({ ticketId, slot: signer.slot }, tokenDigest(signer.token))
}

/** All that a ticket's paper will say, as the branch wants it. @returns null when its service is not known here */
export function slipContent(
  ticket: TicketJson,
  state: BranchState,
  offline: boolean,
  signer: PaperSigner | null,
): SlipContent | null {
  const settings = state.catalogue?.body.branch
  const service = findService(state, ticket.serviceId as ServiceId)
  if (settings === undefined || service === undefined) return null
  const language = ticket.language as Language
  const { parts, message, furtherLanguages } = settings.slip ?? PLAIN_SLIP_LAYOUT
  const messageIn = (spoken: Language) => (message === null ? null : wordsIn(message, spoken, settings.defaultLanguage))
  return {
    branchName: settings.name,
    serviceName: wordsIn(service.name, language, settings.defaultLanguage),
    number: ticket.number,
    language,
    issuedAtMs: ticket.issuedAtMs,
    timezone: settings.timezone,
    aheadCount: ticket.position === null ? null : ticket.position - 1,
    wait: waitRange(ticket.estimate),
    thenNames: ticket.plan.flatMap((serviceId) => {
      const next = findService(state, serviceId as ServiceId)
      return next === undefined ? [] : [wordsIn(next.name, language, settings.defaultLanguage)]
    }),
    offline,
    copyNumber: 1,
    qrData: codeOf(ticket, signer),
    parts,
    sign: serviceSign(service),
    message: messageIn(language),
    further: furtherLanguages
      .filter((further) => further !== language)
      .map((further) => ({
        language: further,
        serviceName: wordsIn(service.name, further, settings.defaultLanguage),
        message: messageIn(further),
      })),
  }
}
