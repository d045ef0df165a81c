import type { Database } from '../../../cloud-sync/store/database.ts'
import { BESIDES, type Beside, eraseNote, forgetAsked, writeNote } from './beside.ts'
import { type Box, openBox } from './box.ts'
import { type Cloud, openCloud } from './cloud.ts'
import { type Backup, backUpCloud, restoreCloud } from './cloud-backup.ts'
import { besideFaults, differences } from './compare.ts'
import { newDisk } from './disk.ts'
import { ACTS_MAX, BURSTS, CLOCKS_AHEAD_MS, FAULTS, MENDED_MS_MAX, RUSH_MS, RUSHES_PER_DAY } from './faults.ts'
import { CALM } from './line.ts'
import { type Luck, openLuck } from './luck.ts'
import { openTimeline, type Timeline } from './timeline.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const LAST_HOURS_MS = 2 * HOUR_MS
/** Of a rush: notes that are written, and those of them that somebody wants to be gone. */
const NOTES = 3
const ERASURES = 1
/** What head office wants erased a branch asks each minute. */
const ASKED_MS_MAX = 60_000
/** Once nothing is broken any more, everything is in the cloud by then. */
const DRAINED_MS_MAX = 60_000
/** So long is it still tried over lines as they are. */
const LAST_TRIES_MS = 1_000
/** Things that people do, until one of them is an event. */
const LAST_ACTS_MAX = 50
const CLONE_ODDS = 0.3
const CLOUD_BACKUPS_PER_DAY = 0.6
const CLOUD_RESTORES_PER_DAY = 1

export interface StoryOptions {
  readonly seed: number
  readonly tenants: number
  readonly branchesEach: number
  readonly days: number
  /** Left out: by the seed. */
  readonly beside?: Beside
}

export interface Told {
  readonly seed: number
  readonly branchDays: number
  readonly eventCount: number
  readonly transcriptHash: string
  /** How often what has happened. */
  readonly counts: ReadonlyMap<string, number>
  /** Empty, or something is not as it must be. */
  readonly faults: readonly string[]
  readonly lastNotes: readonly string[]
}

/** All that there is in one story. */
export interface World {
  readonly timeline: Timeline
  readonly luck: Luck
  readonly database: Database
  readonly administratorUrl: string
  readonly cloud: Cloud
  readonly boxes: Box[]
  readonly complaints: string[]
  readonly beside: Beside
  cloudBackup: Backup | null
}

async function openWorld(database: Database, administratorUrl: string, options: StoryOptions): Promise<World> {
  const { seed, tenants, branchesEach } = options
  const timeline = openTimeline()
  const complaints: string[] = []
  const complain = (what: string): void => void complaints.push(what)
  const cloud = await openCloud(database, timeline, openLuck(seed, 'cloud'), complain)
  const { beside = BESIDES[seed % BESIDES.length] ?? 'nothing' } = options
  const boxes: Box[] = []
  for (let tenant = 1; tenant <= tenants; tenant += 1) {
    const tenantId = await cloud.newTenant(`simulated-${process.pid}-${openedCount++}`)
    for (let branch = 1; branch <= branchesEach; branch += 1) {
      const name = `${tenant}.${branch}`
      const identity = await cloud.newBranch(tenantId)
      const { folder, publicKey } = newDisk(name)
      await cloud.enrol(identity, publicKey)
      boxes.push(openBox({ name, seed, timeline, serve: cloud.serve, identity, folder, beside, complain }))
    }
  }
  const luck = openLuck(seed, 'world')
  return { timeline, luck, database, administratorUrl, cloud, boxes, complaints, beside, cloudBackup: null }
}

let openedCount = 0

/** When in a span what happens so often in it does, in milliseconds since its beginning. */
const timesIn = (luck: Luck, spanMs: number, times: number): readonly number[] =>
  Array.from({ length: Math.floor(times) + (luck.happens(times % 1) ? 1 : 0) }, () => luck.between(0, spanMs))

