import { type Canvas, createCanvas, type Image, loadImage, Path2D, type SKRSContext2D } from '@napi-rs/canvas'
import { ditherGrey } from '#shared/slip/dither.ts'
import { PICTOGRAMS, type ServiceSign, SIGN_FORMS } from '#shared/slip/pictograms.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'

type Paper = Pick<PrinterProfile, 'widthDots'>

/** Of the paper's width: seen from an arm's length, and no longer than a slow serial line can carry. */
const SIGN_SHARE = 0.3
const LOGO_WIDTH_SHARE = 0.66
const LOGO_HEIGHT_SHARE = 0.25
/** Pictograms are drawn in this square, with lines of this width. */
const SQUARE = 24
const LINE_WIDTH = 1.9
const BYTE_DOTS = 8
/** One logo is in use at a time, on printers of two widths at most; an older one makes room. */
const LOGOS_KEPT_MAX = 4

const wholeBytes = (dots: number): number => Math.ceil(dots / BYTE_DOTS) * BYTE_DOTS

function paper(widthDots: number, heightDots: number): { canvas: Canvas; context: SKRSContext2D } {
  const canvas = createCanvas(widthDots, heightDots)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, widthDots, heightDots)
  return { canvas, context }
}

/** The pictogram of a service, white on the black form of its colour; without a colour, black on white. */
export function drawSign({ pictogram, colour }: ServiceSign, { widthDots }: Paper): Canvas {
  const sideDots = wholeBytes(widthDots * SIGN_SHARE)
  const { canvas, context } = paper(sideDots, sideDots)
  const form = colour === null ? null : SIGN_FORMS[colour]
  context.scale(sideDots / SQUARE, sideDots / SQUARE)
  context.fillStyle = '#000'
  if (form !== null) context.fill(new Path2D(form.path))
  context.translate(SQUARE / 2, SQUARE / 2)
  context.scale(form?.scale ?? 1, form?.scale ?? 1)
  context.translate(-SQUARE / 2, -SQUARE / 2)
  context.strokeStyle = form === null ? '#000' : '#fff'
  context.lineWidth = LINE_WIDTH
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const path of PICTOGRAMS[pictogram]) context.stroke(new Path2D(path))
  return canvas
}

/** As large as its share of the paper allows, and never larger than it is. */
function sizeOf({ width, height }: Image, widthDots: number): { width: number; height: number } {
  const scale = Math.min(1, (widthDots * LOGO_WIDTH_SHARE) / width, (widthDots * LOGO_HEIGHT_SHARE) / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function dithered(image: Image, widthDots: number): Canvas {
  const { width, height } = sizeOf(image, widthDots)
  const { canvas, context } = paper(wholeBytes(width), height)
  context.drawImage(image, Math.floor((canvas.width - width) / 2), 0, width, height)
  const pixels = context.getImageData(0, 0, canvas.width, height)
  const grey = Uint8Array.from({ length: canvas.width * height }, (_, dot) => {
    const [red = 255, green = 255, blue = 255] = pixels.data.subarray(dot * 4, dot * 4 + 3)
    return Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
  })
  for (const [dot, isBlack] of ditherGrey(grey, canvas.width).entries()) {
    const value = isBlack === 1 ? 0 : 255
    pixels.data.set([value, value, value, 255], dot * 4)
  }
  context.putImageData(pixels, 0, 0)
  return canvas
}

const drawnLogos = new Map<string, Promise<Canvas | null>>()

/**
 * A logo in black dots alone; drawn once for each width, for it is the same on every ticket.
 * @returns null when the picture cannot be read: a ticket goes without it
 */
export function drawLogo(png: string, { widthDots }: Paper): Promise<Canvas | null> {
  const key = `${widthDots} ${png}`
  const known = drawnLogos.get(key)
  if (known !== undefined) return known
  const drawing = loadImage(png).then(
    (image) => dithered(image, widthDots),
    () => null,
  )
  const oldest = [...drawnLogos.keys()].slice(0, Math.max(0, drawnLogos.size + 1 - LOGOS_KEPT_MAX))
  for (const each of oldest) drawnLogos.delete(each)
  drawnLogos.set(key, drawing)
  return drawing
}
