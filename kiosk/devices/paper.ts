import { type CodePageName, decodeCodePage } from '#shared/slip/code-pages.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import { splitEscPos, type Token } from './escpos.ts'

export type PaperAlign = 'left' | 'center' | 'right'

/** A run of letters in one style. Scales are 1 to 8 times the normal cell. */
export interface PaperSpan {
  readonly text: string
  readonly isBold: boolean
  readonly isInverted: boolean
  readonly widthScale: number
  readonly heightScale: number
}

/** What a printer would have put on paper, from top to bottom. */
export type PaperElement =
  | { readonly type: 'text'; readonly text: string; readonly align: PaperAlign; readonly spans: readonly PaperSpan[] }
  /** One bit per dot, rows of `widthDots / 8` bytes, 1 = black. */
  | {
      readonly type: 'image'
      readonly widthDots: number
      readonly heightDots: number
      readonly bits: Uint8Array
      readonly align: PaperAlign
    }
  | { readonly type: 'qr'; readonly data: string; readonly moduleDots: number; readonly align: PaperAlign }
  | { readonly type: 'feed'; readonly heightDots: number }
  | { readonly type: 'cut'; readonly kind: 'full' | 'partial' }

/** A place where the bytes are not what our slips are made of. `offset` counts bytes from the start of the job. */
export interface PaperFault {
  readonly offset: number
  readonly type: 'unknown-command' | 'unfinished-command' | 'unknown-code-page' | 'wrong-argument'
  /** The first bytes, in hexadecimal. */
  readonly hex: string
}

export interface Paper {
  readonly widthDots: number
  readonly elements: readonly PaperElement[]
  readonly faults: readonly PaperFault[]
}

export const LINE_HEIGHT_DOTS = 30
const FAULT_BYTES_SHOWN = 8
const DEFAULT_MODULE_DOTS = 3

interface Head {
  readonly elements: PaperElement[]
  readonly faults: PaperFault[]
  spans: PaperSpan[]
  align: PaperAlign
  isBold: boolean
  isInverted: boolean
  widthScale: number
  heightScale: number
  lineHeightDots: number
  codePage: CodePageName | null
  qrData: string | null
  qrModuleDots: number
}

const RESET = {
  align: 'left',
  isBold: false,
  isInverted: false,
  widthScale: 1,
  heightScale: 1,
  lineHeightDots: LINE_HEIGHT_DOTS,
  // What a printer wakes up with: PC437 in nearly all.
  codePage: 'PC437',
  qrModuleDots: DEFAULT_MODULE_DOTS,
} as const

function fault(head: Head, token: { offset: number; bytes: Uint8Array }, type: PaperFault['type']): void {
  const hex = Buffer.from(token.bytes.subarray(0, FAULT_BYTES_SHOWN)).toString('hex')
  head.faults.push({ offset: token.offset, type, hex })
}

function endLine(head: Head): void {
  if (head.spans.length === 0) return
  const text = head.spans.map((span) => span.text).join('')
  head.elements.push({ type: 'text', text, align: head.align, spans: head.spans })
  head.spans = []
}

function addSpan(head: Head, token: Token): void {
  const page = head.codePage
  if (page === null) {
    fault(head, token, 'unknown-code-page')
    return
  }
  const text = Array.from(token.bytes, (byte) => decodeCodePage(byte, page)).join('')
  const { isBold, isInverted, widthScale, heightScale } = head
  head.spans.push({ text, isBold, isInverted, widthScale, heightScale })
}

/** The `GS ( k` family: model, module size and correction are set, the data stored, then the symbol printed. */
function doQr(head: Head, token: Token): void {
  const [symbol, step, value] = token.bytes.subarray(5)
  if (symbol !== 0x31) fault(head, token, 'unknown-command')
  else if (step === 0x43) head.qrModuleDots = value ?? DEFAULT_MODULE_DOTS
  else if (step === 0x50) head.qrData = Buffer.from(token.bytes.subarray(8)).toString('utf8')
  else if (step === 0x51) addQr(head, token)
  else if (step !== 0x41 && step !== 0x45) fault(head, token, 'unknown-command')
}

function addQr(head: Head, token: Token): void {
  if (head.qrData === null) {
    fault(head, token, 'wrong-argument')
    return
  }
  endLine(head)
  head.elements.push({ type: 'qr', data: head.qrData, moduleDots: head.qrModuleDots, align: head.align })
}

