import { zstdCompressSync } from 'node:zlib'

/** A body as it travels. */
export interface PackedBody {
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** Shorter bodies are not worth it. */
const COMPRESSED_BYTES_MIN = 500

/** For as long as somebody holds the body itself. */
const packedByBody = new WeakMap<object, PackedBody>()

/** Packs a body once, however often it is asked for: whoever asks ahead has it ready when it is to be sent. */
export function packed(body: object): PackedBody {
  const known = packedByBody.get(body)
  if (known !== undefined) return known
  const text = Buffer.from(JSON.stringify(body))
  const isLong = text.length >= COMPRESSED_BYTES_MIN
  const made: PackedBody = {
    bytes: isLong ? zstdCompressSync(text) : text,
    headers: { 'content-type': 'application/json', ...(isLong && { 'content-encoding': 'zstd' }) },
  }
  packedByBody.set(body, made)
  return made
}
