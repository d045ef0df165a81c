import type { AuditCode } from '#shared/audit/operations.ts'
import type { MessageId } from '#shared/domain/ids.ts'
import { MessageBody, Nothing } from '#shared/wire/requests.ts'
import type { App, Parts } from '../parts.ts'
import type { Ask } from '../waist/settle.ts'
import { ask } from './ask.ts'

const MANAGEMENT = { doors: ['caller', 'installer'] } as const

const intakeAnswer: Ask['answer'] = ({ state }) => ({ status: 200, body: { isStopped: state.isIntakeStopped } })
const messageAnswer: Ask['answer'] = ({ state }) => ({
  status: 200,
  body: { messageId: state.message?.messageId ?? null, minutes: state.message?.minutes ?? null },
})

/** What a manager tells the whole branch: no more tickets today, and a message on every screen. */
export function registerNoticeRoutes(app: App, parts: Parts): void {
  const nothing = (audit: AuditCode) => ({ config: { ...MANAGEMENT, audit }, schema: { body: Nothing } })
  app.post('/api/v1/intake/stop', nothing('IntakeStopped'), (request, reply) =>
    ask(parts, request, reply, { type: 'StopIntake' }, intakeAnswer),
  )
  app.post('/api/v1/intake/resume', nothing('IntakeResumed'), (request, reply) =>
    ask(parts, request, reply, { type: 'ResumeIntake' }, intakeAnswer),
  )
  app.post(
    '/api/v1/message',
    { config: { ...MANAGEMENT, audit: 'MessageShown' }, schema: { body: MessageBody } },
    (request, reply) => {
      const { minutes = null } = request.body
      const messageId = request.body.messageId as MessageId
      return ask(parts, request, reply, { type: 'ShowMessage', messageId, minutes }, messageAnswer)
    },
  )
  app.post('/api/v1/message/clear', nothing('MessageCleared'), (request, reply) =>
    ask(parts, request, reply, { type: 'ClearMessage' }, messageAnswer),
  )
}
