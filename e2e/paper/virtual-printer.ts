// A printer without metal: it reads ESC/POS as a real one does and keeps every piece of paper that it put out, so that a
// test can ask what is really there, whatever the kiosk believes. How bytes come to it is the doors' business.
import { splitEscPos, type Token } from '../../kiosk/devices/escpos.ts'

/** What a kind of printer can do, as data. */
export interface PrinterModel {
  /** Answers `DLE EOT n`. */
  readonly answersStatus: boolean
  /** Sends its status by itself when it changes, once `GS a` has asked for it. */
  readonly pushesStatus: boolean
  /** Answers `GS ( H` when all before it was printed. */
  readonly givesReceipts: boolean
  /** Without a knife a paper ends where the job resets the printer. */
  readonly hasKnife: boolean
  /** What it takes ahead of printing. */
  readonly bufferBytes: number
}

export const PRINTER_MODELS = {
  confirming: {
    answersStatus: true,
    pushesStatus: true,
    givesReceipts: true,
    hasKnife: true,
    bufferBytes: 65_536,
  },
  'status-only': {
    answersStatus: true,
    pushesStatus: false,
    givesReceipts: false,
    hasKnife: true,
    bufferBytes: 65_536,
  },
  blind: { answersStatus: false, pushesStatus: false, givesReceipts: false, hasKnife: true, bufferBytes: 4_096 },
} as const satisfies { readonly [name: string]: PrinterModel }
export type PrinterModelName = keyof typeof PRINTER_MODELS

/** How it behaves just now; a test changes it at any moment. */
export interface PrinterBehaviour {
  paper: 'ok' | 'near-end' | 'out'
  cover: 'closed' | 'open'
  /** Takes everything and says nothing. */
  isMute: boolean
  /** Answers receipts, where its model does. */
  givesReceipts: boolean
  /** Paper for so many more bytes of print; null = a full roll. */
  paperBytes: number | null
  /** The connection breaks once so many more bytes have come; null = never. */
  dieAfterBytes: number | null
  /** So does the mains: what is in the printer's memory is lost. */
  powerFailsAfterBytes: number | null
  /** How much it prints in a millisecond; null = at once. */
  bytesPerMs: number | null
  /** Changes it once a cut has been made, as when the roll ends with a ticket; null = nothing. */
  afterCut: Partial<PrinterBehaviour> | null
}

export const GOOD: PrinterBehaviour = {
  paper: 'ok',
  cover: 'closed',
  isMute: false,
  givesReceipts: true,
  paperBytes: null,
  dieAfterBytes: null,
  powerFailsAfterBytes: null,
  bytesPerMs: null,
  afterCut: null,
}

/** The way back to whoever sends. */
export interface PrinterLine {
  answer(bytes: Uint8Array): void
  /** The connection breaks. */
  cut(): void
}

export interface VirtualPrinter {
  readonly model: PrinterModel
  readonly behaviour: PrinterBehaviour
  /** Changes the behaviour, as a hand, a fault or the mains would, and goes on where it can. */
  become(change: Partial<PrinterBehaviour>): void
  /** Takes bytes from a line. */
  receive(chunk: Uint8Array, line: PrinterLine): void
  /** Whether its memory has room; a full printer leaves bytes on the line. */
  hasRoom(): boolean
  onRoom(listener: () => void): void
  /** Everything in its memory is gone; paper that is half printed stays where it is. */
  losePower(): void
  hasPower(): boolean
  restorePower(): void
  /** Waits until everything in its memory is printed. */
  drained(): Promise<void>
  /** Every piece of paper that was cut off, as the commands that made it. */
  jobs(): readonly Buffer[]
  /** What stands printed under the knife; empty when nothing does. */
  unfinished(): Buffer
}

const FIXED_BITS = 0x12
const PUSHED_BITS = 0x10
const RESET_HEX = '1b40'
const RECEIPT_ID_AT = 7
const PRINT_STEP_MS = 5
const MARKLESS = ['NUL', 'ESC @']

function statusByte(question: number, { paper, cover }: PrinterBehaviour): number {
  const isOut = paper === 'out'
  const isOpen = cover === 'open'
  switch (question) {
    case 1:
      return FIXED_BITS | (isOut || isOpen ? 0x08 : 0)
    case 2:
      return FIXED_BITS | (isOpen ? 0x04 : 0) | (isOut ? 0x20 : 0)
    case 4:
      return isOut ? 0x72 : paper === 'near-end' ? 0x1e : FIXED_BITS
    default:
      return FIXED_BITS
  }
}

const pushedStatus = ({ paper, cover }: PrinterBehaviour): Uint8Array =>
  Uint8Array.of(
    PUSHED_BITS | (paper === 'out' || cover === 'open' ? 0x08 : 0) | (cover === 'open' ? 0x20 : 0),
    0,
    paper === 'out' ? 0x0f : paper === 'near-end' ? 0x03 : 0,
    0x0f,
  )

const nameOf = (token: Token): string => (token.type === 'command' ? token.name : token.type)

