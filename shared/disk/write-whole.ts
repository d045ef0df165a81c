import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes what was created, renamed or removed in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Replaces a small file whole, readable by its owner alone: written beside, flushed, renamed, and the folder flushed.
 * A power cut leaves the old text or the new one, never a part.
 * @throws Error of the file system; the text before stays
 */
export function writeWhole(file: string, text: string | Uint8Array): void {
  const beside = `${file}.new`
  const handle = openSync(beside, 'w', 0o600)
  try {
    // Not writeSync: a disk that is nearly full takes a part and says no more than that.
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, file)
  syncFolder(dirname(file))
}

/**
 * The same, while the program goes on. Beside it lies another file than the one above uses: both may be under way.
 * @param isWanted - asked once the text is on the disk: false where something newer has taken the place meanwhile
 * @throws Error of the file system; the text before stays
 */
export async function writeWholeBehind(file: string, text: string, isWanted: () => boolean): Promise<void> {
  const beside = `${file}.next`
  const handle = await open(beside, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  // In one turn with the question, so that nothing comes between.
  if (!isWanted()) return
  renameSync(beside, file)
  const folder = await open(dirname(file), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
