import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { TextLine } from '#shared/slip/slip.ts'
import { PAPER_FONTS, registerPaperFonts } from './fonts.ts'

/** Font size and height of a drawn line, in dots. Arabic rises and falls further than Latin, hence the tall rows. */
const ROW = {
  normal: { fontDots: 25, heightDots: 36 },
  large: { fontDots: 44, heightDots: 66 },
} as const
const HUGE_FONT_MAX_DOTS = 220
/** Capitals and digits of Noto Sans stand 0.714 of the font size above the baseline. */
const CAPITAL_HEIGHT = 0.714
const HUGE_MARGIN_DOTS = { above: 12, below: 24, side: 10 }
const SIDE_MARGIN_DOTS = 2
/** White kept above and below what a letter covers. */
const EDGE_DOTS = 2
/** Where the baseline lies in a drawn row: room for Arabic's deep letters below. */
const BASELINE = 0.72
const WHITE = 255
const MIDDLE = 128
const RULE_HEIGHT_DOTS = 30
const RULE_THICKNESS_DOTS = 2

function fontOf(line: TextLine, fontDots: number): string {
  const weight = line.size === 'huge' ? 900 : line.weight === 'bold' ? 700 : 500
  return `${weight} ${fontDots}px ${PAPER_FONTS}`
}

function paper(widthDots: number, heightDots: number): { canvas: Canvas; context: SKRSContext2D } {
  const canvas = createCanvas(widthDots, heightDots)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, widthDots, heightDots)
  context.fillStyle = '#000'
  // Otherwise shaping would follow the host's language.
  context.lang = 'en'
  return { canvas, context }
}

/**
 * How far a line's letters rise above the baseline and fall below it, by looking at them: the measures that canvas
 * libraries give leave stacked vowel signs out.
 */
function inkOf(line: TextLine, fontDots: number, widthDots: number): { aboveDots: number; belowDots: number } {
  const baselineDots = 2 * fontDots
  const { canvas, context } = paper(Math.ceil(widthDots) + 2 * fontDots, 4 * fontDots)
  context.font = fontOf(line, fontDots)
  context.direction = line.direction
  context.textAlign = 'center'
  context.fillText(line.text, canvas.width / 2, baselineDots)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  let top = baselineDots
  let bottom = baselineDots
  for (let index = 0; index < data.length; index += 4) {
    if ((data[index] ?? 255) === 255) continue
    const row = Math.floor(index / 4 / canvas.width)
    top = Math.min(top, row)
    bottom = Math.max(bottom, row + 1)
  }
  return { aboveDots: baselineDots - top, belowDots: bottom - baselineDots }
}

/** Where a line's letters stand: the largest font that fits, and a row that holds its highest and deepest marks. */
function placeLine(line: TextLine, widthDots: number): { fontDots: number; baselineDots: number; heightDots: number } {
  const { context } = paper(8, 8)
  const measure = (fontDots: number) => {
    context.font = fontOf(line, fontDots)
    context.direction = line.direction
    return context.measureText(line.text)
  }
  const wantedDots = line.size === 'huge' ? HUGE_FONT_MAX_DOTS : ROW[line.size].fontDots
  const wantedWidthDots = measure(wantedDots).width
  const fontDots = wantedWidthDots <= widthDots ? wantedDots : Math.floor((wantedDots * widthDots) / wantedWidthDots)

  const ink = inkOf(line, fontDots, wantedWidthDots)
  const rowDots =
    line.size === 'huge'
      ? Math.ceil(fontDots * CAPITAL_HEIGHT) + HUGE_MARGIN_DOTS.above + HUGE_MARGIN_DOTS.below
      : ROW[line.size].heightDots
  const usualBaselineDots = line.size === 'huge' ? rowDots - HUGE_MARGIN_DOTS.below : Math.round(rowDots * BASELINE)
  // Vowel signs stack higher and deeper than any row foresees.
  const baselineDots = Math.max(usualBaselineDots, ink.aboveDots + EDGE_DOTS)
  const belowDots = Math.max(rowDots - usualBaselineDots, ink.belowDots + EDGE_DOTS)
  return { fontDots, baselineDots, heightDots: baselineDots + belowDots }
}

