import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadImage } from '@napi-rs/canvas'
import PdfDocument from 'pdfkit'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import { paintPaper } from './paint-paper.ts'
import { decodePaper } from './paper.ts'
import type { PrinterStatus, PrintOutcome, TicketPrinter } from './printer.ts'
import { unreachableStatus } from './printer-status.ts'

/** How long one of the system's programs may take. */
const PROGRAM_WAIT_MS = 3_000
const DONE_WAIT_MS = 15_000
const LOOK_MS = 300
const POINTS_PER_INCH = 72
const DOTS_PER_INCH = 203
const REQUEST = /request id is (\S+)/

/** @returns what the program said, or null when it failed, is missing or took too long */
function run(program: string, words: readonly string[], signal?: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    // In the language of programs, whatever the box speaks.
    const whole = ['LC_ALL=C', program, ...words]
    execFile('env', whole, { timeout: PROGRAM_WAIT_MS, killSignal: 'SIGKILL', signal }, (error, said) =>
      resolve(error === null ? said : null),
    )
  })
}

/** The paper as it would be, dot for dot: a queue is given a page, not commands. */
async function pageOf(bytes: Uint8Array, profile: PrinterProfile): Promise<Buffer> {
  const picture = paintPaper(decodePaper(bytes, profile))
  const { width, height } = await loadImage(picture)
  const size = [width, height].map((dots) => (dots * POINTS_PER_INCH) / DOTS_PER_INCH)
  const page = new PdfDocument({ size, margin: 0 })
  const chunks: Buffer[] = []
  page.on('data', (chunk: Buffer) => void chunks.push(chunk))
  const ended = new Promise((resolve) => page.on('end', resolve))
  page.image(picture, 0, 0, { width: size[0] })
  page.end()
  await ended
  return Buffer.concat(chunks)
}

async function isCompleted(queue: string, request: string): Promise<boolean> {
  const said = await run('lpstat', ['-W', 'completed', '-o', queue])
  return said?.split('\n').some((line) => line.split(/\s/, 1)[0] === request) === true
}

/** A queue that holds the ticket back would print it when nobody waits for it any more, hence it is called back. */
async function follow(queue: string, request: string, doneMs: number): Promise<PrintOutcome> {
  const deadline = AbortSignal.timeout(doneMs)
  while (!deadline.aborted) {
    // The queue has handed everything to its printer; of paper it knows nothing.
    if (await isCompleted(queue, request)) return 'sent'
    await sleep(LOOK_MS)
  }
  await run('cancel', [request])
  return 'uncertain'
}

export interface OsPrinterOptions {
  readonly queue: string
  readonly profile: PrinterProfile
  /** A queue that has not done a ticket by then is told to forget it. */
  readonly doneMs?: number
}

/** A queue of the operating system, spoken to through `lp`, `lpstat` and `cancel`. It never confirms. */
export function osPrinter({ queue, profile, doneMs = DONE_WAIT_MS }: OsPrinterOptions): TicketPrinter {
  let last: Promise<unknown> = Promise.resolve()

  async function status(): Promise<PrinterStatus> {
    const said = await run('lpstat', ['-p', queue])
    if (said === null) return unreachableStatus('blind')
    const online = !/\bdisabled\b/.test(said)
    const hint = online ? 'status-unknown' : 'check-printer'
    return { capability: 'blind', online, paper: 'unknown', cover: 'unknown', hint }
  }

  /** From the moment the page is handed over, nothing that goes wrong here makes it a failed one. */
  async function print(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<PrintOutcome> {
    const handed = { isOver: false }
    return hand(bytes, signal, handed).catch(() => (handed.isOver ? 'uncertain' : 'failed'))
  }

  async function hand(
    bytes: Uint8Array,
    signal: AbortSignal | undefined,
    handed: { isOver: boolean },
  ): Promise<PrintOutcome> {
    const { online } = await status()
    if (online !== true || signal?.aborted === true) return 'failed'
    const folder = await mkdtemp(join(tmpdir(), 'smartqueue-slip-'))
    try {
      const file = join(folder, 'slip.pdf')
      await writeFile(file, await pageOf(bytes, profile))
      handed.isOver = true
      const said = await run('lp', ['-d', queue, file], signal)
      // It may have taken the page and failed to say so.
      if (said === null) return 'uncertain'
      const request = REQUEST.exec(said)?.[1]
      return request === undefined ? 'uncertain' : await follow(queue, request, doneMs)
    } finally {
      // By now the page may be out: whatever keeps us from tidying up must not make it a failed one, printed elsewhere.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    }
  }

  return {
    isSimulated: false,
    print: (bytes, how = {}) => {
      const run = last.then(() => print(bytes, how.signal))
      last = run
      return run
    },
    status,
    close: async () => {
      await last
    },
  }
}
