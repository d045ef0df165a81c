// What a printer says arrives as one stream without frames: answers to questions, receipts, automatic status and flow
// control are told apart by their fixed bits.

/** Real answers to `DLE EOT` have these bits fixed; flow control and automatic status differ in them. */
const FIXED_BITS_MASK = 0x93
const ANSWER_BITS = 0x12
const PUSHED_BITS = 0x10
const PUSHED_BYTES = 4
const BLOCK_HEAD = 0x37
const RECEIPT_KIND = 0x22
const RECEIPT_ID_BYTES = 4
/** The longest block that printers send; more without an end is noise. */
const BLOCK_BYTES_MAX = 80

export interface Heard {
  /** Answers to `DLE EOT`, in order. */
  readonly answers: readonly number[]
  /** The ids of jobs that were processed to their end. */
  readonly receipts: readonly string[]
  /** How many bytes belong to something that is complete; the rest may go on. */
  readonly completeBytes: number
}

/** Whether a byte from the printer can be an answer to `DLE EOT`. */
export function isStatusByte(byte: number): boolean {
  return (byte & FIXED_BITS_MASK) === ANSWER_BITS
}

/** The length of what begins here; null = its end has not come. */
function lengthAt(bytes: readonly number[], offset: number): number | null {
  const first = bytes[offset] ?? 0
  if (first === BLOCK_HEAD) {
    const end = bytes.indexOf(0, offset)
    if (end >= 0) return end - offset + 1
    return bytes.length - offset > BLOCK_BYTES_MAX ? 1 : null
  }
  if ((first & FIXED_BITS_MASK) !== PUSHED_BITS) return 1
  return bytes.length - offset < PUSHED_BYTES ? null : PUSHED_BYTES
}

/** Reads what a printer said. Never throws, whatever the bytes. */
export function hearPrinter(bytes: readonly number[]): Heard {
  const answers: number[] = []
  const receipts: string[] = []
  let offset = 0
  while (offset < bytes.length) {
    const length = lengthAt(bytes, offset)
    if (length === null) break
    const first = bytes[offset] ?? 0
    if (length === 1 && isStatusByte(first)) answers.push(first)
    if (length === RECEIPT_ID_BYTES + 3 && bytes[offset + 1] === RECEIPT_KIND)
      receipts.push(String.fromCharCode(...bytes.slice(offset + 2, offset + 2 + RECEIPT_ID_BYTES)))
    offset += length
  }
  return { answers, receipts, completeBytes: offset }
}
