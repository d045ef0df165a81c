import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A letter as a mailbox got it. */
export interface Letter {
  readonly to: readonly string[]
  readonly head: string
  readonly text: string
}

/** A real mail server on this machine that keeps what it is brought. */
export interface Mailbox {
  readonly url: string
  readonly letters: readonly Letter[]
  /** From now on it takes nothing, or takes again. */
  refuse(isRefusing: boolean): void
  /** From now on it takes its time: whoever brings a letter is answered when it is let go. @returns lets go */
  hold(): () => void
  /** @returns the first link in the latest letter to somebody, and that letter */
  latest(to: string): Promise<Letter & { readonly link: string }>
  close(): Promise<void>
}

const WAIT_MS_MAX = 5_000

function decoded(head: string, body: string): string {
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString()
  if (!/transfer-encoding: quoted-printable/i.test(head)) return body
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

export async function openMailbox(): Promise<Mailbox> {
  const letters: Letter[] = []
  let isRefusing = false
  let held: Promise<void> | null = null
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (isRefusing) return done(Object.assign(new Error('the mailbox is full'), { responseCode: 452 }))
        const [head = '', ...rest] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n')
        const text = decoded(head, rest.join('\r\n\r\n'))
        const take = (): void => {
          letters.push({ to: envelope.rcptTo.map(({ address }) => address), head, text })
          done()
        }
        return held === null ? take() : void held.then(take)
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    letters,
    refuse: (isIt) => {
      isRefusing = isIt
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = null
        resolve()
      }
    },
    async latest(to) {
      const endMs = Date.now() + WAIT_MS_MAX
      for (;;) {
        const letter = letters.findLast((it) => it.to.includes(to))
        if (letter !== undefined) return { ...letter, link: /https?:\/\/\S+/.exec(letter.text)?.[0] ?? '' }
        if (Date.now() > endMs) throw new Error(`no letter came to ${to}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
