import { NOT_AUDITED } from '#shared/audit/operations.ts'
import type { DeviceId, ServiceId } from '#shared/domain/ids.ts'
import { BRANCH_ORIGIN } from '#shared/domain/step.ts'
import type { Ticket } from '#shared/domain/ticket.ts'
import { problem } from '#shared/wire/problem.ts'
import { DeviceParams } from '#shared/wire/requests.ts'
import {
  RoundBody,
  TrialOrder,
  TrialParams,
  TrialReport,
  type TrialsState,
  type TrialTicket,
} from '#shared/wire/trials.ts'
import { createSecretAnswers } from '../access/secret-answers.ts'
import { playRound } from '../commissioning/round.ts'
import { createTrials, type NoReport } from '../commissioning/trials.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'

const INSTALLER = { doors: ['installer'] } as const
/** Test tickets that are taken away in one go: fewer than the branch lets wait. */
const CANCELLED_AT_ONCE_MAX = 500
/** Which kind of device carries out which order; those that are not named, every one. */
const KIND_OF: Partial<Record<TrialOrder['kind'], 'kiosk' | 'display'>> = {
  paint: 'display',
  print: 'kiosk',
  tap: 'kiosk',
  'start-taps': 'kiosk',
  'end-taps': 'kiosk',
}

const NO_REPORT = { away: 'DeviceAway', silent: 'DeviceSilent', busy: 'TooBusy' } as const satisfies Record<
  NoReport,
  string
>

interface Told {
  readonly status: number
  readonly body: object
}

function told(answer: object | NoReport): Told {
  if (typeof answer === 'object') return { status: 200, body: answer }
  const body = problem(NO_REPORT[answer])
  return { status: body.status, body }
}

const isOfKiosk = ({ facts }: Ticket): boolean => facts.isTraining && facts.channel === 'kiosk'

/** For the installer who tries a branch out before it opens: nothing of it is in the log but test tickets. */
export function registerTrialRoutes(app: App, parts: Parts): void {
  const { waist, roster, feed, clocks } = parts
  const trials = createTrials(feed, clocks)
  const answers = createSecretAnswers(clocks.monotonicMs)
  const startedAtMs = Math.floor(clocks.wallMs())
  const testTickets = (): readonly Ticket[] => waist.branch().state.tickets.valueSeq().filter(isOfKiosk).toArray()

  app.post(
    '/api/v1/devices/:deviceId/trials',
    { config: { ...INSTALLER, audit: 'DeviceTried' }, schema: { params: DeviceParams, body: TrialOrder } },
    async (request, reply) => {
      const { status, body } = await answers.once(request, async (): Promise<Told> => {
        const deviceId = request.params.deviceId as DeviceId
        const device = roster.find(deviceId)
        if (device === undefined) return { status: 404, body: problem('DeviceUnknown', { about: deviceId }) }
        const order = request.body
        if ((KIND_OF[order.kind] ?? device.kind) !== device.kind)
          return { status: 403, body: problem('Forbidden', { about: deviceId }) }
        return told(await trials.order(deviceId, order))
      })
      return reply.code(status).send(body)
    },
  )
  app.post(
    '/api/v1/devices/self/trials/:trialId',
    {
      config: { doors: ['kiosk', 'caller', 'display'], audit: NOT_AUDITED.upkeep },
      schema: { params: TrialParams, body: TrialReport },
    },
    (request, reply) => {
      const { trialId } = request.params
      const isHeard = trials.hear(originOf(request).deviceId, trialId, request.body)
      return reply.code(isHeard ? 200 : 404).send(isHeard ? { trialId } : problem('TrialUnknown', { about: trialId }))
    },
  )
  app.post(
    '/api/v1/trials/rounds',
    { config: { ...INSTALLER, audit: NOT_AUDITED.inLog }, schema: { body: RoundBody } },
    async (request, reply) => {
      const { status, body } = await answers.once(request, async () => {
        const { kioskId, displayIds, serviceId } = request.body
        const round = {
          kioskId: kioskId as DeviceId,
          displayIds: displayIds.map((displayId) => displayId as DeviceId),
          serviceId: serviceId as ServiceId,
        }
        return told(await playRound(round, waist, trials, clocks.monotonicMs))
      })
      return reply.code(status).send(body)
    },
  )
  app.get('/api/v1/trials', { config: INSTALLER }, (): TrialsState => {
    const { head } = waist.branch()
    const tickets = testTickets().map(
      ({ facts, phase }): TrialTicket => ({
        ticketId: facts.ticketId,
        number: facts.number,
        status: phase.status,
        issuedAtMs: facts.issuedAtMs,
      }),
    )
    return { startedAtMs, epoch: head.epoch, seq: head.seq, tickets }
  })
  app.delete('/api/v1/trials', { config: { ...INSTALLER, audit: 'TrialsEnded' } }, async () => {
    const waiting = testTickets().filter(({ phase }) => phase.status === 'waiting')
    let cancelledCount = 0
    while (cancelledCount < waiting.length) {
      const some = waiting.slice(cancelledCount, cancelledCount + CANCELLED_AT_ONCE_MAX)
      await Promise.all(some.map((ticket) => cancel(parts, ticket)))
      cancelledCount += some.length
    }
    return { cancelledCount: waiting.length - testTickets().filter(({ phase }) => phase.status === 'waiting').length }
  })
}

/** Nobody holds the paper of a test ticket, so nobody but the branch itself can take it away. */
const cancel = ({ waist }: Parts, { facts: { ticketId } }: Ticket): Promise<unknown> =>
  waist.execute({
    origin: BRANCH_ORIGIN,
    command: { type: 'CancelTicket', ticketId },
    answer: () => ({ status: 200, body: {} }),
    idempotency: null,
    bookmark: null,
  })
