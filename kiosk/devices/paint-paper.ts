import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { create as createQr } from 'qrcode'
import { PAPER_FONTS, registerPaperFonts } from './fonts.ts'
import { LINE_HEIGHT_DOTS, type Paper, type PaperAlign, type PaperElement, type PaperSpan } from './paper.ts'

const CELL_WIDTH_DOTS = 12
const CELL_HEIGHT_DOTS = 24
const CELL_FONT_DOTS = 22
const CELL_BASELINE_DOTS = 19
/** Unprintable edge on either side: 80 mm paper is 640 dots wide, 58 mm is 464. */
const SIDE_DOTS = { narrow: 40, wide: 32 }
const WIDE_FROM_DOTS = 500
const TABLE_DOTS = 28
const TOP_DOTS = 34
const BOTTOM_DOTS = 26
const TEETH_DOTS = 7
const HEIGHT_MAX_DOTS = 12_000
const COLOUR = { table: '#d9d5cd', paper: '#fdfcf8', shadow: 'rgba(60, 50, 40, 0.28)', ink: [38, 36, 40] } as const
const INK = `rgb(${COLOUR.ink.join(', ')})`

function heightOf(element: PaperElement): number {
  switch (element.type) {
    case 'text':
      return LINE_HEIGHT_DOTS - CELL_HEIGHT_DOTS + Math.max(...element.spans.map(spanHeight))
    case 'image':
    case 'feed':
      return element.heightDots
    case 'qr':
      return createQr(element.data, { errorCorrectionLevel: 'M' }).modules.size * element.moduleDots
    case 'cut':
      return 0
  }
}

function spanHeight(span: PaperSpan): number {
  return span.heightScale * CELL_HEIGHT_DOTS
}

function spanWidth(span: PaperSpan): number {
  return Array.from(span.text).length * span.widthScale * CELL_WIDTH_DOTS
}

function leftOf(align: PaperAlign, widthDots: number, paperDots: number): number {
  if (align === 'left') return 0
  return align === 'right' ? paperDots - widthDots : Math.floor((paperDots - widthDots) / 2)
}

/** One letter per cell, as a printer's own font has it; wide letters are squeezed into theirs. */
function paintSpan(context: SKRSContext2D, span: PaperSpan, leftDots: number, bottomDots: number): void {
  const topDots = bottomDots - spanHeight(span)
  if (span.isInverted) context.fillRect(leftDots, topDots, spanWidth(span), spanHeight(span))
  context.save()
  context.fillStyle = span.isInverted ? COLOUR.paper : INK
  context.translate(leftDots, topDots)
  context.scale(span.widthScale, span.heightScale)
  context.font = `${span.isBold ? 700 : 500} ${CELL_FONT_DOTS}px ${PAPER_FONTS}`
  context.textAlign = 'center'
  context.textBaseline = 'alphabetic'
  for (const [index, letter] of Array.from(span.text).entries()) {
    const centre = (index + 0.5) * CELL_WIDTH_DOTS
    context.fillText(letter, centre, CELL_BASELINE_DOTS, CELL_WIDTH_DOTS)
  }
  context.restore()
}

function paintImage(context: SKRSContext2D, image: PaperElement & { type: 'image' }, left: number, top: number): void {
  if (image.widthDots === 0 || image.heightDots === 0) return
  const picture = createCanvas(image.widthDots, image.heightDots)
  const pictureContext = picture.getContext('2d')
  const pixels = pictureContext.createImageData(image.widthDots, image.heightDots)
  for (const [byteIndex, byte] of image.bits.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if ((byte & (0x80 >> bit)) !== 0) pixels.data.set([...COLOUR.ink, 255], (byteIndex * 8 + bit) * 4)
    }
  }
  pictureContext.putImageData(pixels, 0, 0)
  context.drawImage(picture, left, top)
}

