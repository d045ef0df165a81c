import { createServer } from 'node:net'
import { pino } from 'pino'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { type Mailer, openMailer } from './mailer.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const lines: string[] = []
const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) })

/** A real mail server. @returns what its mailboxes got, and a mailer that speaks to it */
async function serve(
  options: ConstructorParameters<typeof SMTPServer>[0],
  user = '',
): Promise<{ mailer: Mailer; got: string[] }> {
  const got: string[] = []
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, disabledCommands: ['STARTTLS'] },
    onData(stream, { envelope }, done) {
      let text = envelope.rcptTo.map(({ address }) => address).join()
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      stream.on('end', () => {
        got.push(text)
        done()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as { port: number }
  const mailer = openMailer({ smtpUrl: `smtp://${user}127.0.0.1:${port}`, from: 'Queue <queue@example.org>' }, log)
  open.push(mailer, { close: () => new Promise<void>((resolve) => server.close(() => resolve())) })
  return { mailer, got }
}

const mail = { to: 'awa@example.org', subject: 'Invitation: مصرف', text: 'Bonjour,\n\nun lien' }

test('a mail goes to one address, with its sender, and a subject that cannot become a second head line', async () => {
  const { mailer, got } = await serve({})
  expect(await mailer.send({ ...mail, subject: 'Bank\r\nBcc: thief@example.org' })).toBe(true)
  const [letter = ''] = got
  expect(letter.startsWith('awa@example.org')).toBe(true)
  expect(letter).toContain('From: Queue <queue@example.org>')
  expect(letter).not.toMatch(/^Bcc:/m)
})

test('it signs in where a name is given', async () => {
  const seen: string[] = []
  const { mailer } = await serve(
    {
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username = '', password = '' }, _session, done) {
        seen.push(`${username} ${password}`)
        done(null, { user: username })
      },
    },
    'queue:p%40ss@',
  )
  expect([await mailer.send(mail), seen]).toEqual([true, ['queue p@ss']])
})

test('what the mail server refuses, or is not there to take, is told, and no address is in the log', async () => {
  const { mailer } = await serve({
    onRcptTo: (_address, _session, done) =>
      done(Object.assign(new Error('no awa@example.org here'), { responseCode: 550 })),
  })
  expect(await mailer.send(mail)).toBe(false)
  const nobody = openMailer({ smtpUrl: 'smtp://127.0.0.1:9', from: 'queue@example.org' }, log)
  open.push(nobody)
  expect(await nobody.send(mail)).toBe(false)
  expect(lines).toHaveLength(2)
  expect(lines.join('')).toContain('550')
  expect(lines.join('')).not.toContain('awa@')
})

test('a mail server that says nothing is given up', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'queue@example.org' }, log)
  open.push(mailer, silent)
  expect(await mailer.send(mail)).toBe(false)
}, 30_000)

test('a mail server that is named wrongly, or without a sender, keeps the cloud from starting', () => {
  const from = { DEFAULT_FROM_EMAIL: 'queue@example.org' }
  expect(readConfig({}).mail).toBeNull()
  expect(readConfig({ SMTP_URL: 'smtps://mail.example.org', ...from }).mail).toMatchObject({
    from: 'queue@example.org',
  })
  for (const SMTP_URL of ['mail.example.org', 'http://mail.example.org', 'smtp://'])
    expect(() => readConfig({ SMTP_URL, ...from })).toThrow(/^SMTP_URL must/)
  for (const DEFAULT_FROM_EMAIL of ['', 'nobody', 'Queue <a@b.c>, d@e.f', 'Queue <a@b.c>\r\nBcc: d@e.f'])
    expect(() => readConfig({ SMTP_URL: 'smtp://mail.example.org', DEFAULT_FROM_EMAIL })).toThrow(
      /^DEFAULT_FROM_EMAIL must/,
    )
  expect(() => readConfig({ SMTP_URL: 'smtp://mail.example.org' })).toThrow(/^DEFAULT_FROM_EMAIL must/)
})
