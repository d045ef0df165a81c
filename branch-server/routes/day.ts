import type { AuditCode } from '#shared/audit/operations.ts'
import { Nothing } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import type { Ask } from '../waist/settle.ts'
import { ask } from './ask.ts'

const dayAnswer: Ask['answer'] = ({ state }) => ({
  status: 200,
  body: {
    date: state.day?.date ?? null,
    isClosed: state.day?.isClosed ?? false,
    isClockDoubted: state.clock.isDoubted,
  },
})

export function registerDayRoutes(app: App, parts: Parts): void {
  const staff = (audit: AuditCode) => ({
    config: { doors: ['caller', 'installer'] as const, audit },
    schema: { body: Nothing },
  })
  app.post('/api/v1/day/close', staff('DayClosed'), (request, reply) =>
    ask(parts, request, reply, { type: 'CloseDay' }, dayAnswer),
  )
  app.post('/api/v1/day/confirm-clock', staff('ClockConfirmed'), (request, reply) =>
    ask(parts, request, reply, { type: 'ConfirmClock', by: 'staff' }, dayAnswer),
  )
}
