import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askBranch, startBranch } from './branch.ts'

const WRITER = fileURLToPath(new URL('./history-writer.ts', import.meta.url))
const CATALOGUE = fileURLToPath(new URL('./bench-catalogue.ts', import.meta.url))
const CONTENT_FOLDERS = ['../../shared/domain/', '../../branch-server/store/migrations/'].map(
  (folder) => new URL(folder, import.meta.url),
)
const DATABASE = 'branch.db'

const sourcesIn = (folder: URL): readonly string[] =>
  readdirSync(folder)
    .filter((name) => /\.(ts|sql)$/.test(name) && !name.endsWith('.test.ts'))
    .toSorted()
    .map((name) => fileURLToPath(new URL(name, folder)))

/** What decides the file's content: its writer, its catalogue, the core that folds it, its tables. */
function contentHash(): string {
  const hash = createHash('sha256')
  for (const file of [WRITER, CATALOGUE, ...CONTENT_FOLDERS.flatMap(sourcesIn)]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 16)
}

async function write(file: string, ticketCount: number): Promise<void> {
  const child = spawn(process.execPath, [WRITER, file, String(ticketCount), String(Date.now())], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`The history could not be written (${code})`)
}

/** A file counts only once the server's own check has read all of it. */
async function prove(folder: string): Promise<void> {
  const branch = await startBranch(folder)
  const { fault, eventCount } = await askBranch<{ fault: string | null; eventCount: number }>(
    branch,
    'POST',
    '/api/v1/checks',
  )
  await branch.stop()
  if (fault !== null) throw new Error(`The history is at fault: ${fault}`)
  console.error(`${eventCount} events of history, checked`)
}

/** A history of so many tickets, made once and kept among the temporary files. @returns the file; copy it, do not open it */
async function keptHistory(ticketCount: number): Promise<string> {
  const kept = join(tmpdir(), `smartqueue-history-${ticketCount}-${contentHash()}.db`)
  if (existsSync(kept)) return kept
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-history-'))
  try {
    await write(join(folder, DATABASE), ticketCount)
    await prove(folder)
    renameSync(join(folder, DATABASE), kept)
    for (const name of readdirSync(tmpdir()))
      if (name.startsWith(`smartqueue-history-${ticketCount}-`) && !kept.endsWith(name)) rmSync(join(tmpdir(), name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return kept
}

/** Lays a history into an empty data folder. */
export async function layHistory(folder: string, ticketCount: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  copyFileSync(await keptHistory(ticketCount), join(folder, DATABASE))
}
