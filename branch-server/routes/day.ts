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
  const staff = { config: { doors: ['caller', 'installer'] }, schema: { body: Nothing } } as const
  app.post('/api/v1/day/close', staff, (request, reply) => ask(parts, request, reply, { type: 'CloseDay' }, dayAnswer))
  app.post('/api/v1/day/confirm-clock', staff, (request, reply) =>
    ask(parts, request, reply, { type: 'ConfirmClock', by: 'staff' }, dayAnswer),
  )
}
