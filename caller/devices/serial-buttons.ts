import { SerialPort } from 'serialport'
import type { HostLog } from '#shared/host/host-log.ts'
import { type ButtonAct, type ButtonInbox, type ButtonPlace, EMPTY_INBOX, hearButtons } from './buttons.ts'

/** A button that was pulled out is looked for this often, for as long as the program runs. */
const REOPEN_MS = 1_000

export interface SerialButtons {
  /** Its line is open. */
  isThere(): boolean
  close(): Promise<void>
}

interface ButtonEars {
  readonly monotonicMs: () => number
  readonly log: HostLog
  readonly onPress: (act: ButtonAct) => void
}

/**
 * Listens to a push-button or a keypad on a serial port, also one on USB. It is opened again and again as long as it is
 * away; nothing is ever sent to it.
 */
export function openButtons(
  { path, baud, table }: ButtonPlace,
  { monotonicMs, log, onPress }: ButtonEars,
): SerialButtons {
  let inbox: ButtonInbox = EMPTY_INBOX
  let isStopped = false
  /** null: nothing has been said of it yet. */
  let toldThere: boolean | null = null
  let timer: NodeJS.Timeout | null = null
  let port: SerialPort

  function tell(isThere: boolean, error?: Error): void {
    if (isStopped || toldThere === isThere) return
    toldThere = isThere
    if (isThere) log.info({ path }, 'the push-button is there')
    else log.warn({ path, err: error }, 'the push-button is away; it is looked for again and again')
  }

  function open(): void {
    const opened = new SerialPort({ path, baudRate: baud, autoOpen: false })
    port = opened
    // What a line that broke had begun is not the beginning of what the next one says.
    inbox = { ...inbox, begun: '' }
    let isOver = false
    const again = (error?: Error): void => {
      if (isOver) return
      isOver = true
      tell(false, error)
      if (opened.isOpen) opened.close(() => {})
      if (!isStopped) timer = setTimeout(open, REOPEN_MS)
    }
    opened.on('data', (bytes: Buffer) => {
      const nowMs = monotonicMs()
      const heard = hearButtons(table, inbox, bytes, nowMs)
      if (heard.inbox.deafUntilMs > nowMs && inbox.deafUntilMs <= nowMs)
        log.warn({ path }, 'the push-button babbles; it is not heard until it is still')
      inbox = heard.inbox
      for (const act of heard.acts) onPress(act)
    })
    opened.on('error', again)
    opened.on('close', again)
    opened.open((error) => {
      if (error !== null) again(error)
      else if (isStopped) opened.close(() => {})
      else tell(true)
    })
  }
  open()

  return {
    isThere: () => port.isOpen,
    close: () =>
      new Promise((resolve) => {
        isStopped = true
        if (timer !== null) clearTimeout(timer)
        if (port.isOpen) port.close(() => resolve())
        else resolve()
      }),
  }
}
