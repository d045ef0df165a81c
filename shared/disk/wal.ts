import { existsSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'

// The format: sqlite.org/fileformat2.html#the_write_ahead_log
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682
const CHECKED_HEADER_BYTES = 24
const CHECKED_FRAME_BYTES = 8

type Sums = readonly [number, number]

/** Goes on with the running sums over whole pairs of words. */
function sumOn([first, second]: Sums, bytes: Buffer, isBig: boolean): Sums {
  let [a, b] = [first, second]
  const isNative = isBig === (endianness() === 'BE') && bytes.byteOffset % 4 === 0
  const words = isNative ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) : null
  const word = (at: number): number => words?.[at] ?? (isBig ? bytes.readUInt32BE(at * 4) : bytes.readUInt32LE(at * 4))
  for (let at = 0; at < bytes.length / 4; at += 2) {
    a = (a + word(at) + b) >>> 0
    b = (b + word(at + 1) + a) >>> 0
  }
  return [a, b]
}

/**
 * Whether a write-ahead log has lost bytes that were once flushed. SQLite takes the first frame that does not sum up
 * for the end of the log, as it is after a power cut, and silently forgets every commit behind it. But where each
 * commit is flushed before the next is written, a cut leaves nothing whole behind a broken commit: what lies there
 * shows that the disk has changed bytes at rest. A fault in the very last commit cannot be told from a cut.
 */
export function isWalDamaged(file: string): boolean {
  if (!existsSync(file)) return false
  const log = readFileSync(file)
  if (log.length <= HEADER_BYTES + FRAME_HEADER_BYTES) return false
  const magic = log.readUInt32BE(0)
  const isBig = magic === MAGIC + 1
  let sums = sumOn([0, 0], log.subarray(0, CHECKED_HEADER_BYTES), isBig)
  // Nothing is written behind a header before it is flushed.
  if ((magic !== MAGIC && !isBig) || !isSum(log, CHECKED_HEADER_BYTES, sums)) return true
  const pageBytes = log.readUInt32BE(8)
  const salts = log.subarray(16, CHECKED_HEADER_BYTES)
  let isBroken = false
  let isCommitBehind = false
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES + pageBytes <= log.length; at += FRAME_HEADER_BYTES + pageBytes) {
    const isOfThisLog = log.subarray(at + 8, at + 16).equals(salts)
    if (isBroken && isCommitBehind && isOfThisLog) return true
    if (!isBroken) {
      sums = sumOn(sums, log.subarray(at, at + CHECKED_FRAME_BYTES), isBig)
      sums = sumOn(sums, log.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + pageBytes), isBig)
      isBroken = !isOfThisLog || !isSum(log, at + 16, sums)
    }
    if (isBroken && isOfThisLog && log.readUInt32BE(at + 4) !== 0) isCommitBehind = true
  }
  return false
}

const isSum = (log: Buffer, at: number, [a, b]: Sums): boolean =>
  log.readUInt32BE(at) === a && log.readUInt32BE(at + 4) === b
