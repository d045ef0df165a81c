// One drill: a seeded day at a branch, its disk dies, and it is rebuilt from what lagging hosts and backups have of it.
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Origin } from '#shared/domain/commands.ts'
import type { AgentId, CounterId, TicketId } from '#shared/domain/ids.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { bank, callerAt } from '#shared/domain/testing/bank.ts'
import { type FeedStore, openFeedStore } from '#shared/host/feed-store.ts'
import { backup } from '../../branch-server/background/backup.ts'
import { restoreBranch } from '../../branch-server/restore/restore-branch.ts'
import { snapshotOf } from '../../branch-server/routes/views.ts'
import type { Waist } from '../../branch-server/waist/execute.ts'
import { type BranchHere, MORNING_MS, openHere, setUp } from './branch-here.ts'
import { nextAct, random } from './clients.ts'

const HOUR_MS = 3_600_000
/** Fewer than could hold more unknown numbers of one series than an epoch jumps over. */
const LAG_EVENTS_MAX = 60
const silent = { info: () => {}, warn: () => {}, error: () => {} }
const LIVING = ['waiting', 'called', 'serving', 'held']

export interface Drill {
  readonly kind: 'host' | 'two hosts' | 'backup' | 'host and backup'
  /** Numbers on paper of the last day; known to no place: how many. */
  readonly printedCount: number
  readonly unknownCount: number
  /** Printed before and after the death. */
  readonly repeated: readonly string[]
  /** Living tickets of the place that won, which are not as they were, or could not be called. */
  readonly lost: readonly string[]
  readonly fault: string | null
  readonly isSameEpoch: boolean
}

interface Follower {
  readonly store: FeedStore
  /** Hears no more. */
  stop(): void
}

/** A host in the kiosk's manner: it keeps what it follows. */
function followHere({ waist }: BranchHere, folder: string): Follower {
  mkdirSync(folder, { recursive: true })
  const store = openFeedStore(join(folder, 'feed.db'), { wallMs: () => 0 }, silent, { keepsLog: true })
  if (store.seen() === null) store.begin(snapshotOf(waist.branch()))
  const stop = waist.onCommit((frames, events) => {
    for (const [index, event] of events.entries()) {
      if (event.type === 'CatalogueApplied')
        store.keepCatalogue(event.version, waist.branch().store.catalogues.shelf(event.version))
      store.append(frames[index]?.body ?? '')
    }
  })
  return { store, stop }
}

/** Numbers as their papers show them. */
function papersOf(waist: Waist, into: Set<string>): void {
  waist.onCommit(() => {
    for (const { facts } of waist.branch().state.tickets.values()) into.add(`${facts.number} of ${facts.businessDate}`)
  })
}

interface Told {
  readonly places: readonly string[]
  readonly printed: Set<string>
  readonly epoch: string
}

async function liveAndDie(root: string, kind: Drill['kind'], seed: number): Promise<Told> {
  const draw = random(seed)
  const folder = join(root, 'dead')
  mkdirSync(folder)
  const printed = new Set<string>()
  const hosts = [join(root, 'kiosk'), join(root, 'caller')]
  const act = async (branch: BranchHere, count: number, part: string): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1)
      await branch.act(nextAct(`${seed}-${part}-${turn}`, branch.waist.branch().state, draw))
  }
  const dayBefore = openHere(folder, MORNING_MS - 24 * HOUR_MS)
  papersOf(dayBefore.waist, printed)
  await setUp(dayBefore)
  const early = followHere(dayBefore, hosts[0] ?? '')
  await act(dayBefore, Math.floor(draw() * 60), 'before')
  early.store.close()
  dayBefore.close()

  const branch = openHere(folder, MORNING_MS)
  papersOf(branch.waist, printed)
  const followers = hosts.map((host) => followHere(branch, host))
  await act(branch, 20 + Math.floor(draw() * 80), 'day')
  await backup(
    { kind: 'backup', file: join(folder, 'branch.db'), folder: join(root, 'stick'), name: 'branch-1.db' },
    { monotonicMs: () => 0, rest: () => {} },
  )
  const lags = [Math.floor(draw() * LAG_EVENTS_MAX), Math.floor(draw() * LAG_EVENTS_MAX)]
  const stopAt = lags.map((lag) => LAG_EVENTS_MAX - lag)
  for (let turn = 0; turn < LAG_EVENTS_MAX; turn += 1) {
    for (const [index, follower] of followers.entries()) if (stopAt[index] === turn) follower.stop()
    await act(branch, 1, `end-${turn}`)
  }
  const { epoch } = branch.waist.branch().head
  for (const { store } of followers) store.close()
  branch.close()
  const stick = join(root, 'stick', 'branch-1.db')
  const placesBy = {
    host: [hosts[0] ?? ''],
    'two hosts': hosts,
    backup: [stick],
    'host and backup': [stick, hosts[1] ?? ''],
  } as const
  return { places: placesBy[kind], printed, epoch }
}

