import type { BranchIdentity } from '../../../cloud-sync/store/inbox.ts'
import type { LogEvent } from '../../../shared/domain/events.ts'
import { evolve } from '../../../shared/domain/evolve.ts'
import type { Epoch } from '../../../shared/domain/ids.ts'
import type { BranchState } from '../../../shared/domain/state.ts'
import { carryState, emptyState } from '../../../shared/domain/state-json.ts'
import { branchSide, cloudSide } from '../../sync/told-story.ts'
import { noteFaults, presentFaults } from './beside.ts'
import type { Box } from './box.ts'
import type { World } from './story.ts'

/** Labels of time, which order nothing. */
const LABEL = /^(at|.*At)Ms$/

/** A state as text; equal states give equal text. */
const textOf = (state: BranchState): string =>
  JSON.stringify({ epoch: state.epoch, seq: state.seq, ...carryState(state) }, (name, value: unknown) =>
    LABEL.test(name) ? undefined : value,
  )

/** What the cloud keeps of a branch, epoch by epoch, as its own app may read it. */
async function keptOf({ database }: World, { tenantId, branchId }: BranchIdentity) {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ epoch: Epoch; body: Buffer }>('select epoch, body from event where branch_id = $1 order by epoch, seq', [
      branchId,
    ]),
  )
  const kept = new Map<Epoch, string[]>()
  for (const { epoch, body } of rows) kept.set(epoch, [...(kept.get(epoch) ?? []), body.toString()])
  return kept
}

async function forkedBodies({ database }: World, { tenantId, branchId }: BranchIdentity): Promise<ReadonlySet<string>> {
  const rows = await database.asTenant(tenantId, (db) =>
    db.query<{ bodies: string[] }>('select bodies from fork where branch_id = $1', [branchId]),
  )
  return new Set(rows.flatMap(({ bodies }) => bodies))
}

/** The state that the cloud's events alone make, or why they make none. */
function foldedFrom(bodies: readonly string[], box: Box): string {
  const { store, state } = box.waist().branch()
  const { shelf } = store.catalogues
  try {
    return textOf(bodies.reduce((sum, body) => evolve(sum, JSON.parse(body) as LogEvent, shelf), emptyState(state.now)))
  } catch (error) {
    // Events that do not belong together may make no state at all.
    return String(error)
  }
}

/** Tickets and figures as the cloud tells them, beside the branch's own. */
async function effectFaults({ database }: World, box: Box): Promise<readonly string[]> {
  const [here, there] = [branchSide(box), await cloudSide(database, box.identity)]
  return (['tickets', 'figures'] as const).flatMap((what) => {
    const [mine, theirs] = [new Set(here[what]), new Set(there[what])]
    const [more] = [...theirs].filter((text) => !mine.has(text))
    const [lacking] = [...mine].filter((text) => !theirs.has(text))
    return more === undefined && lacking === undefined
      ? []
      : [`${box.name}: the cloud has other ${what}: ${more} instead of ${lacking}`]
  })
}

function* heardFaults(box: Box, kept: ReadonlyMap<Epoch, readonly string[]>): Generator<string> {
  const { store, state, head } = box.waist().branch()
  for (const epoch of store.log.epochs()) {
    const here = [...store.log.bodies(epoch)]
    const there = kept.get(epoch) ?? []
    const differs = here.findIndex((body, at) => body !== there[at])
    if (differs !== -1) yield `${box.name}: the cloud has not ${epoch} ${differs + 1} of ${here.length}`
    // An older epoch may have had more before an older disk was put back; nothing comes after the head of the present one.
    else if (epoch === head.epoch && there.length > here.length)
      yield `${box.name}: the cloud has ${there.length} of ${epoch}, the branch ${here.length}`
  }
  if (foldedFrom(kept.get(head.epoch) ?? [], box) !== textOf(state))
    yield `${box.name}: the cloud's events make another state`
}

/** A history that was refused is kept aside, from its first event that differs. */
function isKeptAside(box: Box, kept: ReadonlyMap<Epoch, readonly string[]>, aside: ReadonlySet<string>): boolean {
  const { log } = box.waist().branch().store
  for (const epoch of log.epochs()) {
    const there = kept.get(epoch)
    const differing = [...log.bodies(epoch)].find((body, at) => there?.[at] !== undefined && there[at] !== body)
    if (differing !== undefined) return aside.has(differing)
  }
  return false
}

async function* identityFaults(world: World, boxes: readonly Box[]): AsyncGenerator<string> {
  const { identity } = boxes[0] as Box
  const kept = await keptOf(world, identity)
  const heard = boxes.filter((box) => box.sync().status()?.state === 'up to date')
  for (const box of boxes) {
    const status = box.sync().status()
    const names = JSON.stringify(status)
    if (status?.state === 'up to date' && status.behind === 0) {
      yield* heardFaults(box, kept)
      yield* await effectFaults(world, box)
      if (world.beside === 'present' && !box.isCloned) yield* presentFaults(world, box)
    } else if (status?.state !== 'forked') yield `${box.name} is ${names} a minute after all is well`
    else if (!box.isCloned) yield `${box.name} is ${names}, and nobody copied it`
    else if (!isKeptAside(box, kept, await forkedBodies(world, identity))) yield `${box.name}'s history is nowhere`
  }
  if (heard.length === 0) yield `nobody of ${boxes.map(({ name }) => name).join(', ')} is heard`
  for (const [epoch, bodies] of kept)
    if (bodies.length < (world.cloud.ackedSeqs.get(`${identity.branchId} ${epoch}`) ?? 0))
      yield `${boxes[0]?.name}: the cloud has lost of ${epoch} what it said it keeps`
}

/** Compares what lies beside the logs. */
export async function besideFaults(world: World): Promise<readonly string[]> {
  const faults: string[] = []
  for (const box of world.boxes)
    if (world.beside === 'notes' && !box.isCloned) for await (const fault of noteFaults(world, box)) faults.push(fault)
  return faults
}

/** Compares every branch with what the cloud keeps of it. */
export async function differences(world: World): Promise<{ faults: readonly string[]; eventCount: number }> {
  const byBranch = Map.groupBy(world.boxes, ({ identity }) => identity.branchId)
  const faults: string[] = []
  let eventCount = 0
  await world.cloud.readOn()
  for (const boxes of byBranch.values()) {
    for await (const fault of identityFaults(world, boxes)) faults.push(fault)
    const kept = await keptOf(world, (boxes[0] as Box).identity)
    for (const bodies of kept.values()) eventCount += bodies.length
  }
  return { faults, eventCount }
}
