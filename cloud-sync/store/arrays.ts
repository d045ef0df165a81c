/**
 * Many rows travel to Postgres as one array for each column. In its own form for texts and bytes, so that nothing is quoted
 * here and unquoted there; numbers are short, and go as they are written.
 */

const TEXT = 25
const BYTES = 17
/** Dimensions, whether any is null, the kind; then how many, and the number of the first. */
const HEAD_BYTES = 20
const LENGTH_BYTES = 4

function pack(kind: number, items: readonly (string | null)[], encoding: 'utf8' | 'hex'): Buffer {
  let size = HEAD_BYTES
  for (const item of items) size += LENGTH_BYTES + (item === null ? 0 : Buffer.byteLength(item, encoding))
  const packed = Buffer.allocUnsafe(size)
  packed.writeInt32BE(items.length === 0 ? 0 : 1, 0)
  packed.writeInt32BE(items.includes(null) ? 1 : 0, 4)
  packed.writeInt32BE(kind, 8)
  if (items.length === 0) return packed.subarray(0, 12)
  packed.writeInt32BE(items.length, 12)
  packed.writeInt32BE(1, 16)
  let at = HEAD_BYTES
  for (const item of items) {
    const length = item === null ? -1 : packed.write(item, at + LENGTH_BYTES, encoding)
    packed.writeInt32BE(length, at)
    at += LENGTH_BYTES + Math.max(0, length)
  }
  return packed
}

/** For a `text[]`. What came over the line may be no text: it is written as one, and the table says what it thinks of it. */
export const texts = (items: readonly (string | null | undefined)[]): Buffer =>
  pack(
    TEXT,
    items.map((item) => (item === null || item === undefined ? null : String(item))),
    'utf8',
  )

/** For a `bytea[]`: the bytes of texts. */
export const bytesOfTexts = (items: readonly string[]): Buffer => pack(BYTES, items, 'utf8')

/** For a `bytea[]`. */
export const bytesOfHex = (items: readonly string[]): Buffer => pack(BYTES, items, 'hex')

/** For an array of numbers or truths of any kind. */
export const scalars = (items: readonly (number | boolean | null | undefined)[]): string =>
  `{${items.map((item) => item ?? 'null').join(',')}}`
