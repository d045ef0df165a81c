import { MESSAGE_CHANNELS, MESSAGE_EVENTS, type MessageChannel, type MessageEvent } from '#shared/wire/messages.ts'
import { messageWords } from '#shared/words/messages.ts'
import type { TenantDb } from './database.ts'

type MessageLanguage = keyof (typeof messageWords)['called']

/** One text, and whose it is. */
export interface MessageText {
  readonly event: MessageEvent
  readonly channel: MessageChannel
  readonly language: MessageLanguage
  readonly subject: string
  readonly body: string
  readonly isOwn: boolean
}

const LANGUAGES = Object.keys(messageWords.called) as readonly MessageLanguage[]

/** Text messages have no subject. */
const ours = (event: MessageEvent, channel: MessageChannel, language: MessageLanguage): MessageText => {
  const { subject, text } = messageWords[event][language]
  return { event, channel, language, subject: channel === 'sms' ? '' : subject, body: text, isOwn: false }
}

/** Every text of a tenant: its own, and ours where it has none. */
export async function listTexts(db: TenantDb, tenantId: string): Promise<readonly MessageText[]> {
  const rows = await db.query<Omit<MessageText, 'isOwn'> & Record<string, unknown>>(
    'select event, channel, language, subject, body from message_template where tenant_id = $1',
    [tenantId],
  )
  const own = new Map(rows.map((row) => [`${row.event} ${row.channel} ${row.language}`, { ...row, isOwn: true }]))
  return MESSAGE_EVENTS.flatMap((event) =>
    MESSAGE_CHANNELS.flatMap((channel) =>
      LANGUAGES.map((language) => own.get(`${event} ${channel} ${language}`) ?? ours(event, channel, language)),
    ),
  )
}

export const keepText = (
  db: TenantDb,
  tenantId: string,
  { event, channel, language, subject, body }: Omit<MessageText, 'isOwn'>,
  nowMs: number,
): Promise<unknown> =>
  db.query(
    `insert into message_template values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, event, channel, language) do update
       set subject = excluded.subject, body = excluded.body, changed_at = excluded.changed_at`,
    [tenantId, event, channel, language, subject, body, new Date(nowMs)],
  )