function rush(world: World, box: Box): void {
  const { timeline, luck } = world
  for (const inMs of timesIn(luck, RUSH_MS, BURSTS)) timeline.after(inMs, () => box.act(luck.between(1, ACTS_MAX)))
  for (const { name, timesPerRush, strike } of FAULTS)
    for (const inMs of timesIn(luck, RUSH_MS, timesPerRush))
      timeline.after(inMs, () => {
        timeline.note(box.name, name)
        return strike(box, luck)
      })
  if (world.beside === 'notes') {
    for (const inMs of timesIn(luck, RUSH_MS, NOTES)) timeline.after(inMs, () => writeNote(box, luck))
    for (const inMs of timesIn(luck, RUSH_MS, ERASURES)) timeline.after(inMs, () => eraseNote(world, box, luck))
  }
  // Mostly soon.
  timeline.after(RUSH_MS + luck.draw() ** 4 * MENDED_MS_MAX, () => box.setWeather(CALM))
}

function planDay(world: World): void {
  const { timeline, luck, boxes, cloud } = world
  for (const box of boxes)
    for (const inMs of timesIn(luck, DAY_MS, RUSHES_PER_DAY)) timeline.after(inMs, () => rush(world, box))
  for (const inMs of timesIn(luck, DAY_MS, CLOUD_BACKUPS_PER_DAY))
    timeline.after(inMs, async () => {
      timeline.note('the cloud', 'is copied')
      world.cloudBackup = await timeline.during(backUpCloud(world))
    })
  for (const inMs of timesIn(luck, DAY_MS, CLOUD_RESTORES_PER_DAY))
    timeline.after(inMs, async () => {
      const { cloudBackup: backup } = world
      if (backup === null) return
      timeline.note('the cloud', 'is put back')
      await timeline.during(restoreCloud(world, backup))
      cloud.ackedSeqs.clear()
      for (const box of boxes) forgetAsked(box)
    })
}

/** In the last hours one branch may be copied: from then on two call themselves by its name. */
async function lastHours(world: World): Promise<void> {
  const { timeline, luck, boxes } = world
  if (!luck.happens(CLONE_ODDS)) return
  const original = luck.pick(boxes)
  const copy = await original.clone()
  boxes.push(copy)
  for (const box of [original, copy]) timeline.after(luck.between(0, LAST_HOURS_MS / 2), () => rush(world, box))
}

/** Each branch has something to say and its clock is set once more; then nothing is broken any more. */
async function heal({ timeline, luck, boxes, cloud }: World): Promise<void> {
  for (const box of boxes) {
    const { seq } = box.waist().branch().head
    for (let count = 0; count < LAST_ACTS_MAX && box.waist().branch().head.seq === seq; count += 1) await box.act(1)
    box.setClock(luck.pick(CLOCKS_AHEAD_MS))
  }
  await timeline.runUntil(timeline.nowMs() + LAST_TRIES_MS)
  timeline.note('nothing', 'is broken any more')
  cloud.setUnsteady(false)
  for (const box of boxes) {
    box.setWeather(CALM)
    box.quicken()
  }
  await timeline.runUntil(timeline.nowMs() + DRAINED_MS_MAX)
}

/**
 * Tells one story: days full of faults, then an end of all of them.
 * @returns what is not as it must be
 */
export async function tellStory(database: Database, administratorUrl: string, options: StoryOptions): Promise<Told> {
  const world = await openWorld(database, administratorUrl, options)
  const { timeline, boxes, cloud, complaints } = world
  try {
    cloud.setUnsteady(true)
    for (let day = 1; day <= options.days; day += 1) {
      planDay(world)
      await timeline.runUntil(day * DAY_MS)
    }
    await lastHours(world)
    await timeline.runUntil(timeline.nowMs() + LAST_HOURS_MS)
    await heal(world)
    const found = await differences(world)
    await timeline.runUntil(timeline.nowMs() + ASKED_MS_MAX)
    const beside = await besideFaults(world)
    return {
      seed: options.seed,
      branchDays: options.tenants * options.branchesEach * options.days,
      eventCount: found.eventCount,
      transcriptHash: timeline.transcriptHash(),
      counts: timeline.counts,
      faults: [...complaints, ...found.faults, ...beside],
      lastNotes: timeline.lastNotes(),
    }
  } finally {
    for (const box of boxes) await box.close()
    await cloud.close()
  }
}
