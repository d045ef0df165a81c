import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of a file's content in hexadecimal. @throws Error of the file system */
export async function hashOfFile(file: string): Promise<string> {
  const sum = createHash('sha256')
  await pipeline(createReadStream(file), sum)
  return sum.digest('hex')
}

/** The first bytes of a file, fewer when it is shorter. @throws Error of the file system */
export async function headOfFile(file: string, bytes: number): Promise<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Puts bytes at a place in a file and flushes them: an answer says that they are kept. */
export async function writeAt(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, at === 0 ? 'w' : 'r+', 0o600)
  try {
    let written = 0
    while (written < bytes.length)
      written += (await handle.write(bytes, written, bytes.length - written, at + written)).bytesWritten
    await handle.truncate(at + bytes.length)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
