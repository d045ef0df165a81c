import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { DeviceId, TicketId } from '#shared/domain/ids.ts'
import { problem } from '#shared/wire/problem.ts'
import { WithdrawBody } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import type { StoredAnswer } from '../store/answers.ts'
import type { Ask } from '../waist/settle.ts'
import { ask } from './ask.ts'
import { keepingDetails } from './customer-details.ts'

/** A request of the same tap that is still on its way brings no ticket any more. */
function answerAhead(deviceId: DeviceId, key: string): StoredAnswer {
  const body = problem('TapWithdrawn')
  return { deviceId, key, requestHash: null, status: body.status, body: JSON.stringify(body), ticketId: null }
}

/**
 * A kiosk heard no answer to a tap, and gave the customer neither paper nor number: whatever this branch made for that
 * tap is nobody's. Known by the keys of the taps, so that it may be said any number of times.
 */
export function registerWithdrawals(app: App, parts: Parts): void {
  app.post(
    '/api/v1/tickets/withdraw',
    { config: { doors: ['kiosk'], audit: NOT_AUDITED.inLog }, schema: { body: WithdrawBody } },
    (request, reply) => {
      const { keys } = request.body
      const { deviceId } = originOf(request)
      let withdrawn: readonly TicketId[] = []
      const command: Ask['command'] = ({ findAnswer }) => ({
        type: 'WithdrawTickets',
        ticketIds: keys.flatMap((key) => findAnswer(deviceId, key)?.ticketId ?? []),
      })
      const { answer, writes } = keepingDetails(
        ({ events }) => {
          withdrawn = events.flatMap((event) => (event.type === 'TicketCancelled' ? [event.ticketId] : []))
          if (withdrawn.length > 0)
            request.log.warn({ deviceId, withdrawn }, 'tickets that no paper carries are withdrawn')
          return { status: 200, body: { withdrawn } }
        },
        () => undefined,
      )
      return ask(parts, request, reply, command, answer, {
        writes(store) {
          writes(store)
          for (const ticketId of withdrawn) store.appointments.freeOf(ticketId)
        },
        answersAhead: () => keys.map((key) => answerAhead(deviceId, key)),
      })
    },
  )
}