const agents = ['amadou', 'binta', 'chloe'] as const

/** Every counter serves until nobody is left for it. @returns who was called, resumed or served */
async function serveAll(branch: BranchHere): Promise<ReadonlySet<TicketId>> {
  const served = new Set<TicketId>()
  let keys = 0
  const ask = async (counterId: CounterId, command: Command): Promise<boolean> => {
    keys += 1
    const origin: Origin = { kind: 'caller', deviceId: callerAt(counterId) }
    const { status } = await branch.act({ kind: 'command', key: `serve-${keys}`, origin, command })
    return status < 400
  }
  const stateNow = (): BranchState => branch.waist.branch().state
  const finish = async (counterId: CounterId): Promise<void> => {
    const ticketId = stateNow().openCounters.get(counterId)?.ticketId ?? null
    if (ticketId === null) return
    served.add(ticketId)
    await ask(counterId, { type: 'StartService', ticketId })
    await ask(counterId, { type: 'CompleteTicket', ticketId, outcome: null })
  }
  const serveAt = async (counterId: CounterId, agentId: AgentId): Promise<void> => {
    if (!stateNow().openCounters.has(counterId)) await ask(counterId, { type: 'OpenCounter', counterId, agentId })
    await ask(counterId, { type: 'EndBreak', counterId })
    await finish(counterId)
    for (const { facts, phase } of stateNow().tickets.values())
      if (phase.status === 'held' && phase.counterId === counterId) {
        await ask(counterId, { type: 'ResumeTicket', ticketId: facts.ticketId, counterId })
        await finish(counterId)
      }
    while (await ask(counterId, { type: 'CallNext', counterId })) await finish(counterId)
  }
  // Twice: what one counter sends on may be for a counter before it.
  for (let round = 0; round < 2; round += 1)
    for (const [index, { id }] of bank.counters.entries()) await serveAt(id, (agents[index] ?? agents[0]) as AgentId)
  return served
}

/** @param root - an empty folder @param keepsSettings - the second copy of the dead disk could still be read */
export async function drill(root: string, kind: Drill['kind'], seed: number, keepsSettings: boolean): Promise<Drill> {
  const { places, printed, epoch } = await liveAndDie(root, kind, seed)
  const folder = join(root, 'new')
  mkdirSync(folder)
  if (keepsSettings) cpSync(join(root, 'dead', 'settings.json'), join(folder, 'settings.json'))
  const againMs = MORNING_MS + HOUR_MS
  const { place } = restoreBranch({ folder, places, clocks: { wallMs: () => againMs, monotonicMs: () => 0 } })
  const branch = openHere(folder, againMs)
  const { state, head } = branch.waist.branch()
  const living = place.state.tickets
    .valueSeq()
    .filter(({ phase }) => LIVING.includes(phase.status))
    .toArray()
  const changed = living.filter(({ facts, phase }) => state.tickets.get(facts.ticketId)?.phase.status !== phase.status)
  const known = new Set(place.state.tickets.valueSeq().map(({ facts }) => `${facts.number} of ${facts.businessDate}`))
  const { fault } = branch.check()
  const served = await serveAll(branch)
  const uncalled = living.filter(({ facts }) => !served.has(facts.ticketId))
  const fresh: string[] = []
  for (const serviceId of ['cash', 'loans', 'cash', 'loans', ...bank.services.map(({ id }) => id)]) {
    const paper = await branch.issue(serviceId)
    fresh.push(`${paper.number} of ${paper.businessDate}`)
  }
  branch.close()
  const today = [...printed].filter((paper) => paper.endsWith(fresh[0]?.slice(-10) ?? ''))
  return {
    kind,
    printedCount: today.length,
    unknownCount: today.filter((paper) => !known.has(paper)).length,
    repeated: fresh.filter((paper) => printed.has(paper)),
    lost: [...changed, ...uncalled].map(({ facts, phase }) => `${facts.number}, ${phase.status}`),
    fault: fault ?? (readdirSync(folder).includes('restoring') ? 'the scratch folder was left' : null),
    isSameEpoch: head.epoch === epoch,
  }
}
