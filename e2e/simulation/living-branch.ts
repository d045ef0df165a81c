// What `npm start -- --simulate` runs beside the product: seeded customers and agents who act through the same addresses
// as the pages do. Ends when told to, once its agents have signed out; the branch keeps what was done.
import { dirname, join } from 'node:path'
import { pino } from 'pino'
import type { CounterId } from '../../shared/domain/ids.ts'
import { ConfigError } from '../../shared/program/config-error.ts'
import { logOutput } from '../../shared/program/log-output.ts'
import { type CounterParts, workAt } from './living/counter.ts'
import { createDays } from './living/days.ts'
import { openDesk, senderTo } from './living/desk.ts'
import { figuresJson, newFigures } from './living/figures.ts'
import { fillLobby } from './living/lobby.ts'
import { createManners } from './living/manners.ts'
import { openSessions } from './living/sessions.ts'
import { readSettings, type Settings } from './living/settings.ts'

const FIGURES_EVERY_MS = 30_000
/** However slow the branch is, the end comes. */
const SIGN_OUT_MS_MAX = 1_500

function settingsOrEnd(file: string | undefined): Settings {
  try {
    return readSettings(file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

const file = process.env['SIMULATION_FILE']
const settings = settingsOrEnd(file)
const { speed, seed, load } = settings
const log = pino({ level: 'info' }, logOutput())
const realMs = (): number => performance.now()
const startedMs = realMs()
const days = createDays(() => (realMs() - startedMs) * speed, seed, load)
const shared = {
  ...{ days, speed, pins: settings.pins, realMs },
  manners: createManners(),
  figures: newFigures(),
  sessions: openSessions(join(dirname(file ?? ''), 'sessions.json')),
  tell: (what: string) => log.info(what),
}
const counters = settings.counters.map(
  ({ counterId, url }): CounterParts => ({ ...shared, counterId: counterId as CounterId, desk: openDesk(url) }),
)
let isRunning = true
const stillRuns = (): boolean => isRunning

log.info({ speed, seed, load }, 'customers and agents are simulated')
const tellFigures = (): void => log.info(figuresJson(shared.figures), 'done so far')
setInterval(tellFigures, FIGURES_EVERY_MS)

function end(): void {
  tellFigures()
  // The last line goes out first; nobody waits for an answer that is under way.
  setImmediate(() => setImmediate(() => process.exit(0)))
}

const work = counters.map((counter) => workAt(counter, stillRuns))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!isRunning) return
    isRunning = false
    for (const { desk } of counters) desk.wake()
    void Promise.race([Promise.all(work), new Promise((resolve) => setTimeout(resolve, SIGN_OUT_MS_MAX))]).then(end)
  })

await Promise.all([...work, fillLobby({ ...shared, counters, kiosk: senderTo(settings.kioskUrl) }, stillRuns)])