function paintQr(context: SKRSContext2D, qr: PaperElement & { type: 'qr' }, left: number, top: number): void {
  const { modules } = createQr(qr.data, { errorCorrectionLevel: 'M' })
  for (const [index, isDark] of modules.data.entries()) {
    if (isDark === 0) continue
    const x = left + (index % modules.size) * qr.moduleDots
    const y = top + Math.floor(index / modules.size) * qr.moduleDots
    context.fillRect(x, y, qr.moduleDots, qr.moduleDots)
  }
}

function paintElement(context: SKRSContext2D, element: PaperElement, top: number, paperDots: number): void {
  context.fillStyle = INK
  switch (element.type) {
    case 'text': {
      const widthDots = element.spans.reduce((sum, span) => sum + spanWidth(span), 0)
      let left = leftOf(element.align, widthDots, paperDots)
      for (const span of element.spans) {
        paintSpan(context, span, left, top + heightOf(element) - (LINE_HEIGHT_DOTS - CELL_HEIGHT_DOTS))
        left += spanWidth(span)
      }
      return
    }
    case 'image':
      paintImage(context, element, leftOf(element.align, element.widthDots, paperDots), top)
      return
    case 'qr':
      paintQr(context, element, leftOf(element.align, heightOf(element), paperDots), top)
      return
    case 'feed':
    case 'cut':
      return
  }
}

/** The sheet itself: torn by a toothed bar above and below, lying on a table. */
function sheet(widthDots: number, heightDots: number): Canvas {
  const canvas = createCanvas(widthDots + 2 * TABLE_DOTS, heightDots + 2 * TABLE_DOTS)
  const context = canvas.getContext('2d')
  context.lang = 'en'
  context.fillStyle = COLOUR.table
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.translate(TABLE_DOTS, TABLE_DOTS)
  context.beginPath()
  context.moveTo(0, TEETH_DOTS)
  for (let x = 0; x < widthDots; x += TEETH_DOTS * 2) {
    context.lineTo(Math.min(widthDots, x + TEETH_DOTS), 0)
    context.lineTo(Math.min(widthDots, x + TEETH_DOTS * 2), TEETH_DOTS)
  }
  context.lineTo(widthDots, heightDots)
  for (let x = widthDots; x > 0; x -= TEETH_DOTS * 2) {
    context.lineTo(Math.max(0, x - TEETH_DOTS), heightDots - TEETH_DOTS)
    context.lineTo(Math.max(0, x - TEETH_DOTS * 2), heightDots)
  }
  context.closePath()
  context.shadowColor = COLOUR.shadow
  context.shadowBlur = 16
  context.shadowOffsetY = 5
  context.fillStyle = COLOUR.paper
  context.fill()
  context.shadowColor = 'transparent'
  return canvas
}

/**
 * Paints what came out of the printer, one pixel per dot, on a strip of paper with its true margins.
 * @param note - written small beside the paper, on the table: never part of what the customer would hold
 * @returns a PNG
 */
export function paintPaper(paper: Paper, note = ''): Buffer {
  registerPaperFonts()
  const sideDots = paper.widthDots >= WIDE_FROM_DOTS ? SIDE_DOTS.wide : SIDE_DOTS.narrow
  const contentDots = paper.elements.reduce((sum, element) => sum + heightOf(element), 0)
  const heightDots = Math.min(HEIGHT_MAX_DOTS, contentDots + TOP_DOTS + BOTTOM_DOTS)
  const canvas = sheet(paper.widthDots + 2 * sideDots, heightDots)
  const context = canvas.getContext('2d')
  context.save()
  // Print beyond the printable width is lost, as on real paper.
  context.beginPath()
  context.rect(sideDots, 0, paper.widthDots, heightDots)
  context.clip()
  context.translate(sideDots, TOP_DOTS)
  let top = 0
  for (const element of paper.elements) {
    paintElement(context, element, top, paper.widthDots)
    top += heightOf(element)
  }
  context.restore()
  context.fillStyle = '#7a756c'
  context.font = `500 15px ${PAPER_FONTS}`
  context.fillText(note, 0, heightDots + TABLE_DOTS - 7)
  return canvas.encodeSync('png')
}
