import { Type } from 'typebox'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import { type Messaging, REPLY_PATH, statusPath } from '../notify/messaging.ts'
import { reportOf } from '../notify/twilio.ts'
import { isSignedByTwilio } from '../notify/twilio-signature.ts'
import type { App, Parts } from '../parts.ts'
import { keepReport } from '../store/message-reports.ts'
import { stopRecipient, unstopRecipient } from '../store/message-stops.ts'
import { uuid } from './params.ts'

/**
 * What is not signed by the provider goes no further than the first lines of each. A provider that is told to come later
 * does not come again, and it calls from few addresses: what it says is not counted.
 */
const OPEN = {
  door: 'open',
  isUnpaced: true,
  audit: { none: 'of a customer, whose message says what came of it' },
} as const
const FORM_BYTES_MAX = 16 * 1024
const StatusParams = Type.Object({ tenantId: uuid(), messageId: uuid() }, strict)
/** What Twilio takes for a stop itself, in the languages that we write in. */
const STOP_WORDS = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'ARRET', 'ARRÊT', 'توقف', 'قف'])
const START_WORDS = new Set(['START', 'UNSTOP', 'YES', 'OUI', 'ابدأ'])

/** Whoever it is from: what is signed is texts, and nothing that would have to be made one. */
const isForm = (body: unknown): body is Record<string, string> =>
  typeof body === 'object' && body !== null && Object.values(body).every((value) => typeof value === 'string')

const SPACES_AND_STOPS = /[\s.!]+/g

/** What a provider tells us: what became of a message, and what people answer. */
export function registerProviderHooks(
  hooks: App,
  { database, nowMs }: Parts,
  { authToken, accountSid, publicUrl }: NonNullable<Messaging['twilio']> & Pick<Messaging, 'publicUrl'>,
): void {
  // Nobody is known here before the body is read: nothing else is read, and no more of it.
  hooks.removeAllContentTypeParsers()
  hooks.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  /** By the address that we gave it: a proxy may have asked for another. @returns null: it is not the provider's */
  function signedForm(path: string, body: unknown, signature: unknown): Readonly<Record<string, string>> | null {
    if (!isForm(body)) return null
    const form = body
    const isSigned = isSignedByTwilio({ authToken, url: publicUrl + path, form }, signature)
    return isSigned && form['AccountSid'] === accountSid ? form : null
  }

  hooks.post(
    statusPath(':tenantId', ':messageId'),
    { config: OPEN, bodyLimit: FORM_BYTES_MAX, schema: { params: StatusParams, hide: true } },
    async ({ params, body, headers, log }, reply) => {
      const { tenantId, messageId } = params
      const form = signedForm(statusPath(tenantId, messageId), body, headers['x-twilio-signature'])
      if (form === null) return reply.code(403).send(problem('Forbidden'))
      const [providerId, report] = [form['MessageSid'], reportOf(form['MessageStatus'])]
      // Signed, and no use to us: the provider must not bring it again.
      if (providerId === undefined || report === null) return reply.code(204).send()
      const code = form['ErrorCode'] ?? ''
      const reason = code === '' ? null : `Failed${code.slice(0, 12)}`
      const came = await keepReport(database, { tenantId, messageId, providerId, report, reason }, nowMs())
      if (came === 'sent twice') log.error({ tenantId, messageId, providerId }, 'a message has gone out twice')
      return reply.code(204).send()
    },
  )

  hooks.post(
    REPLY_PATH,
    { config: OPEN, bodyLimit: FORM_BYTES_MAX, schema: { hide: true } },
    async ({ body, headers }, reply) => {
      const form = signedForm(REPLY_PATH, body, headers['x-twilio-signature'])
      if (form === null) return reply.code(403).send(problem('Forbidden'))
      const recipient = form['From'] ?? ''
      const word = (form['Body'] ?? '').replaceAll(SPACES_AND_STOPS, '').toUpperCase()
      const of = { channel: 'sms', recipient } as const
      if (STOP_WORDS.has(word)) await stopRecipient(database, of, nowMs())
      else if (START_WORDS.has(word)) await unstopRecipient(database, of, nowMs())
      // Twilio answers STOP itself; nothing is to be said by us.
      return reply.type('text/xml').send('<Response/>')
    },
  )
}
