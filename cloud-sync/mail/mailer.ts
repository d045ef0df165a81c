import type { FastifyBaseLogger } from 'fastify'
import { createTransport } from 'nodemailer'
import { isLoopback } from '#shared/http/is-loopback.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** A paper, as bytes; left out: none. */
  readonly attachment?: { readonly name: string; readonly bytes: Uint8Array }
}

/** Mails go out here; a cloud that was told no mail server has none, and says so wherever one would be sent. */
export interface Mailer {
  /** @returns whether the mail server took it. When not, it may have gone all the same: nothing is known. */
  send(mail: Mail): Promise<boolean>
  close(): void
}

export interface MailConfig {
  /** As smtp://user:password@host:587, or smtps:// */
  readonly smtpUrl: string
  /** Of whom mails are. */
  readonly from: string
}

const [CONNECTIONS_MAX, CONNECT_MS_MAX, ANSWER_MS_MAX] = [2, 5_000, 10_000]
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 }

/** What the mail server answered, without the address it was about. */
const reasonOf = (error: unknown): object => {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number }
  return { code, responseCode }
}

export function openMailer({ smtpUrl, from }: MailConfig, log: FastifyBaseLogger): Mailer {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const transport = createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    host: hostname,
    port: port === '' ? (PORTS[protocol] ?? 587) : Number(port),
    secure: protocol === 'smtps:',
    // Links that open accounts go there: in the clear only to this machine itself.
    requireTLS: !isLoopback(hostname),
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    socketTimeout: ANSWER_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, subject, text, attachment }) {
      try {
        // As a whole: nothing in it is read as a second address.
        const mail = { from, to: { name: '', address: to }, subject, text }
        const paper = attachment && {
          attachments: [{ filename: attachment.name, content: Buffer.from(attachment.bytes) }],
        }
        await transport.sendMail({ ...mail, ...paper })
        return true
      } catch (error) {
        log.warn(reasonOf(error), 'a mail could not be sent')
        return false
      }
    },
    close: () => transport.close(),
  }
}
