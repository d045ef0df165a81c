import { isIP } from 'node:net'
import { isLoopback } from '#shared/http/is-loopback.ts'
import { ConfigError, portOf } from '#shared/program/config-error.ts'
import { isEmail } from './identity/people/email.ts'
import type { MailConfig } from './mail/mailer.ts'
import type { TwilioConfig } from './notify/twilio.ts'

/** What the cloud is told by its environment; frozen once read. */
export interface Config {
  readonly host: string
  readonly port: number
  /** Of our own Postgres, and of what only this machine keeps. */
  readonly folder: string
  /** null: a Postgres of our own. */
  readonly databaseUrl: string | null
  /** As people's browsers and branches reach the cloud; null: at the address it listens on. */
  readonly publicUrl: string | null
  /** Of the proxy that stands before the cloud and says for whom it asks; null: none is believed. */
  readonly proxyAddress: string | null
  /** null: we answer for the shapes ourselves. */
  readonly electricUrl: string | null
  /** null: no mail goes out. */
  readonly mail: MailConfig | null
  /** null: no text messages go out. */
  readonly twilio: TwilioConfig | null
}

type Environment = Readonly<Record<string, string | undefined>>

function hostOf(text: string): string {
  if (!isLoopback(text) && isIP(text) === 0)
    throw new ConfigError(
      `CLOUD_HOST must be an address of this machine, as 127.0.0.1 or 0.0.0.0 for all, not "${text}".`,
    )
  return text
}

/** Its password makes those of the roles that work, so there must be one. */
function databaseUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isWhole = url !== null && url.username !== '' && url.password !== '' && url.pathname.length > 1
  if (!isWhole || !/^postgres(ql)?:$/.test(url.protocol))
    throw new ConfigError(
      'DATABASE_URL must be as postgres://user:password@host:5432/database, with user, password and database.',
    )
  return text
}

function electricUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new ConfigError('ELECTRIC_URL must be as http://127.0.0.1:3000, where an Electric service answers.')
  return text
}

function publicUrlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '' && url.pathname === '/'
  // Passwords and tokens go there: in the clear only to this machine itself.
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (!isPlain || !isSafe)
    throw new ConfigError(
      'CLOUD_PUBLIC_URL must be as https://queue.example.org, where people reach this cloud; http:// only on this machine.',
    )
  return url.origin
}

function proxyAddressOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (isIP(text) === 0)
    throw new ConfigError(
      'CLOUD_PROXY_ADDRESS must be the address that the proxy before the cloud asks from, as 127.0.0.1.',
    )
  return text
}

/** `Name <address>`, or the address alone. */
const senderOf = (text: string): string => /^[^<>\r\n]*<([^<>]+)>$/.exec(text)?.[1] ?? text

function mailOf(smtpUrl: string | undefined, from: string | undefined): MailConfig | null {
  if (smtpUrl === undefined) return null
  const url = URL.canParse(smtpUrl) ? new URL(smtpUrl) : null
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new ConfigError('SMTP_URL must be as smtp://user:password@mail.example.org:587, or smtps:// for port 465.')
  if (from === undefined || !isEmail(senderOf(from)))
    throw new ConfigError('DEFAULT_FROM_EMAIL must be the address that mails come from, as queue@example.org.')
  return { smtpUrl, from }
}

const TWILIO_URL = 'https://api.twilio.com'

/** All of it or nothing: half of it would be a sender that fails at its first message. */
function twilioOf(environment: Environment): TwilioConfig | null {
  const [accountSid, authToken, from] = ['ACCOUNT_SID', 'AUTH_TOKEN', 'PHONE_NUMBER'].map(
    (name) => environment[`TWILIO_${name}`],
  )
  if (accountSid === undefined && authToken === undefined && from === undefined) return null
  if (accountSid === undefined || !/^AC[0-9a-f]{32}$/.test(accountSid))
    throw new ConfigError('TWILIO_ACCOUNT_SID must be AC and 32 of 0-9 and a-f, as Twilio shows it.')
  if (authToken === undefined || authToken.length < 16)
    throw new ConfigError('TWILIO_AUTH_TOKEN must be the token of TWILIO_ACCOUNT_SID, as Twilio shows it.')
  if (from === undefined || !/^\+[1-9]\d{6,14}$/.test(from))
    throw new ConfigError('TWILIO_PHONE_NUMBER must be the number that text messages come from, as +15005550006.')
  const text = environment['TWILIO_BASE_URL'] ?? TWILIO_URL
  const url = URL.canParse(text) ? new URL(text) : null
  // The token goes there: in the clear only to this machine itself.
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  if (!isSafe) throw new ConfigError(`TWILIO_BASE_URL must be as ${TWILIO_URL}; http:// only on this machine.`)
  return { accountSid, authToken, from, baseUrl: url.origin }
}

/** @throws ConfigError with one sentence naming the variable that is wrong */
export function readConfig(environment: Environment): Config {
  const folder = environment['CLOUD_DATA_DIR'] ?? 'data/cloud'
  if (folder.trim() === '') throw new ConfigError('CLOUD_DATA_DIR must name a folder.')
  return Object.freeze({
    host: hostOf(environment['CLOUD_HOST'] ?? '127.0.0.1'),
    port: portOf('CLOUD_PORT', environment['CLOUD_PORT'] ?? '7080'),
    folder,
    databaseUrl: databaseUrlOf(environment['DATABASE_URL']),
    publicUrl: publicUrlOf(environment['CLOUD_PUBLIC_URL']),
    proxyAddress: proxyAddressOf(environment['CLOUD_PROXY_ADDRESS']),
    electricUrl: electricUrlOf(environment['ELECTRIC_URL']),
    mail: mailOf(environment['SMTP_URL'], environment['DEFAULT_FROM_EMAIL']),
    twilio: twilioOf(environment),
  })
}