function doImage(head: Head, token: Token): void {
  const [, , , , widthLow = 0, widthHigh = 0, heightLow = 0, heightHigh = 0] = token.bytes
  endLine(head)
  head.elements.push({
    type: 'image',
    widthDots: (widthLow + 256 * widthHigh) * 8,
    heightDots: heightLow + 256 * heightHigh,
    bits: token.bytes.subarray(8),
    align: head.align,
  })
}

function doFeed(head: Head, heightDots: number): void {
  endLine(head)
  if (heightDots > 0) head.elements.push({ type: 'feed', heightDots })
}

/** Commands that are received but leave no mark on paper: status questions, receipts, fonts we do not vary. */
const SILENT = ['NUL', 'CR', 'DLE 4', 'DLE 5', 'GS a', 'GS r', 'GS ( H', 'ESC R', 'ESC M', 'ESC -', 'ESC {', 'ESC G']
const ALIGNS: readonly PaperAlign[] = ['left', 'center', 'right']

function doStyle(head: Head, token: Token & { type: 'command' }, codePages: PrinterProfile['codePages']): void {
  const argument = token.bytes[2] ?? 0
  switch (token.name) {
    case 'ESC E':
      head.isBold = (argument & 1) === 1
      return
    case 'GS B':
      head.isInverted = (argument & 1) === 1
      return
    case 'GS !':
      head.widthScale = ((argument >> 4) & 7) + 1
      head.heightScale = (argument & 7) + 1
      return
    case 'ESC !':
      head.isBold = (argument & 8) !== 0
      head.heightScale = (argument & 16) !== 0 ? 2 : 1
      head.widthScale = (argument & 32) !== 0 ? 2 : 1
      return
    case 'ESC t':
      head.codePage = codePages.find((page) => page.selector === argument)?.name ?? (argument === 0 ? 'PC437' : null)
      return
    case 'ESC a': {
      const align = ALIGNS[argument % 48]
      if (align === undefined) fault(head, token, 'wrong-argument')
      else head.align = align
      return
    }
    default:
      fault(head, token, 'unknown-command')
  }
}

function doCommand(head: Head, token: Token & { type: 'command' }, codePages: PrinterProfile['codePages']): void {
  const argument = token.bytes[2] ?? 0
  switch (token.name) {
    case 'LF':
      if (head.spans.length === 0) doFeed(head, head.lineHeightDots)
      endLine(head)
      return
    case 'ESC @':
      endLine(head)
      Object.assign(head, RESET)
      return
    case 'ESC d':
      doFeed(head, argument * head.lineHeightDots)
      return
    case 'ESC J':
      doFeed(head, argument)
      return
    case 'ESC 2':
      head.lineHeightDots = LINE_HEIGHT_DOTS
      return
    case 'ESC 3':
      head.lineHeightDots = argument
      return
    case 'GS V':
      endLine(head)
      head.elements.push({ type: 'cut', kind: argument % 2 === 0 ? 'full' : 'partial' })
      return
    case 'GS v 0':
      doImage(head, token)
      return
    case 'GS ( k':
      doQr(head, token)
      return
    default:
      if (!SILENT.includes(token.name)) doStyle(head, token, codePages)
  }
}

/**
 * Reads a print job as a printer of that profile would. Never throws: what it does not understand is in `faults`, so
 * that a job cut off at any byte can be looked at.
 */
export function decodePaper(bytes: Uint8Array, profile: Pick<PrinterProfile, 'widthDots' | 'codePages'>): Paper {
  const head: Head = { elements: [], faults: [], spans: [], qrData: null, ...RESET }
  const { tokens, rest } = splitEscPos(bytes)
  for (const token of tokens) {
    if (token.type === 'text') addSpan(head, token)
    else if (token.type === 'unknown') fault(head, token, 'unknown-command')
    else doCommand(head, token, profile.codePages)
  }
  endLine(head)
  if (rest.length > 0) fault(head, { offset: bytes.length - rest.length, bytes: rest }, 'unfinished-command')
  return { widthDots: profile.widthDots, elements: head.elements, faults: head.faults }
}

/** The letters on a paper, one printed line per line. Drawn lines have no letters: look at the picture. */
export function paperText(paper: Paper): string {
  return paper.elements.flatMap((element) => (element.type === 'text' ? [element.text] : [])).join('\n')
}
