import type { FastifyRequest } from 'fastify'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { CODE_LENGTH, isClearCode, plainCode } from '#shared/domain/appointment-code.ts'
import type { Origin } from '#shared/domain/commands.ts'
import type { EpochMs, ServiceId } from '#shared/domain/ids.ts'
import { findService } from '#shared/domain/state.ts'
import { idempotencyKeyOf } from '#shared/http/idempotency-key.ts'
import { AppointmentsBody, CheckInBody } from '#shared/wire/appointments.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { createCodeTries } from '../access/code-tries.ts'
import type { App, Parts } from '../parts.ts'
import { paceOfDevice } from '../plugins/device-pace.ts'
import { originOf } from '../plugins/doors.ts'
import type { Appointment } from '../store/appointments.ts'
import { newTicketId } from '../waist/new-ticket-id.ts'
import type { Ask } from '../waist/settle.ts'
import { ask, ticketAnswer } from './ask.ts'

/** A device that asks more often is broken; who guesses meets the limits of code-tries.ts first. */
const ASKS_PER_MINUTE_MAX = 20
const CODES = `Each code has ${CODE_LENGTH.min} to ${CODE_LENGTH.max} letters and digits, none of them I, L or O, and is there once`

function expectedOnes(body: AppointmentsBody): readonly Omit<Appointment, 'ticketId'>[] {
  return body.appointments.map(({ code, serviceId, bookedAtMs }) => ({
    code: plainCode(code),
    serviceId: serviceId as ServiceId,
    bookedAtMs: bookedAtMs as EpochMs,
  }))
}

/** Takes the list of those who are expected. Until the cloud's inbox brings it, whoever sets the branch up sends it. */
function registerList(app: App, parts: Parts): void {
  app.put(
    '/api/v1/appointments',
    { config: { doors: ['installer'], audit: 'AppointmentsReplaced' }, schema: { body: AppointmentsBody } },
    (request, reply) => {
      const expected = expectedOnes(request.body)
      const { state } = parts.waist.branch()
      const stray = expected.find(({ serviceId }) => findService(state, serviceId) === undefined)
      const codes = new Set(expected.map(({ code }) => code))
      const unclear = request.body.appointments.find(({ code }) => !isClearCode(code))?.code
      const refused =
        stray !== undefined
          ? problem('ServiceUnknown', { about: stray.serviceId })
          : unclear !== undefined || codes.size < expected.length
            ? problem('RequestInvalid', { detail: CODES, ...(unclear !== undefined && { about: unclear }) })
            : null
      if (refused !== null) return reply.code(refused.status).send(refused)
      const answer = () => ({ status: 200, body: { count: expected.length } })
      const writes: Ask['writes'] = ({ appointments }) => appointments.replace(expected)
      return ask(parts, request, reply, { type: 'KeepTime' }, answer, {
        writes,
        audit: () => ({ after: { count: expected.length } }),
      })
    },
  )
}

/** A customer says that she has come: her ticket waits for the time she has booked. */
function registerCheckIn(app: App, parts: Parts): void {
  /** Codes whose ticket is being written: two kiosks may read one code at once. */
  const underWay = new Set<string>()
  const tries = createCodeTries(parts.clocks.monotonicMs)

  /** Whether this very request was answered before; then its answer is given again. */
  const isRepeated = (request: FastifyRequest): boolean => {
    const key = idempotencyKeyOf(request)
    const { answers } = parts.waist.branch().store
    return key !== null && answers.find(originOf(request).deviceId, key) !== null
  }

  /** A kiosk, at which anybody may try, is not told whether a code was ever anybody's; staff are. */
  function whyNot(found: Appointment | null, code: string, { kind }: Origin): Problem | null {
    if (found === null) return problem('AppointmentUnknown')
    const isUsed = found.ticketId !== null || underWay.has(code)
    return isUsed ? problem(kind === 'caller' ? 'AppointmentUsed' : 'AppointmentUnknown') : null
  }

  app.post(
    '/api/v1/check-ins',
    {
      config: { doors: ['kiosk', 'caller'], audit: NOT_AUDITED.inLog, rateLimit: paceOfDevice(ASKS_PER_MINUTE_MAX) },
      schema: { body: CheckInBody },
    },
    async (request, reply) => {
      const code = plainCode(request.body.code)
      const origin = originOf(request)
      const isTold = isRepeated(request)
      if (!isTold && !tries.mayTry(origin.deviceId)) return reply.code(429).send(problem('TooManyRequests'))
      const found = parts.waist.branch().store.appointments.find(code)
      const refused = isTold ? null : whyNot(found, code, origin)
      if (refused !== null) {
        tries.failed(origin.deviceId, code)
        return reply.code(refused.status).send(refused)
      }
      const ticketId = newTicketId()
      const command = {
        type: 'IssueTicket',
        ticketId,
        serviceId: (found?.serviceId ?? '') as ServiceId,
        channel: 'appointment',
        priority: null,
        language: request.body.language ?? null,
        ...(found !== null && { bookedAtMs: found.bookedAtMs }),
      } as const
      const writes: Ask['writes'] = ({ appointments }) => appointments.noteTicket(code, ticketId)
      underWay.add(code)
      try {
        await ask(parts, request, reply, command, ticketAnswer(201), { writes })
        if (reply.statusCode === 201) tries.worked(origin.deviceId, code)
        // What another day's code is answered with says as much as what a used one is.
        else if (reply.statusCode < 500) tries.failed(origin.deviceId, code)
        return reply
      } finally {
        underWay.delete(code)
      }
    },
  )
}

export function registerAppointmentRoutes(app: App, parts: Parts): void {
  registerList(app, parts)
  registerCheckIn(app, parts)
}
