import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import { paintPaper } from './paint-paper.ts'
import { decodePaper } from './paper.ts'
import type { PrintOutcome, TicketPrinter } from './printer.ts'

const JOB_FILE = /^(\d{4,})\.bin$/
const NUMBER_DIGITS = 4
/** Older ones go, so that a demonstration left running does not fill the disk. */
const PAPERS_KEPT_MAX = 1_000

export interface PretendPrinterOptions {
  /** Made when it is missing. */
  readonly folder: string
  readonly profile: PrinterProfile
}

/** The name of the next paper; those that are too many by then are taken away. */
async function nextName(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const names = (await readdir(folder)).flatMap((file) => JOB_FILE.exec(file)?.[1] ?? [])
  const oldestFirst = names.toSorted((a, b) => Number(a) - Number(b))
  for (const name of oldestFirst.slice(0, -(PAPERS_KEPT_MAX - 1)))
    for (const end of ['bin', 'png']) await rm(join(folder, `${name}.${end}`), { force: true })
  return String(Number(oldestFirst.at(-1) ?? 0) + 1).padStart(NUMBER_DIGITS, '0')
}

/**
 * A printer for demonstrations and tests: keeps each job as `0001.bin` and paints its paper as `0001.png`.
 * The picture says beside the paper that it is simulated, and so does the printer's status.
 */
export function pretendPrinter(options: PretendPrinterOptions): TicketPrinter {
  let last: Promise<unknown> = Promise.resolve()
  let isFolderGood = true

  async function print(bytes: Uint8Array): Promise<PrintOutcome> {
    let outcome: PrintOutcome = 'failed'
    try {
      const name = await nextName(options.folder)
      // Never over an older ticket, even when two programs share the folder.
      await writeFile(join(options.folder, `${name}.bin`), bytes, { flag: 'wx' })
      outcome = 'uncertain'
      const picture = paintPaper(decodePaper(bytes, options.profile), `simulated · ${name}`)
      await writeFile(join(options.folder, `${name}.png`), picture)
      outcome = 'confirmed'
    } catch {
      // A full or forbidden folder is this printer's paper jam: told by the outcome and the next status.
    }
    isFolderGood = outcome === 'confirmed'
    return outcome
  }

  return {
    isSimulated: true,
    print: (bytes, how) => {
      const run = last.then(() => (how?.signal?.aborted === true ? 'failed' : print(bytes)))
      last = run
      return run
    },
    status: () =>
      Promise.resolve({
        capability: 'confirmed',
        online: isFolderGood,
        paper: 'ok',
        cover: 'closed',
        hint: isFolderGood ? 'simulated' : 'check-printer',
      }),
    close: async () => {
      await last
    },
  }
}
