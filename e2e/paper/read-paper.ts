import { createCanvas, loadImage } from '@napi-rs/canvas'
import jsqr from 'jsqr'
import { drawTextLine } from '../../kiosk/devices/draw-line.ts'
import { paintPaper } from '../../kiosk/devices/paint-paper.ts'
import { decodePaper, type Paper, type PaperFault, paperText } from '../../kiosk/devices/paper.ts'
import type { PrinterProfile } from '../../shared/slip/profile.ts'

/** What a person, and a phone, can read on a ticket. */
export interface PaperReading {
  /** The letters the printer drew itself; lines that came as pictures are in `picture` only. */
  readonly text: string
  /** What a camera reads; null = no QR code on the paper, or an unreadable one. */
  readonly qr: string | null
  readonly cutCount: number
  readonly faults: readonly PaperFault[]
  readonly paper: Paper
  /** PNG. */
  readonly picture: Buffer
}

// jsqr is CommonJS: its types say "default", Node hands over the module.
const readQr = 'default' in jsqr ? jsqr.default : jsqr

/** Reads the QR code in a PNG as a phone's camera would; null = none. */
async function qrInPicture(png: Buffer): Promise<string | null> {
  const image = await loadImage(png)
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const pixels = context.getImageData(0, 0, image.width, image.height)
  return readQr(new Uint8ClampedArray(pixels.data), image.width, image.height)?.data ?? null
}

/** Reads a job back from its bytes: text from the commands, the QR code from the painted paper. */
export async function readPaper(job: Uint8Array, profile: PrinterProfile): Promise<PaperReading> {
  const paper = decodePaper(job, profile)
  const picture = paintPaper(paper)
  return {
    text: paperText(paper),
    qr: await qrInPicture(picture),
    cutCount: paper.elements.filter((element) => element.type === 'cut').length,
    faults: paper.faults,
    paper,
    picture,
  }
}

/** Black dots of all pictures on the paper, one hexadecimal text per row. */
function rowsOf(paper: Paper): readonly string[] {
  return paper.elements.flatMap((element) => {
    if (element.type !== 'image') return []
    const bytesPerRow = element.widthDots / 8
    return Array.from({ length: element.heightDots }, (_, row) =>
      Buffer.from(element.bits.subarray(row * bytesPerRow, (row + 1) * bytesPerRow)).toString('hex'),
    )
  })
}

/** Whether the paper shows that number in its largest letters, dot for dot as we draw it. */
export function showsNumber(paper: Paper, number: string): boolean {
  const look = { size: 'huge', weight: 'bold', align: 'center', direction: 'ltr', ground: 'paper' } as const
  const drawing = drawTextLine({ type: 'text', text: number, ...look }, paper.widthDots)
  const { data } = drawing.getContext('2d').getImageData(0, 0, drawing.width, drawing.height)
  const wanted = Array.from({ length: drawing.height }, (_, row) => {
    const bytes = Buffer.alloc(drawing.width / 8)
    for (let column = 0; column < drawing.width; column += 1) {
      const byteIndex = column >> 3
      if ((data[(row * drawing.width + column) * 4] ?? 255) < 128)
        bytes[byteIndex] = (bytes[byteIndex] ?? 0) | (0x80 >> (column % 8))
    }
    return bytes.toString('hex')
  })
  return rowsOf(paper).join(' ').includes(wanted.join(' '))
}
