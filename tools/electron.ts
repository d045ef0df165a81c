import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './programs.ts'

/** npm brings Electron's launcher and types; its binary is fetched only when somebody asks for it. @returns null: it is not here */
export function findElectron(): string | null {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const folder = join(ROOT, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const program = join(named ?? join(folder, 'dist'), name)
  return existsSync(program) ? program : null
}
