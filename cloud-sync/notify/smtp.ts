import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { isLoopback } from '#shared/http/is-loopback.ts'
import type { MailConfig } from '../mail/mailer.ts'
import type { Outgoing, Provider, SendOutcome } from './provider.ts'

const [CONNECT_MS_MAX, ANSWER_MS_MAX] = [5_000, 10_000]
const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 }

/** `Name <address>`, or the address alone. */
const addressIn = (text: string): string => /<([^<>]+)>$/.exec(text)?.[1] ?? text

/** As bytes; its name is ours, so that whoever gets it twice sees that it is one. */
async function compose(from: string, { messageId, recipient, subject, body }: Outgoing): Promise<Buffer> {
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = addressIn(from).split('@').at(-1) ?? 'localhost'
  const { message } = await composer.sendMail({
    ...{ from, to: { name: '', address: recipient }, subject, text: body, messageId: `<${messageId}@${domain}>` },
  })
  return message as Buffer
}

/** What a mail server said no with: for good, or for now. */
function refusal(error: SMTPConnection.SMTPError): SendOutcome {
  const { responseCode = 0, code = 'no answer' } = error
  if (responseCode >= 500) return { kind: 'refused', reason: `Refused${responseCode}` }
  return { kind: 'again', reason: responseCode > 0 ? `Answered${responseCode}` : code, isAway: responseCode === 0 }
}

/** E-mail by SMTP. A mail server cannot be asked what it has taken: what is unknown stays so, and is not sent again. */
export function createSmtp({ smtpUrl, from }: MailConfig): Provider {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const options = {
    host: hostname,
    port: port === '' ? (PORTS[protocol] ?? 587) : Number(port),
    secure: protocol === 'smtps:',
    requireTLS: !isLoopback(hostname),
    ...{ connectionTimeout: CONNECT_MS_MAX, greetingTimeout: CONNECT_MS_MAX, socketTimeout: ANSWER_MS_MAX },
  }
  const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) }

  function deliver(bytes: Buffer, recipient: string, messageId: string): Promise<SendOutcome> {
    const connection = new SMTPConnection(options)
    /** The server has asked for the words of it: from here on it may have them. */
    let hasLeft = false
    const words = new Readable({
      read() {
        hasLeft = true
        this.push(bytes)
        this.push(null)
      },
    })
    return new Promise<SendOutcome>((resolve) => {
      const fail = (error: SMTPConnection.SMTPError): void => {
        const isSaid = (error.responseCode ?? 0) > 0
        resolve(hasLeft && !isSaid ? { kind: 'unknown', reason: error.code ?? 'no answer' } : refusal(error))
      }
      const send = (): void =>
        connection.send({ from: addressIn(from), to: [recipient] }, words, (error) => {
          if (error !== null) return fail(error)
          connection.quit()
          return resolve({ kind: 'accepted', providerId: messageId })
        })
      connection.on('error', fail)
      connection.connect((connectFault) => {
        if (connectFault) return fail(connectFault)
        if (username === '') return send()
        return connection.login({ credentials }, (fault) =>
          // Ours alone: nothing is wrong with the message.
          fault ? resolve({ kind: 'again', reason: 'CredentialsRefused', isAway: true }) : send(),
        )
      })
    }).finally(() => connection.close())
  }

  return {
    ...{ name: 'smtp', channel: 'email' },
    async send(message) {
      const bytes = await compose(from, message).catch(() => null)
      if (bytes === null) return { kind: 'refused', reason: 'Unwritable' }
      return deliver(bytes, message.recipient, message.messageId)
    },
  }
}
