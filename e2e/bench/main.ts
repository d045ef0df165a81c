import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHelper } from './helper.ts'
import type { LimitTasks } from './limits.ts'
import { beside } from './lines/beside.ts'
import { choose } from './lines/choose.ts'
import type { Line } from './lines/context.ts'
import { displays } from './lines/displays.ts'
import { growth } from './lines/growth.ts'
import { headOffice } from './lines/head-office.ts'
import { history } from './lines/history.ts'
import { memory } from './lines/memory.ts'
import { report } from './lines/report.ts'
import { slowFlush } from './lines/slow-flush.ts'
import { start } from './lines/start.ts'
import { sync } from './lines/sync.ts'
import { tap } from './lines/tap.ts'
import { throughput } from './lines/throughput.ts'
import type { LoadTasks } from './load.ts'
import { isBelowFloor, type Measured, table } from './report.ts'
import { runWait } from './wait/run.ts'

const lines: Readonly<Record<string, Line>> = {
  '1': throughput,
  '2': tap,
  '2b': beside,
  '3': displays,
  '5': history,
  '6b': report,
  '7': start,
  '8': memory,
  '9': slowFlush,
  choose,
  sync,
  growth,
  reports: headOffice,
}

const TMPFS_MAGIC = 0x01021994
const words = process.argv.slice(2)
// The waiting range measures no speed and starts no branch: it has its own words.
if (words[0] === 'wait') process.exit(runWait(words.slice(1), process.env['PLANT']))

const isQuick = words.includes('--quick')
const isStrict = words.includes('--strict')
const asked = words.filter((word) => word !== '--quick' && word !== '--strict')
const unknown = asked.filter((word) => lines[word] === undefined)
if (unknown.length > 0) {
  console.error(`There is no line ${unknown.join(', ')}; there are ${Object.keys(lines).join(', ')}.`)
  process.exit(2)
}

const root = mkdtempSync(join(tmpdir(), 'smartqueue-bench-'))
process.once('exit', () => rmSync(root, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
if (statfsSync(root).type === TMPFS_MAGIC)
  console.warn(`${root} is in memory: a flush costs nothing there. Set TMPDIR to a folder on a disk.`)

const load = startHelper<LoadTasks>('./load.ts')
const limits = startHelper<LimitTasks>('./limits.ts')
const measured: Measured[] = []
for (const name of asked.length === 0 ? Object.keys(lines) : asked) {
  const results = await lines[name]?.({
    folder(part) {
      const path = join(root, part)
      mkdirSync(path, { recursive: true })
      return path
    },
    load,
    limits,
    roundCount: isQuick ? 3 : 7,
    historyLong: isQuick ? 100_000 : 1_000_000,
  })
  measured.push(...(results ?? []))
  console.error(table(results ?? []))
}
load.end()
limits.end()

console.log(table(measured))
const missed = measured.filter(isBelowFloor).map(({ goal }) => `${goal.line} ${goal.what}`)
console.log(missed.length === 0 ? 'Every floor holds.' : `BELOW FLOOR: ${missed.join('; ')}`)
process.exit(isStrict && missed.length > 0 ? 1 : 0)