export function createVirtualPrinter(model: PrinterModel, start: Partial<PrinterBehaviour> = {}): VirtualPrinter {
  const behaviour: PrinterBehaviour = { ...GOOD, ...start }
  const jobs: Buffer[] = []
  const roomListeners: (() => void)[] = []
  let arriving: Uint8Array = new Uint8Array()
  let waiting: { readonly token: Token; readonly line: PrinterLine }[] = []
  let waitingBytes = 0
  let piece: Uint8Array[] = []
  let isMarked = false
  let hasPower = true
  let pushTo: PrinterLine | null = null
  let credit = 0
  let isPacing = false

  const say = (line: PrinterLine, bytes: Uint8Array) => {
    if (hasPower && !behaviour.isMute) line.answer(bytes)
  }
  const isStopped = () => !hasPower || behaviour.paper === 'out' || behaviour.cover === 'open'
  // A picture larger than its memory is drawn as it comes: what is not whole yet fills nothing by itself.
  const isFull = () => waiting.length > 0 && waitingBytes + arriving.length >= model.bufferBytes

  function cutPaper(): void {
    if (isMarked) jobs.push(Buffer.concat(piece))
    piece = []
    isMarked = false
    if (behaviour.afterCut !== null) become(behaviour.afterCut)
  }

  function print(token: Token, line: PrinterLine): void {
    const name = nameOf(token)
    if (name === 'GS ( H') {
      if (model.givesReceipts && behaviour.givesReceipts)
        say(line, Uint8Array.of(0x37, 0x22, ...token.bytes.subarray(RECEIPT_ID_AT, RECEIPT_ID_AT + 4), 0))
      return
    }
    if (name === 'GS a') {
      pushTo = model.pushesStatus && token.bytes[2] !== 0 ? line : null
      if (pushTo !== null) say(pushTo, pushedStatus(behaviour))
      return
    }
    piece.push(token.bytes)
    // A reset ends what was asked for, as on the printers that say so in their manuals.
    if (name === 'ESC @') pushTo = null
    if (name === 'GS V') cutPaper()
    else if (name === 'ESC @' && !model.hasKnife && isMarked) cutPaper()
    else if (!MARKLESS.includes(name)) isMarked = true
  }

  /** Prints what is in its memory, as far as paper, cover, power and speed allow. */
  function goOn(): void {
    while (!isStopped()) {
      const next = waiting[0]
      if (next === undefined) break
      const { length } = next.token.bytes
      if (behaviour.bytesPerMs !== null && credit < length) {
        if (isPacing) break
        isPacing = true
        setTimeout(() => {
          isPacing = false
          credit += (behaviour.bytesPerMs ?? 0) * PRINT_STEP_MS
          goOn()
        }, PRINT_STEP_MS)
        break
      }
      if (behaviour.paperBytes !== null && behaviour.paperBytes < length) {
        become({ paper: 'out', paperBytes: null })
        break
      }
      if (behaviour.paperBytes !== null) behaviour.paperBytes -= length
      credit = Math.max(0, credit - length)
      waiting.shift()
      waitingBytes -= length
      print(next.token, next.line)
    }
    if (!isFull()) for (const listener of roomListeners) listener()
  }

  function become(change: Partial<PrinterBehaviour>): void {
    const before = Buffer.from(pushedStatus(behaviour))
    Object.assign(behaviour, change)
    if (pushTo !== null && !before.equals(pushedStatus(behaviour))) say(pushTo, pushedStatus(behaviour))
    if (change.paper !== 'out') goOn()
  }

  /** Questions are answered while the paper stands still, but not in the middle of another command: there they are data. */
  function take(bytes: Uint8Array, line: PrinterLine): void {
    const { tokens, rest } = splitEscPos(Buffer.concat([arriving, bytes]))
    arriving = rest
    for (const token of tokens) {
      const isQuestion = token.type === 'command' && token.name === 'DLE 4'
      if (isQuestion && model.answersStatus) say(line, Uint8Array.of(statusByte(token.bytes[2] ?? 0, behaviour)))
      if (isQuestion) continue
      waiting.push({ token, line })
      waitingBytes += token.bytes.length
    }
    goOn()
  }

  function losePower(): void {
    hasPower = false
    arriving = new Uint8Array()
    waiting = []
    waitingBytes = 0
    pushTo = null
  }

  return {
    model,
    behaviour,
    become,
    receive(chunk, line) {
      if (!hasPower) return
      const { dieAfterBytes, powerFailsAfterBytes } = behaviour
      const end = Math.min(chunk.length, dieAfterBytes ?? chunk.length, powerFailsAfterBytes ?? chunk.length)
      if (dieAfterBytes !== null) behaviour.dieAfterBytes = dieAfterBytes - end
      if (powerFailsAfterBytes !== null) behaviour.powerFailsAfterBytes = powerFailsAfterBytes - end
      take(chunk.subarray(0, end), line)
      const failsNow = behaviour.powerFailsAfterBytes === 0
      if (failsNow) losePower()
      if (failsNow) behaviour.powerFailsAfterBytes = null
      if (failsNow || behaviour.dieAfterBytes === 0) line.cut()
    },
    hasRoom: () => !isFull(),
    onRoom: (listener) => void roomListeners.push(listener),
    losePower,
    hasPower: () => hasPower,
    restorePower() {
      hasPower = true
    },
    async drained() {
      while (waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, PRINT_STEP_MS))
    },
    jobs: () => jobs,
    unfinished() {
      const standing = Buffer.concat([...piece, ...waiting.map(({ token }) => token.bytes), arriving])
      return standing.toString('hex').replaceAll(RESET_HEX, '').replaceAll('00', '') === '' ? Buffer.alloc(0) : standing
    },
  }
}
