import type { Canvas } from '@napi-rs/canvas'
import { BreakLine, PrinterTypes, ThermalPrinter } from 'node-thermal-printer'
import { create as createQr } from 'qrcode'
import { type CodePageName, encodeCodePage } from '#shared/slip/code-pages.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { Slip, SlipLine, TextLine } from '#shared/slip/slip.ts'
import { drawQr, drawRule, drawTextLine, rasterBands } from './draw-line.ts'
import { drawLogo, drawSign } from './draw-picture.ts'

/** Rows per raster command; cheap printers have buffers of 4 kB, which this stays near at 576 dots. */
const BAND_DOTS = 64
/** A QR code may take this much of the paper's width; the rest is the quiet zone that readers need. */
const QR_WIDTH_SHARE = 0.85
const ESC = 0x1b

type Builder = ThermalPrinter

function newBuilder(profile: PrinterProfile): Builder {
  return new ThermalPrinter({
    type: PrinterTypes.EPSON,
    // No transport: this library only writes bytes, and says "done" before paper is seen when it sends them.
    interface: '',
    width: profile.columnCount,
    breakLine: BreakLine.NONE,
  })
}

/** The first of the printer's code pages that has every character of the line; `null` = draw it. */
function nativeText(
  text: string,
  profile: PrinterProfile,
): { bytes: readonly number[]; selector: number; name: CodePageName } | null {
  for (const page of profile.codePages) {
    const bytes = encodeCodePage(text, page.name)
    if (bytes !== null) return { bytes, ...page }
  }
  return null
}

function addDrawing(builder: Builder, drawing: Canvas): void {
  for (const band of rasterBands(drawing, BAND_DOTS)) builder.add(band)
}

/** A picture that is narrower than the paper stands in its middle: white edges would cost a slow line their time. */
function addPicture(builder: Builder, drawing: Canvas): void {
  builder.alignCenter()
  addDrawing(builder, drawing)
}

async function addLogo(builder: Builder, png: string, profile: PrinterProfile): Promise<void> {
  const drawing = await drawLogo(png, profile)
  if (drawing !== null) addPicture(builder, drawing)
}

function addText(builder: Builder, line: TextLine, profile: PrinterProfile): void {
  const native = line.size === 'huge' || line.direction === 'rtl' ? null : nativeText(line.text, profile)
  // The ink bar is drawn too: a printer's own reverse letters leave white seams, and end where the text ends.
  if (native === null || line.ground === 'ink') {
    addDrawing(builder, drawTextLine(line, profile.widthDots))
    return
  }

  if (line.align === 'center') builder.alignCenter()
  else if (line.align === 'right') builder.alignRight()
  else builder.alignLeft()
  builder.bold(line.weight === 'bold')
  if (line.size === 'large') builder.setTextSize(1, 1)
  builder.add(Buffer.from([ESC, 't'.charCodeAt(0), native.selector]))
  builder.add(Buffer.from(native.bytes))
  builder.newLine()
  if (line.size === 'large') builder.setTextSize(0, 0)
  builder.bold(false)
}

function addQr(builder: Builder, data: string, profile: PrinterProfile): void {
  const { modules } = createQr(data, { errorCorrectionLevel: 'M' })
  const moduleDotsMax = Math.floor((profile.widthDots * QR_WIDTH_SHARE) / modules.size)
  const moduleDots = Math.max(1, Math.min(profile.qrModuleDots, moduleDotsMax))
  if (profile.qr === 'raster') addDrawing(builder, drawQr(modules, moduleDots, profile.widthDots))
  else {
    builder.alignCenter()
    builder.printQR(data, { model: 2, cellSize: moduleDots, correction: 'M' })
  }
}

function addCut(builder: Builder, profile: PrinterProfile): void {
  if (profile.cutter === 'full') builder.cut({ verticalTabAmount: 0 })
  if (profile.cutter === 'partial') builder.partialCut({ verticalTabAmount: 0 })
  // Without a knife the slip ends where it is torn; the printer is still left as it was found.
  if (profile.cutter === 'none') builder.add(Buffer.from([ESC, '@'.charCodeAt(0)]))
}

async function addLine(builder: Builder, line: SlipLine, profile: PrinterProfile): Promise<void> {
  switch (line.type) {
    case 'text':
      return addText(builder, line, profile)
    case 'rule':
      return addDrawing(builder, drawRule(profile.widthDots))
    case 'logo':
      // The only drawing that must be read first, and that may turn out to be none.
      return addLogo(builder, line.png, profile)
    case 'sign':
      return addPicture(builder, drawSign(line.sign, profile))
    case 'qr':
      return addQr(builder, line.data, profile)
    case 'feed':
      builder.add(Buffer.from([ESC, 'd'.charCodeAt(0), line.lineCount]))
      return
    case 'cut':
      return addCut(builder, profile)
  }
}

/**
 * Turns a slip into one print job in ESC/POS. Text the printer has letters for goes as text, all else is drawn.
 * The job begins and ends with a reset, and cuts only at its end: half a job never leaves a ticket in the customer's hand.
 */
export async function slipBytes(slip: Slip, profile: PrinterProfile): Promise<Buffer> {
  const builder = newBuilder(profile)
  builder.setBuffer(Buffer.from([ESC, '@'.charCodeAt(0)]))
  for (const line of slip.lines) await addLine(builder, line, profile)
  return builder.getBuffer()
}

/** As long as the longest command of a slip, one band of a picture, with its head. */
const commandBytesMax = ({ widthDots }: PrinterProfile): number => 8 + BAND_DOTS * (widthDots / 8)

/**
 * Brings a printer out of whatever a job that broke off left it in. Zeros end the command it is in the middle of, and
 * mean nothing otherwise; then a reset, and the piece of paper that is out is cut off, so that it hangs on no ticket.
 */
export function clearingBytes(profile: PrinterProfile): Buffer {
  const builder = newBuilder(profile)
  builder.setBuffer(Buffer.from([ESC, '@'.charCodeAt(0), ESC, 'd'.charCodeAt(0), profile.feedBeforeCutLineCount]))
  addCut(builder, profile)
  return Buffer.concat([Buffer.alloc(commandBytesMax(profile)), builder.getBuffer()])
}
