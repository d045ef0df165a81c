import type { PrinterStatus, TicketPrinter } from './devices/printer.ts'
import { canPrint } from './devices/printer.ts'

/** A printer that runs out of paper is noticed within this time and one answer's. */
const WATCH_MS = 2_000

/** The printer that prints next, and each one of them in their order. */
export interface PrintersStatus extends PrinterStatus {
  readonly simulated: boolean
  readonly printers: readonly PrinterStatus[]
}

/** Asks the printers again and again, so that trouble is known before a customer meets it. */
export interface PrinterWatch {
  /** As last known; asks when nothing is known yet. */
  status(): Promise<PrintersStatus>
  onStatus(listener: (status: PrintersStatus) => void): void
  /** Something went wrong: does not wait for the next round. */
  lookNow(): void
  /** Asks others from now on, and at once. */
  use(printers: readonly TicketPrinter[]): Promise<void>
  /** Asks nobody until it is told to go on; what was known last is told meanwhile. */
  rest(): Promise<void>
  goOn(): void
  close(): Promise<void>
}

export function watchPrinters(first: readonly TicketPrinter[]): PrinterWatch {
  let printers = first
  const listeners: ((status: PrintersStatus) => void)[] = []
  let known: PrintersStatus | null = null
  let looking: Promise<PrintersStatus> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  let isResting = false

  async function askAll(): Promise<PrintersStatus> {
    const statuses = await Promise.all(printers.map((printer) => printer.status()))
    const place = Math.max(0, statuses.findIndex(canPrint))
    const [next, printer] = [statuses[place], printers[place]]
    if (next === undefined || printer === undefined) throw new Error('A print queue needs a printer')
    return { ...next, simulated: printer.isSimulated, printers: statuses }
  }

  async function look(): Promise<PrintersStatus> {
    clearTimeout(timer)
    const status = await askAll()
    const isNews = JSON.stringify(status) !== JSON.stringify(known)
    known = status
    if (isNews) for (const listener of listeners) listener(status)
    if (!isClosed) timer = setTimeout(() => void lookOnce(), WATCH_MS)
    timer?.unref()
    return status
  }

  function lookOnce(): Promise<PrintersStatus> {
    if (isResting && known !== null) return Promise.resolve(known)
    looking ??= look().finally(() => {
      looking = null
    })
    return looking
  }

  function listen(): void {
    for (const printer of printers) printer.onNews?.(() => void lookOnce())
  }
  listen()

  return {
    status: async () => known ?? (await lookOnce()),
    onStatus(listener) {
      listeners.push(listener)
      if (known !== null) listener(known)
      else void lookOnce()
    },
    lookNow: () => void lookOnce(),
    async use(next) {
      await looking
      printers = next
      known = null
      listen()
      void lookOnce()
    },
    async rest() {
      // Something is known from then on.
      await lookOnce()
      isResting = true
      clearTimeout(timer)
      await looking
    },
    goOn() {
      isResting = false
      void lookOnce()
    },
    async close() {
      isClosed = true
      clearTimeout(timer)
      await looking
    },
  }
}
