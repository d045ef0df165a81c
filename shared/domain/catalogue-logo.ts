/** A branch's logo is one PNG, written into the catalogue as a data URL: one document is applied whole or not at all. */
export const LOGO_START = 'data:image/png;base64,'
/** So many bytes in base64: each version of the catalogue carries it to every device. */
export const LOGO_TEXT_MAX = 64 * 1024
/** A small file can hold a picture that fills a kiosk's memory. */
export const LOGO_SIDE_DOTS_MAX = 1_600

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const HEADER_BYTES = 13
/** Length, name and check sum around a chunk's data. */
const AROUND_BYTES = 12

/** @returns null when it is no base64 */
function bytesOf(base64: string): Uint8Array | null {
  const letters = base64.replace(/={1,2}$/, '')
  if (base64.length % 4 !== 0 || letters.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4))
  let bits = 0
  let bitCount = 0
  let place = 0
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) return null
    bits = ((bits << 6) | value) & 0xffffff
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    bytes[place] = (bits >> bitCount) & 0xff
    place += 1
  }
  return bytes
}

/** As PNG has it. */
function checkSum(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

interface Chunk {
  readonly name: string
  readonly data: Uint8Array
}

/** @returns null when the file breaks off, goes on after its end, or a check sum is wrong */
function chunksOf(file: Uint8Array): readonly Chunk[] | null {
  const numbers = new DataView(file.buffer)
  const chunks: Chunk[] = []
  let offset = SIGNATURE.length
  while (offset < file.length) {
    if (offset + AROUND_BYTES > file.length) return null
    const end = offset + 8 + numbers.getUint32(offset)
    if (end + 4 > file.length) return null
    if (checkSum(file.subarray(offset + 4, end)) !== numbers.getUint32(end)) return null
    const name = String.fromCharCode(...file.subarray(offset + 4, offset + 8))
    chunks.push({ name, data: file.subarray(offset + 8, end) })
    offset = end + 4
  }
  return chunks.at(-1)?.name === 'IEND' ? chunks : null
}

/** What is wrong with a logo, in a sentence for whoever wrote the catalogue; null when nothing is. */
export function logoFault(logo: string): string | null {
  const file = logo.startsWith(LOGO_START) ? bytesOf(logo.slice(LOGO_START.length)) : null
  if (file === null || SIGNATURE.some((byte, index) => file[index] !== byte))
    return `the logo is no PNG; write it as ${LOGO_START}…`
  const [header, ...rest] = chunksOf(file) ?? []
  if (header?.name !== 'IHDR' || header.data.length !== HEADER_BYTES || !rest.some(({ name }) => name === 'IDAT'))
    return 'the PNG of the logo is damaged'
  const sides = new DataView(header.data.buffer, header.data.byteOffset)
  const [width, height] = [sides.getUint32(0), sides.getUint32(4)]
  if (width < 1 || height < 1 || width > LOGO_SIDE_DOTS_MAX || height > LOGO_SIDE_DOTS_MAX)
    return `the logo is ${width} by ${height} dots; ${LOGO_SIDE_DOTS_MAX} on a side are the most`
  return null
}
