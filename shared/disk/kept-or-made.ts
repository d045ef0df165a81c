import { existsSync, readFileSync } from 'node:fs'
import { writeWhole } from './write-whole.ts'

/** A secret of this machine, in a file of mode 600: read, or made at the first time. @throws Error of the file system */
export function keptOrMade(file: string, make: () => string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const made = make()
  writeWhole(file, made)
  return made
}
