import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Sounds kept on disk by a name that tells what is in them; those that were not wanted for longest go first. */
export interface ClipShelf {
  has(name: string): boolean
  /** @returns null when it is not there, or is no longer what it was */
  get(name: string): Promise<Buffer | null>
  /** Never throws: what could not be kept is made or fetched again. */
  put(name: string, clip: Buffer): Promise<void>
}

export interface ShelfParts {
  readonly folder: string
  readonly bytesMax: number
  /** A power cut may leave less than was written: nothing here is worth a flush. */
  readonly isWhole: (clip: Buffer) => boolean
  readonly onFault: (error: unknown) => void
}

const NAME = /^[0-9a-f]{64}$/

export function openClipShelf({ folder, bytesMax, isWhole, onFault }: ShelfParts): ClipShelf {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** By name, the one that was not wanted for longest first. */
  const bytesOf = new Map<string, number>()
  let bytes = 0
  const stored = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .map((name) => ({ name, ...statSync(join(folder, name)) }))
    .toSorted((a, b) => a.mtimeMs - b.mtimeMs)
  for (const { name, size } of stored) {
    bytesOf.set(name, size)
    bytes += size
  }

  function forget(name: string): void {
    bytes -= bytesOf.get(name) ?? 0
    bytesOf.delete(name)
  }

  async function makeRoom(): Promise<void> {
    for (const name of bytesOf.keys()) {
      if (bytes <= bytesMax) return
      forget(name)
      await rm(join(folder, name), { force: true })
    }
  }

  return {
    has: (name) => bytesOf.has(name),
    async get(name) {
      const size = bytesOf.get(name)
      if (size === undefined) return null
      try {
        const clip = await readFile(join(folder, name))
        if (isWhole(clip)) {
          bytesOf.delete(name)
          bytesOf.set(name, size)
          return clip
        }
      } catch (error) {
        onFault(error)
      }
      forget(name)
      return null
    },
    async put(name, clip) {
      if (!NAME.test(name)) throw new Error(`${name} is no name of a clip`)
      try {
        const beside = join(folder, `${name}.new`)
        await writeFile(beside, clip, { mode: 0o600 })
        await rename(beside, join(folder, name))
        forget(name)
        bytesOf.set(name, clip.length)
        bytes += clip.length
        await makeRoom()
      } catch (error) {
        onFault(error)
      }
    },
  }
}
