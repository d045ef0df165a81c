import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeys } from '../../../branch-server/access/keys.ts'
import { SETTINGS_NAME } from '../../../branch-server/waist/open-branch.ts'

/** In memory where that can be had: what a power cut takes is the business of another simulation. */
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
/** Shared memory of whoever has the database open; it is made anew. */
const NOT_COPIED = /-shm$/

export const newFolder = (name: string): string => mkdtempSync(join(BASE, `smartqueue-simulated-${name}-`))

/** The files as they lie there, whoever is writing them: what a box finds that starts after its program was killed. */
export function copyDisk(from: string, name: string): string {
  const to = newFolder(name)
  for (const file of readdirSync(from, { withFileTypes: true })) {
    if (file.isDirectory()) mkdirSync(join(to, file.name))
    else if (!NOT_COPIED.test(file.name)) copyFileSync(join(from, file.name), join(to, file.name))
  }
  return to
}

export const removeDisk = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** Beside an older database lies the newer second copy, where only the database was put back. */
export function keepSettings(from: string, to: string): void {
  if (existsSync(join(from, SETTINGS_NAME))) copyFileSync(join(from, SETTINGS_NAME), join(to, SETTINGS_NAME))
}

/** Makes the disk of a new branch. @returns its folder, and the key the cloud must know */
export function newDisk(name: string): { folder: string; publicKey: string } {
  const folder = newFolder(name)
  const { publicKey } = openKeys(folder, 'simulated')
  return { folder, publicKey }
}
