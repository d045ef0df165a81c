import type { FastifyRequest } from 'fastify'
import { isCode, plainCode } from '#shared/domain/appointment-code.ts'
import type { EpochMs, ServiceId } from '#shared/domain/ids.ts'
import { findService } from '#shared/domain/state.ts'
import { AppointmentsBody, CheckInBody } from '#shared/wire/appointments.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import { newTicketId } from '../new-ticket-id.ts'
import type { App, Parts } from '../parts.ts'
import { originOf } from '../plugins/doors.ts'
import { idempotencyKeyOf } from '../plugins/idempotency-key.ts'
import type { Ask } from '../settle.ts'
import type { Appointment } from '../store/appointments.ts'
import { ask, ticketAnswer } from './ask.ts'

/** Nobody finds another's code by trying. */
const TRIES_PER_MINUTE_MAX = 20

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
    { config: { doors: ['installer'] }, schema: { body: AppointmentsBody } },
    (request, reply) => {
      const expected = expectedOnes(request.body)
      const { state } = parts.waist.branch()
      const stray = expected.find(({ serviceId }) => findService(state, serviceId) === undefined)
      const codes = new Set(expected.map(({ code }) => code))
      const isClear = codes.size === expected.length && [...codes].every(isCode)
      const refused =
        stray !== undefined
          ? problem('ServiceUnknown', { about: stray.serviceId })
          : isClear
            ? null
            : problem('RequestInvalid')
      if (refused !== null) return reply.code(refused.status).send(refused)
      const answer = () => ({ status: 200, body: { count: expected.length } })
      const writes: Ask['writes'] = ({ appointments }) => appointments.replace(expected)
      return ask(parts, request, reply, { type: 'KeepTime' }, answer, { writes })
    },
  )
}

/** A customer says that she has come: her ticket waits for the time she has booked. */
function registerCheckIn(app: App, parts: Parts): void {
  /** Codes whose ticket is being written: two kiosks may read one code at once. */
  const underWay = new Set<string>()

  /** Whether this very request was answered before; then its answer is given again. */
  const isRepeated = (request: FastifyRequest): boolean => {
    const key = idempotencyKeyOf(request)
    const { answers } = parts.waist.branch().store
    return key !== null && answers.find(originOf(request).deviceId, key) !== null
  }

  function whyNot(found: Appointment | null, code: string): Problem | null {
    if (found === null) return problem('AppointmentUnknown')
    return found.ticketId !== null || underWay.has(code) ? problem('AppointmentUsed') : null
  }

  app.post(
    '/api/v1/check-ins',
    {
      config: {
        doors: ['kiosk', 'caller'],
        rateLimit: {
          max: TRIES_PER_MINUTE_MAX,
          timeWindow: 60_000,
          hook: 'preHandler',
          keyGenerator: (request) => originOf(request).deviceId,
        },
      },
      schema: { body: CheckInBody },
    },
    async (request, reply) => {
      const code = plainCode(request.body.code)
      const found = parts.waist.branch().store.appointments.find(code)
      const refused = isRepeated(request) ? null : whyNot(found, code)
      if (refused !== null) return reply.code(refused.status).send(refused)
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
        return await ask(parts, request, reply, command, ticketAnswer(201), { writes })
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
