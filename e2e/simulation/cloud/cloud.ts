import { openApp } from '../../../cloud-sync/open-app.ts'
import { addBranch, addTenant, enrol, makeEnrolment } from '../../../cloud-sync/store/branches.ts'
import type { Database } from '../../../cloud-sync/store/database.ts'
import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'
import { silent } from '../../../cloud-sync/testing/test-database.ts'
import { type Answered, type Sent, uploadIn } from './line.ts'
import type { Luck } from './luck.ts'
import type { Timeline } from './timeline.ts'

/** The cloud goes down in the middle of a transaction: before its commit, or after it and before anybody is told. */
const CRASH_ODDS = 0.02
const DOWN_MS_MAX = 5 * 60_000
/** Its clock when the story begins. */
export const CLOUD_STARTS_AT_MS = Date.UTC(2026, 10, 23, 6)

class Crash extends Error {}

/** The real cloud on its real database, asked one request at a time, by simulated time. */
export interface Cloud {
  /** @param times - so often at one moment */
  serve(sent: Sent, times?: number): Promise<Answered | null>
  nowMs(): number
  /** From now on it goes down now and then. */
  setUnsteady(isUnsteady: boolean): void
  newTenant(slug: string): Promise<string>
  newBranch(tenantId: string): Promise<BranchIdentity>
  enrol(identity: BranchIdentity, publicKey: string): Promise<void>
  /** How far each log was said to be kept, by branch and epoch. */
  readonly ackedSeqs: Map<string, number>
  /** Reads what uploads have left behind, as a running cloud does now and then. */
  readOn(): Promise<void>
  close(): Promise<void>
}

/** A database whose program goes down under some of its transactions. */
function crashing(database: Database, nextCrash: () => 'before' | 'after' | null): Database {
  return {
    ...database,
    async asTenant(tenantId, work) {
      const crash = nextCrash()
      const result = await database.asTenant(tenantId, async (db) => {
        const done = await work(db)
        if (crash === 'before') throw new Crash('The cloud went down before the commit')
        return done
      })
      if (crash === 'after') throw new Crash('The cloud went down after the commit')
      return result
    },
  }
}

/** @param complain - of what no fault of the world explains */
export async function openCloud(
  database: Database,
  timeline: Timeline,
  luck: Luck,
  complain: (what: string) => void,
): Promise<Cloud> {
  let isUnsteady = false
  let isSteady = false
  let isDown = false
  let hasCrashed = false
  const nowMs = (): number => CLOUD_STARTS_AT_MS + timeline.nowMs()
  const ackedSeqs = new Map<string, number>()

  function nextCrash(): 'before' | 'after' | null {
    if (!isUnsteady || isSteady || !luck.happens(CRASH_ODDS)) return null
    hasCrashed = true
    return luck.pick(['before', 'after'])
  }
  const parts = { version: 'simulated', nowMs, database: crashing(database, nextCrash) }
  let app = await openApp(parts, silent)

  async function goDown(): Promise<void> {
    hasCrashed = false
    isDown = true
    timeline.note('the cloud', 'goes down')
    await app.close()
    app = await openApp(parts, silent)
    timeline.after(luck.between(0, DOWN_MS_MAX), () => {
      isDown = false
    })
  }

  function remember(sent: Sent, { status, body }: Answered): void {
    if (status !== 200) return
    const { ackedSeq } = JSON.parse(body) as { ackedSeq?: number }
    const epoch = uploadIn(sent)?.epoch
    const branchId = /^SmartQueue [^.]+\.([^.]+)\./.exec(sent.headers['authorization'] ?? '')?.[1] ?? ''
    if (ackedSeq === undefined || epoch === undefined) return
    const name = `${branchId} ${epoch}`
    ackedSeqs.set(name, Math.max(ackedSeq, ackedSeqs.get(name) ?? 0))
  }

  async function ask({ path: url, headers, body: payload }: Sent): Promise<Answered> {
    const { statusCode: status, headers: said, body } = await app.inject({ method: 'POST', url, headers, payload })
    return { status, body, headers: { 'x-smartqueue-now': String(said['x-smartqueue-now'] ?? '') } }
  }

  return {
    ackedSeqs,
    nowMs,
    async serve(sent, times = 1) {
      if (isDown) return null
      // Which of them goes down would be chance, and not that of the seed.
      isSteady = times > 1
      const answers = await Promise.all(Array.from({ length: times }, () => ask(sent)))
      // What it reads on behind the answer is done, or dies, with it.
      await app.foldKeeper.idle()
      isSteady = false
      if (hasCrashed) {
        await goDown()
        return null
      }
      // Of two at once one is told to come again: that is no fault.
      const faults = answers.filter(({ status, body }) => status >= 500 && !(times > 1 && body.includes('"TooBusy"')))
      for (const { status, body } of faults) complain(`The cloud answers ${status} ${body}`)
      // Which of them is told to come again is chance, and not that of the seed: the branch hears the other.
      const answered = answers.find(({ status }) => status !== 503) ?? answers[0] ?? null
      if (answered !== null) remember(sent, answered)
      return answered
    },
    setUnsteady(next) {
      isUnsteady = next
      if (!next) isDown = false
    },
    async newTenant(slug) {
      const tenantId = await addTenant(database, slug, { fr: slug })
      if (tenantId === null) throw new Error(`There is a tenant ${slug} already`)
      return tenantId
    },
    async newBranch(tenantId) {
      return { tenantId, branchId: await addBranch(database, tenantId, { fr: 'Agence' }, 'Africa/Dakar') }
    },
    async enrol(identity, publicKey) {
      const made = await makeEnrolment(database, identity, nowMs())
      if (made === null || (await enrol(database, { code: made.code, publicKey }, nowMs())) === null)
        throw new Error('The branch could not enrol')
    },
    async readOn() {
      await app.foldKeeper.sweep()
      await app.foldKeeper.idle()
    },
    close: () => app.close(),
  }
}
