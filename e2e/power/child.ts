// The program that the shim's own test runs on the faulty disk. Its acknowledgements are lines on standard output.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'

const [folder = '', synchronous = 'FULL', checkpointPages = ''] = process.argv.slice(2)

function say(line: string): void {
  writeSync(1, `${line}\n`)
}

function openRows(): Database.Database {
  const database = new Database(join(folder, 'rows.db'))
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${synchronous}`) // Not stored in the file: the default of a reopened WAL is NORMAL.
  database.pragma(`wal_autocheckpoint = ${checkpointPages}`)
  database.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  return database
}

function writeWhole(name: string, text: string): void {
  const file = openSync(join(folder, name), 'w')
  writeSync(file, text)
  closeSync(file)
}

function sync(name: string): void {
  const file = openSync(join(folder, name), 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Replaces a small file again and again in the way that survives a cut; several of them meet in the thread pool. */
async function swapForEver(writer: string): Promise<never> {
  for (let turn = 1; ; turn++) {
    const next = await open(join(folder, `next-${writer}`), 'w')
    await next.write(String(turn))
    await next.sync()
    await next.close()
    await rename(join(folder, `next-${writer}`), join(folder, `state-${writer}`))
    const parent = await open(folder, 'r')
    await parent.sync()
    await parent.close()
    say(`${writer} ${turn}`)
  }
}

const database = openRows()
const insert = database.prepare<[string], unknown>('INSERT INTO rows (text) VALUES (?)')

/** One command a line; `insert-for-ever` never returns, so that a cut at any time meets it at work. */
function obey(command: string, name = '', text = ''): string {
  if (command === 'insert') return String(insert.run('x'.repeat(200)).lastInsertRowid)
  if (command === 'insert-for-ever') for (;;) say(String(insert.run('x'.repeat(200)).lastInsertRowid))
  if (command === 'swap-for-ever') void swapForEver(name)
  else if (command === 'checkpoint') database.pragma('wal_checkpoint(TRUNCATE)')
  else if (command === 'write') writeWhole(name, text)
  else if (command === 'sync') sync(name)
  else if (command === 'rename') renameSync(join(folder, name), join(folder, text))
  else if (command === 'remove') rmSync(join(folder, name))
  else if (command === 'read') return readFileSync(join(folder, name), 'utf8')
  else throw new Error(`unknown command ${command}`)
  return 'ok'
}

say('ready')
createInterface({ input: process.stdin }).on('line', (line) => {
  try {
    say(obey(...(line.split(' ') as [string, string?, string?])))
  } catch (error) {
    say(error instanceof Error && 'code' in error ? String(error.code) : String(error))
  }
})
