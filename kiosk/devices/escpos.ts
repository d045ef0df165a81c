/** One ESC/POS command or run of text, as found in a byte stream. */
export type Token =
  | { readonly type: 'text'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'command'; readonly offset: number; readonly bytes: Uint8Array; readonly name: string }
  /** Bytes that no command we know begins with. */
  | { readonly type: 'unknown'; readonly offset: number; readonly bytes: Uint8Array }

const NUL = 0x00
const LF = 0x0a
const CR = 0x0d
const DLE = 0x10
const ESC = 0x1b
const GS = 0x1d
const FIRST_PRINTABLE_BYTE = 0x20

/** How many bytes follow the command's two. */
const ARGUMENTS_AFTER: Readonly<Record<string, number>> = {
  'ESC @': 0,
  'ESC 2': 0,
  'ESC !': 1,
  'ESC -': 1,
  'ESC 3': 1,
  'ESC E': 1,
  'ESC G': 1,
  'ESC J': 1,
  'ESC M': 1,
  'ESC R': 1,
  'ESC a': 1,
  'ESC d': 1,
  'ESC t': 1,
  'ESC {': 1,
  'GS !': 1,
  'GS B': 1,
  'GS a': 1,
  'GS r': 1,
}
const CUT_WITH_FEED = 0x41

type Found = { readonly name: string; readonly lengthBytes: number } | 'incomplete' | 'unknown'

function word(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) + 256 * (bytes[offset + 1] ?? 0)
}

/** Commands that carry their own length. */
function findLong(bytes: Uint8Array, offset: number): Found {
  const letter = String.fromCharCode(bytes[offset + 1] ?? 0)
  const available = bytes.length - offset
  if (letter === 'V') {
    if (available < 3) return 'incomplete'
    return { name: 'GS V', lengthBytes: (bytes[offset + 2] ?? 0) >= CUT_WITH_FEED ? 4 : 3 }
  }
  if (letter === '(') {
    if (available < 5) return 'incomplete'
    const name = `GS ( ${String.fromCharCode(bytes[offset + 2] ?? 0)}`
    return { name, lengthBytes: 5 + word(bytes, offset + 3) }
  }
  if (letter === 'v') {
    if (available < 8) return 'incomplete'
    const name = `GS v ${String.fromCharCode(bytes[offset + 2] ?? 0)}`
    return { name, lengthBytes: 8 + word(bytes, offset + 4) * word(bytes, offset + 6) }
  }
  return 'unknown'
}

/** Zeros mean nothing, however many there are. */
function zerosAt(bytes: Uint8Array, offset: number): number {
  let end = offset
  while (bytes[end] === NUL) end += 1
  return end - offset
}

function findCommand(bytes: Uint8Array, offset: number): Found {
  const first = bytes[offset] ?? 0
  if (first === NUL) return { name: 'NUL', lengthBytes: zerosAt(bytes, offset) }
  if (first === LF) return { name: 'LF', lengthBytes: 1 }
  if (first === CR) return { name: 'CR', lengthBytes: 1 }
  if (first !== ESC && first !== GS && first !== DLE) return 'unknown'
  if (offset + 1 >= bytes.length) return 'incomplete'
  const second = bytes[offset + 1] ?? 0
  if (first === DLE) return second === 4 || second === 5 ? { name: `DLE ${second}`, lengthBytes: 3 } : 'unknown'
  const name = `${first === ESC ? 'ESC' : 'GS'} ${String.fromCharCode(second)}`
  const argumentCount = ARGUMENTS_AFTER[name]
  if (argumentCount !== undefined) return { name, lengthBytes: 2 + argumentCount }
  return first === GS ? findLong(bytes, offset) : 'unknown'
}

function textEnd(bytes: Uint8Array, offset: number): number {
  let end = offset
  while (end < bytes.length && (bytes[end] ?? 0) >= FIRST_PRINTABLE_BYTE) end += 1
  return end
}

/**
 * Splits a byte stream into commands and text. Never throws, whatever the bytes.
 * @returns `rest`: the beginning of a command whose end has not come (yet); an unknown command is two bytes long, as
 * its arguments cannot be told from text
 */
export function splitEscPos(bytes: Uint8Array): { readonly tokens: readonly Token[]; readonly rest: Uint8Array } {
  const tokens: Token[] = []
  let offset = 0
  while (offset < bytes.length) {
    const end = textEnd(bytes, offset)
    if (end > offset) {
      tokens.push({ type: 'text', offset, bytes: bytes.subarray(offset, end) })
      offset = end
      continue
    }
    const found = findCommand(bytes, offset)
    if (found === 'incomplete') break
    if (found === 'unknown') {
      const isPair = [ESC, GS, DLE].includes(bytes[offset] ?? 0)
      const length = isPair ? 2 : 1
      tokens.push({ type: 'unknown', offset, bytes: bytes.subarray(offset, offset + length) })
      offset += length
      continue
    }
    if (offset + found.lengthBytes > bytes.length) break
    const command = bytes.subarray(offset, offset + found.lengthBytes)
    tokens.push({ type: 'command', offset, bytes: command, name: found.name })
    offset += found.lengthBytes
  }
  return { tokens, rest: bytes.subarray(offset) }
}
