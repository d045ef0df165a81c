import { existsSync, readFileSync } from 'node:fs'
import { endianness } from 'node:os'

// The format: sqlite.org/fileformat2.html#the_write_ahead_log
const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC = 0x377f0682
const CHECKED_HEADER_BYTES = 24
const CHECKED_FRAME_BYTES = 8
/** What a disk writes whole or not at all. */
const SECTOR_BYTES = 512

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
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  /** Whether the frame sums up, going on from what the one before it says of itself. */
  const follows = (at: number, before: Sums): boolean => {
    const head = sumOn(before, log.subarray(at, at + CHECKED_FRAME_BYTES), isBig)
    return isSum(log, at + 16, sumOn(head, log.subarray(at + FRAME_HEADER_BYTES, at + frameBytes), isBig))
  }
  let isBroken = false
  let isCommitBehind = false
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const isOfThisLog = log.subarray(at + 8, at + 16).equals(salts)
    if (isCommitBehind && isOfThisLog) return true
    const isWhole = isOfThisLog && follows(at, sums)
    isBroken ||= !isWhole
    const isCommit = isOfThisLog && log.readUInt32BE(at + 4) !== 0 && (isWhole || !isAcrossSectors(at))
    isCommitBehind ||= isBroken && isCommit
    sums = [log.readUInt32BE(at + 16), log.readUInt32BE(at + 20)]
  }
  return false
}

/**
 * Whether a cut can leave the mark of a commit and the salts of one frame from two different times: that of a frame of
 * an older log, under the salts of a new one that was just being written.
 */
const isAcrossSectors = (at: number): boolean => (at + 8) % SECTOR_BYTES === 0

const isSum = (log: Buffer, at: number, [a, b]: Sums): boolean =>
  log.readUInt32BE(at) === a && log.readUInt32BE(at + 4) === b
