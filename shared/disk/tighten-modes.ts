import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What others on the machine may do with it. */
const OTHERS = 0o077
const OWNERS = 0o700
/** A data folder has some dozens; what lies deeper is in folders of its own, which nobody passes through this one to. */
const FILES_MAX = 1_000

interface Log {
  warn(details: object, message: string): void
}

/**
 * Takes from a data folder, and from each file in it, what others on the machine may do: keys, tokens and settings that
 * were copied there, or unpacked from a backup, are often readable by everybody. Says what it found, for it may have been
 * read meanwhile.
 */
export function tightenModes(folder: string, log: Log): void {
  const loose: string[] = []
  function tighten(path: string, name: string): void {
    const { mode } = lstatSync(path)
    if ((mode & OTHERS) === 0) return
    // What its owner may do stays: the folder may hold a script of hers.
    chmodSync(path, mode & OWNERS)
    loose.push(name)
  }
  try {
    tighten(folder, '.')
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() || entry.isDirectory())
    for (const entry of files.slice(0, FILES_MAX)) tighten(join(folder, entry.name), entry.name)
  } catch (error) {
    log.warn({ err: error, folder }, 'who may read the data folder could not be set right')
  }
  if (loose.length > 0)
    log.warn(
      { folder, loose },
      'others on this machine could read the data folder; that is set right: change what may have been read',
    )
}
