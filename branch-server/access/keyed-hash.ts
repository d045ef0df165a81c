import { hash } from 'node:crypto'

/** SHA-256 reads its input in blocks of so many bytes; a key of HMAC fills one. */
const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** Longer texts get a buffer of their own. */
const TEXT_BYTES_MAX = 4_096
/** One UTF-16 unit takes at most so many bytes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3

/**
 * HMAC-SHA256 in base64url, the same as `createHmac` makes: that one sets up a key and a stream for each text, which
 * took twice as long as all of this.
 */
export function createKeyedHash(secret: string): (text: string) => string {
  const given = Buffer.from(secret)
  const key = Buffer.alloc(BLOCK_BYTES)
  const short = given.length > BLOCK_BYTES ? hash('sha256', given, 'buffer') : given
  short.copy(key)
  const inner = Buffer.alloc(BLOCK_BYTES + TEXT_BYTES_MAX)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36
    outer[index] = byte ^ 0x5c
  }

  function innerOf(text: string): Buffer {
    if (text.length * BYTES_PER_UNIT_MAX > TEXT_BYTES_MAX)
      return Buffer.concat([inner.subarray(0, BLOCK_BYTES), Buffer.from(text)])
    return inner.subarray(0, BLOCK_BYTES + inner.write(text, BLOCK_BYTES))
  }

  return (text) => {
    // Bytes as text, each a character: a buffer for each would take longer than the hash.
    outer.write(hash('sha256', innerOf(text), 'binary'), BLOCK_BYTES, 'binary')
    return hash('sha256', outer, 'base64url')
  }
}
