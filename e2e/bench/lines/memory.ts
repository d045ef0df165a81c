import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { startLibraries } from '../bare-libraries.ts'
import { serviceIds } from '../bench-catalogue.ts'
import { type Devices, furnish, settled, startBranch } from '../branch.ts'
import { goals } from '../goals.ts'
import { startHelper } from '../helper.ts'
import { layHistory } from '../history.ts'
import type { ViewerTasks } from '../viewers.ts'
import type { Context, Line } from './context.ts'
import { HISTORY_SHORT } from './history.ts'

const DISPLAYS = 100
/** What one connected display may take. */
const DISPLAY_KB_MAX = 100
const CALLS = 50
const REST_MS = 1_000
/** The worker thread ends when it is idle, and what it held goes back to the system after a while. */
const RELEASE_MS = 45_000
const ROUNDS_MAX = 3

/** Resident memory of a process, as Linux tells it. */
function residentKb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1])
}

async function librariesKb(): Promise<number> {
  const child = startLibraries('stay')
  await pause(REST_MS)
  const kb = residentKb(child.pid ?? 0)
  child.kill()
  return kb
}

/** A furnished branch right after its start, then with a lobby that has seen some calls. */
async function branchKb(folder: string, devices: Devices): Promise<{ rest: number; display: number }> {
  const branch = await startBranch(folder)
  await pause(REST_MS)
  const rest = residentKb(branch.pid)
  // Else the thread that checks the file begins in the midst of it, and is taken for displays.
  await settled(branch)
  await pause(RELEASE_MS)
  const { kioskToken, displayTokens, callers } = devices
  const [caller] = callers
  const [serviceId] = serviceIds
  if (caller === undefined || serviceId === undefined) throw new Error('There is no counter')
  const viewers = startHelper<ViewerTasks>('./viewers.ts')
  const { port } = branch
  const task = { port, kioskToken, callerToken: caller.token, counterId: caller.counterId, serviceId, count: CALLS }
  const grown: number[] = []
  // The same work before one display and before all of them: only the sockets differ.
  for (const tokens of [displayTokens.slice(0, 1), displayTokens]) {
    await viewers.ask('watchBranch', { port, tokens })
    await viewers.ask('calls', task)
    grown.push(residentKb(branch.pid))
    await viewers.ask('leave', { port })
  }
  viewers.end()
  await branch.stop()
  const [alone = 0, together = 0] = grown
  return { rest, display: Math.max(0, together - alone) / (DISPLAYS - 1) }
}

/** On a history: at rest after the start, and after the branch's own check has read the whole file. */
async function historyKb(context: Context, ticketCount: number): Promise<{ rest: number; checked: number }> {
  const name = `memory-${ticketCount}`
  await layHistory(context.folder(name), ticketCount)
  const branch = await startBranch(context.folder(name))
  await pause(REST_MS)
  const rest = residentKb(branch.pid)
  await settled(branch)
  await pause(RELEASE_MS)
  const checked = residentKb(branch.pid)
  await branch.stop()
  return { rest, checked }
}

const MB = 1_024

export const memory: Line = async (context) => {
  const folder = context.folder('memory')
  const branch = await startBranch(folder)
  const devices = await furnish(branch, DISPLAYS)
  await branch.stop()
  const rounds: { rest: number; display: number; libraries: number }[] = []
  for (let round = 0; round < Math.min(ROUNDS_MAX, context.roundCount); round += 1)
    rounds.push({ libraries: await librariesKb(), ...(await branchKb(folder, devices)) })
  const long = await historyKb(context, context.historyLong)
  const short = await historyKb(context, HISTORY_SHORT)
  return [
    { goal: goals.memory, rounds: rounds.map((it) => ({ ours: it.rest / MB, limit: it.libraries / MB })) },
    { goal: goals.memoryHistory, rounds: [{ ours: long.rest / MB, limit: short.rest / MB }] },
    { goal: goals.memoryChecked, rounds: [{ ours: long.checked / MB, limit: short.checked / MB }] },
    { goal: goals.memoryDisplay, rounds: rounds.map((it) => ({ ours: it.display, limit: DISPLAY_KB_MAX })) },
  ]
}
