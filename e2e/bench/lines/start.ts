import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { startLibraries } from '../bare-libraries.ts'
import { serviceIds } from '../bench-catalogue.ts'
import { type Branch, furnish, launchBranch, startBranch, until } from '../branch.ts'
import { goals } from '../goals.ts'
import { layHistory } from '../history.ts'
import { bearer, openConnection, post } from '../raw-http.ts'
import type { Context, Line } from './context.ts'
import { CONNECTIONS } from './throughput.ts'

/** The power goes in the middle of this much work. */
const LOAD_MS = 400

/** From process start to its end, which comes as soon as the libraries are there. */
async function librariesMs(): Promise<number> {
  const startedMs = performance.now()
  await once(startLibraries(), 'exit')
  return performance.now() - startedMs
}

/** From process start to the answer that says that a ticket is on the disk. */
async function startMs(folder: string, token: string): Promise<{ ms: number; branch: Branch }> {
  const startedMs = performance.now()
  const branch = await launchBranch(folder)
  const connection = await until(branch, () => openConnection(branch.port))
  const request = post('/api/v1/tickets', bearer(token), `{"serviceId":"${serviceIds[0]}"}`)
  const { status, body } = await connection.exchange(request)
  if (status !== 201) throw new Error(`The first ticket: ${status} ${body}`)
  const ms = performance.now() - startedMs
  connection.close()
  return { ms, branch }
}

async function stoppedAfter(folder: string, token: string): Promise<number> {
  const { ms, branch } = await startMs(folder, token)
  await branch.stop()
  return ms
}

/**
 * Kills the branch in the middle of a rush, then starts it again. Each time as it was set up: whoever waits is read at
 * a start, and the rushes of all rounds together would leave more waiting than any branch has seen.
 */
async function afterKill({ load, folder: folderOf }: Context, furnished: string, token: string): Promise<number> {
  const folder = folderOf('start-in-rush')
  rmSync(folder, { recursive: true, force: true })
  cpSync(furnished, folder, { recursive: true })
  const { branch } = await startMs(folder, token)
  const { port } = branch
  const rush = load
    .ask('issue', { port, token, services: serviceIds, connections: CONNECTIONS, count: 1_000_000 })
    .catch(() => null)
  await pause(LOAD_MS)
  await branch.kill()
  await rush
  await load.ask('forget', { port })
  return stoppedAfter(folder, token)
}

async function furnished(folder: string): Promise<string> {
  const branch = await startBranch(folder)
  const { kioskToken } = await furnish(branch)
  await branch.stop()
  return kioskToken
}

export const start: Line = async (context) => {
  const empty = context.folder('start-empty')
  const killed = context.folder('start-killed')
  const long = context.folder('start-long')
  await layHistory(long, context.historyLong)
  const tokens = { empty: await furnished(empty), killed: await furnished(killed), long: await furnished(long) }
  const rounds: { libraries: number; empty: number; long: number; killed: number }[] = []
  for (let round = -1; round < context.roundCount; round += 1) {
    const libraries = await librariesMs()
    const measured = {
      libraries,
      empty: await stoppedAfter(empty, tokens.empty),
      long: await stoppedAfter(long, tokens.long),
      killed: await afterKill(context, killed, tokens.killed),
    }
    if (round >= 0) rounds.push(measured)
  }
  return [
    { goal: goals.start, rounds: rounds.map((it) => ({ ours: it.empty, limit: it.libraries })) },
    { goal: goals.startHistory, rounds: rounds.map((it) => ({ ours: it.long, limit: it.empty })) },
    { goal: goals.startKilled, rounds: rounds.map((it) => ({ ours: it.killed, limit: it.empty })) },
  ]
}
