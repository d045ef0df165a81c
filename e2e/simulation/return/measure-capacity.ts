import { readdirSync, readFileSync } from 'node:fs'
import { zstdCompressSync } from 'node:zlib'
import { withoutPrevs } from '#shared/network/left-out-prev.ts'
import { signRequest } from '#shared/network/signed-request.ts'
import { presentOf } from '#shared/project/present.ts'
import { hashOf } from '../../../branch-server/store/event-log.ts'
import { type CloudDoor, openCloudDoor } from '../../../branch-server/sync/cloud-door.ts'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { asAdministrator, silent } from '../../../cloud-sync/testing/test-database.ts'
import type { SteadyMs } from '../../../shared/domain/ids.ts'
import type { Capacity } from './busy-cloud.ts'
import { type CloudBeside, startCloudBeside } from './cloud-beside.ts'
import { addBranches, type KnownBranch } from './many-branches.ts'
import { type ToldHistory, tellHistory } from './told-history.ts'

/** Of Linux, in which the kernel counts what a process has used. */
const TICK_MS = 10
const ASKED_TIMES = 300
const WARM_UP_TIMES = 50
const UPLOADS = 12
const UPLOAD_EVENTS = 400
const CORES = 2
/** Of an upload without its hashes, compressed. */
const KIB = 1024

/** What a process and all that it ever started have used. */
function usedMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) * TICK_MS
}

const parentOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] ?? 0)

/** The process of a Postgres that starts all others. @param anyPid - of one of these */
export const chiefOf = (anyPid: number): number => parentOf(anyPid)

/** What a Postgres as a whole has used of a processor. @param chief - its first process */
export function postgresUsedMs(chief: number): number {
  let sum = usedMs(chief)
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (parentOf(Number(name)) === chief) sum += usedMs(Number(name))
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum
}

export const doorTo = (port: number, branch: KnownBranch): CloudDoor =>
  openCloudDoor({
    identity: { cloudUrl: `http://127.0.0.1:${port}`, tenantId: branch.tenantId, branchId: branch.branchId },
    ...{ fetch, wallMs: Date.now, ending: new AbortController().signal, pause: () => new Promise(() => {}) },
    signRequest: (request) => signRequest(branch.key, request),
  })

/** A catalogue and a whole log, in one upload. @throws when the cloud does not take it */
export async function bringUp(door: CloudDoor, { epoch, bodies, catalogue }: ToldHistory): Promise<void> {
  await door.post('/api/v1/sync/catalogues', { version: 1, body: catalogue })
  const { status } = await door.post('/api/v1/sync/events', { epoch, events: withoutPrevs(bodies, hashOf) })
  if (status !== 200) throw new Error(`The cloud answers ${status}`)
}

/** What a request of each kind costs a cloud and its Postgres together, by what the kernel counted for both. */
export async function measureCapacity(administratorUrl: string): Promise<Capacity> {
  const database = await openDatabase({ administratorUrl, log: silent })
  const branches = await addBranches(database, UPLOADS * 2 + 1)
  await database.close()
  const history = tellHistory(UPLOAD_EVENTS)
  const cloud: CloudBeside = await startCloudBeside({ administratorUrl, admission: null })
  const { state, epoch, bodies } = history
  return asAdministrator(administratorUrl, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const chief = chiefOf(rows[0]?.pid ?? 0)
    const used = async (): Promise<number> => (await cloud.needs()).cpuMs + postgresUsedMs(chief)
    async function costOf(times: number, act: (time: number) => Promise<unknown>): Promise<number> {
      const before = await used()
      for (let time = 0; time < times; time += 1) await act(time)
      return ((await used()) - before) / times
    }
    const [first, ...others] = branches
    if (first === undefined) throw new Error('There is no branch')
    const door = doorTo(cloud.port, first)
    const tellNow = (time: number): Promise<unknown> =>
      door.post(
        '/api/v1/sync/now',
        presentOf(state, [], { steadyMs: (state.now.steadyMs + time) as SteadyMs, wallMs: Date.now() }) ?? {},
      )
    const askSide = (): Promise<unknown> => door.post('/api/v1/sync/side', { epoch, rows: [], erased: [], held: [] })
    const askFar = (): Promise<unknown> => door.post('/api/v1/sync/events', { epoch, events: bodies.slice(-1) })
    await costOf(WARM_UP_TIMES, tellNow)
    for (const branch of others.slice(0, UPLOADS)) await bringUp(doorTo(cloud.port, branch), history)
    const now = await costOf(ASKED_TIMES, tellNow)
    const side = await costOf(ASKED_TIMES, askSide)
    const far = await costOf(ASKED_TIMES, askFar)
    const whole = await costOf(UPLOADS, (time) =>
      bringUp(doorTo(cloud.port, others[UPLOADS + time] as KnownBranch), history),
    )
    await cloud.close()
    return { now, side, upload: far, uploadKib: (whole - 2 * far) / kibOf(history), cores: CORES }
  })
}

const kibOf = ({ epoch, bodies }: ToldHistory): number =>
  zstdCompressSync(Buffer.from(JSON.stringify({ epoch, events: withoutPrevs(bodies, hashOf) }))).length / KIB
