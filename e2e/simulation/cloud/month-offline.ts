import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openKeys } from '../../../branch-server/access/keys.ts'
import { openDatabase } from '../../../cloud-sync/store/database.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import { UPLOAD_EVENTS_MAX } from '../../../shared/wire/sync.ts'
import { openBox } from './box.ts'
import { openCloud } from './cloud.ts'
import { connect } from './connect.ts'
import { newDisk } from './disk.ts'
import { CUT } from './line.ts'
import { openLuck } from './luck.ts'
import { MAST, openSlowLine } from './slow-line.ts'
import { openTimeline } from './timeline.ts'

const DAY_MS = 24 * 3_600_000
const OFFLINE_DAYS = 30
const ACTS_AT_ONCE = 10
/** Whatever it takes: longer than this it has not come to its end. */
const LINK_MS_MAX = 24 * 3_600_000
const LOOK_MS = 1_000

interface MonthUp {
  readonly eventCount: number
  /** Simulated, from the line's return to the last acknowledgement. */
  readonly linkMs: number
  readonly bytesPerEvent: number
  /** What branch and cloud, in one process here, needed more at their peak than when the line came back. */
  readonly heapBytesMore: number
  /** By how much they needed more in the last quarter than in the first, for each event that was sent between. */
  readonly heapBytesPerEvent: number
}

/** Garbage is no need. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** What is needed rises and falls with each upload; whoever keeps something of each needs ever more. */
function heapGrowth(samples: readonly number[]): number {
  const quarter = Math.floor(samples.length / 4)
  return meanOf(samples.slice(samples.length - quarter)) - meanOf(samples.slice(0, quarter))
}

/** A branch that was away for thirty days and so many events sends all of them through a line as from a phone mast. */
export async function bringMonthUp(administratorUrl: string, eventCountMin: number, seed: number): Promise<MonthUp> {
  const timeline = openTimeline()
  const complain = (what: string): void => {
    throw new Error(what)
  }
  const database = await openDatabase({ administratorUrl, log: silent })
  const cloud = await openCloud(database, timeline, openLuck(seed, 'cloud'), complain)
  const identity = await cloud.newBranch(await cloud.newTenant(`month-${process.pid}-${seed}`))
  const { folder, publicKey } = newDisk('month')
  await cloud.enrol(identity, publicKey)
  const box = openBox({ name: 'month', seed, timeline, serve: cloud.serve, identity, folder, complain })
  box.setWeather(CUT)
  await box.sync().close()
  const { head: first } = box.waist().branch()
  const eventCount = (): number => box.waist().branch().head.seq
  // So many acts in a day that as many events as asked for come in a month.
  const stepMs = (OFFLINE_DAYS * DAY_MS * ACTS_AT_ONCE) / eventCountMin
  while (eventCount() < eventCountMin) {
    // Nobody edits a catalogue many times a day.
    await box.act(ACTS_AT_ONCE, eventCount() < 2)
    await timeline.runUntil(timeline.nowMs() + stepMs)
  }
  const beganMs = timeline.nowMs()
  const line = openSlowLine(MAST, timeline, openLuck(seed, 'slow line'), cloud.serve)
  const sync = connect({
    ...{ identity, waist: box.waist(), keys: openKeys(folder, 'simulated'), log: silent },
    wallMs: cloud.nowMs,
    uploadEventsMax: UPLOAD_EVENTS_MAX,
    outside: { fetch: line.fetch, random: openLuck(seed, 'uploader').draw, pause: timeline.pause },
  })
  const heapBefore = heapBytes()
  const heapSamples: number[] = []
  while (sync.status()?.behind !== 0 && timeline.nowMs() - beganMs < LINK_MS_MAX) {
    await timeline.runUntil(timeline.nowMs() + LOOK_MS)
    if ((timeline.nowMs() / LOOK_MS) % 30 < 1) heapSamples.push(heapBytes())
  }
  const linkMs = timeline.nowMs() - beganMs
  const acked = cloud.ackedSeqs.get(`${identity.branchId} ${first.epoch}`) ?? 0
  await sync.close()
  await box.close()
  await cloud.close()
  await database.close()
  if (acked !== eventCount()) throw new Error(`The cloud has ${acked} of ${eventCount()} events`)
  return {
    ...{ eventCount: acked, linkMs, bytesPerEvent: line.bytesUp() / acked },
    heapBytesMore: Math.max(heapBefore, ...heapSamples) - heapBefore,
    heapBytesPerEvent: heapGrowth(heapSamples) / (acked / 2),
  }
}