/**
 * Draws one line of a slip over the paper's whole width: shaped, in its direction, black on white or the reverse.
 * A line that is too wide becomes smaller; nothing is ever cut off.
 * @param widthDots - printable width, a multiple of 8
 */
export function drawTextLine(line: TextLine, widthDots: number): Canvas {
  registerPaperFonts()
  const sideDots = line.size === 'huge' ? HUGE_MARGIN_DOTS.side : SIDE_MARGIN_DOTS
  const { fontDots, baselineDots, heightDots } = placeLine(line, widthDots - 2 * sideDots)

  const { canvas, context } = paper(widthDots, heightDots)
  if (line.ground === 'ink') {
    context.fillRect(0, 0, widthDots, heightDots)
    context.fillStyle = '#fff'
  }
  context.font = fontOf(line, fontDots)
  context.direction = line.direction
  context.textBaseline = 'alphabetic'
  context.textAlign = line.align
  const x = { left: sideDots, center: widthDots / 2, right: widthDots - sideDots }[line.align]
  context.fillText(line.text, x, baselineDots)
  return canvas
}

/** Draws the thin line between two parts of a slip. */
export function drawRule(widthDots: number): Canvas {
  const { canvas, context } = paper(widthDots, RULE_HEIGHT_DOTS)
  context.fillRect(0, (RULE_HEIGHT_DOTS - RULE_THICKNESS_DOTS) / 2, widthDots, RULE_THICKNESS_DOTS)
  return canvas
}

/** Draws a QR code in the middle of the paper, for printers that cannot make one themselves. */
export function drawQr(
  modules: { readonly size: number; readonly data: Uint8Array },
  moduleDots: number,
  widthDots: number,
): Canvas {
  const { canvas, context } = paper(widthDots, modules.size * moduleDots)
  const leftDots = Math.floor((widthDots - modules.size * moduleDots) / 2)
  for (const [index, isDark] of modules.data.entries()) {
    if (isDark === 0) continue
    const column = index % modules.size
    const row = Math.floor(index / modules.size)
    context.fillRect(leftDots + column * moduleDots, row * moduleDots, moduleDots, moduleDots)
  }
  return canvas
}

/** One bit per dot, rows of `width / 8` bytes, 1 = black. */
function dotsOf(drawing: Canvas): Uint8Array {
  const { data } = drawing.getContext('2d').getImageData(0, 0, drawing.width, drawing.height)
  const dots = new Uint8Array((drawing.width / 8) * drawing.height)
  for (let dot = 0; dot < drawing.width * drawing.height; dot += 1) {
    // Our drawings are grey, so that one colour tells of all three.
    if ((data[dot * 4] ?? WHITE) < MIDDLE) dots[dot >> 3] = (dots[dot >> 3] ?? 0) | (0x80 >> (dot & 7))
  }
  return dots
}

/**
 * A drawing as commands of at most `bandDots` rows each (`GS v 0`): a cheap printer chokes on one tall picture.
 * @param drawing - its width is a multiple of 8
 */
export function rasterBands(drawing: Canvas, bandDots: number): readonly Buffer[] {
  const dots = dotsOf(drawing)
  const rowBytes = drawing.width / 8
  return Array.from({ length: Math.ceil(drawing.height / bandDots) }, (_, band) => {
    const rows = dots.subarray(band * bandDots * rowBytes, (band + 1) * bandDots * rowBytes)
    const heightDots = rows.length / rowBytes
    const head = [0x1d, 0x76, 0x30, 0, rowBytes & 0xff, rowBytes >> 8, heightDots & 0xff, heightDots >> 8]
    return Buffer.concat([Uint8Array.from(head), rows])
  })
}
