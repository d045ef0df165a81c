import { expect, test } from 'vitest'
import type { DeviceId, Epoch, EpochMs, EventSeq, Sha256, SteadyMs } from '../domain/ids.ts'
import { carryState, type Snapshot } from '../domain/state-json.ts'
import { called, issued, opened, SAMPLE_CATALOGUE, sampleLog, sampleState } from '../project/sample-branch.ts'
import { type BranchView, branchMoment, follow, linkSince, NOTHING_YET } from './follow-state.ts'

const STORY = [issued(1, 'A001'), opened(2, 1), called(3, 'A001', 1)]
const LOG = sampleLog(STORY)
const AT_ZERO = { takenMs: 0, wallMs: 0 }

function snapshotAt(eventCount: number): Snapshot {
  const state = sampleState(STORY.slice(0, eventCount))
  return {
    epoch: 'sample' as Epoch,
    seq: state.seq,
    headHash: 'head' as Sha256,
    now: state.now,
    carried: carryState(state),
    catalogues: { 1: SAMPLE_CATALOGUE },
  }
}

const eventAt = (index: number) => {
  const event = LOG[index]
  if (event === undefined) throw new Error(`No event ${index}`)
  return event
}

const following = (): BranchView => follow(NOTHING_YET, { type: 'snapshot', snapshot: snapshotAt(1), takenMs: 0 }).view
const receive = (view: BranchView, index: number) =>
  follow(view, { type: 'message', message: eventAt(index), ...AT_ZERO })

test('a snapshot and the events after it give the same state as the whole log', () => {
  const first = receive(following(), 3)
  const second = receive(first.view, 4)
  expect(second.next).toBe('go-on')
  expect(carryState(second.view.state ?? sampleState([]))).toEqual(carryState(sampleState(STORY)))
})

test('an event that came before is passed over, a gap asks for a fresh snapshot', () => {
  const view = following()
  expect(receive(view, 2)).toEqual({ view, next: 'go-on' })
  expect(receive(view, 4).next).toBe('fresh')
})

test('another epoch, a server behind the page or a new catalogue ask for a fresh snapshot', () => {
  const view = following()
  const hello = (epoch: string, seq: number) =>
    follow(view, {
      type: 'message',
      message: { type: 'hello', epoch: epoch as Epoch, seq: seq as EventSeq },
      ...AT_ZERO,
    }).next
  expect(hello('sample', 9)).toBe('go-on')
  expect(hello('another', 9)).toBe('fresh')
  expect(hello('sample', 1)).toBe('fresh')
  const applied = { ...eventAt(0), seq: 4 as EventSeq }
  expect(follow(view, { type: 'message', message: applied, ...AT_ZERO }).next).toBe('fresh')
})

test('an event that does not fit the state asks for a fresh snapshot instead of breaking the page', () => {
  const stranger = { ...eventAt(4), seq: 4 as EventSeq, ticketId: 'Z999' as never }
  expect(follow(following(), { type: 'message', message: stranger, ...AT_ZERO }).next).toBe('fresh')
})

test('the branch time goes on between two messages by the page’s own steady clock', () => {
  const { view } = follow(following(), {
    type: 'message',
    message: { type: 'time', atMs: 1_000 as EpochMs, steadyMs: 50 as SteadyMs },
    takenMs: 10_000,
    wallMs: 0,
  })
  expect(branchMoment(view.clock, 12_500)).toEqual({ atMs: 3_500, steadyMs: 2_550 })
})

test('a device that was removed forgets the branch', () => {
  const host = { device: null, link: 'up', sinceMs: 0 as EpochMs, time: null } as const
  const { view } = follow(following(), { type: 'host-state', host, ...AT_ZERO })
  expect(view).toMatchObject({ phase: 'unpaired', state: null, device: null })
})

test('when the host falls silent the page keeps its state and says since when', () => {
  const device = { deviceId: 'd' as DeviceId, kind: 'display', name: 'Hall', slot: null } as const
  const host = {
    device,
    link: 'up',
    sinceMs: 0 as EpochMs,
    time: { atMs: 5_000 as EpochMs, steadyMs: 0 as SteadyMs },
  } as const
  const up = follow(following(), { type: 'host-state', host, takenMs: 100, wallMs: 0 }).view
  const down = follow(up, { type: 'host-lost', takenMs: 1_100 }).view
  expect(down).toMatchObject({ phase: 'following', link: 'down' })
  expect(linkSince(down)).toBe(6_000)
  expect(linkSince(follow(down, { type: 'host-lost', takenMs: 9_000 }).view)).toBe(6_000)
})

test('since when there is no contact is told in the branch’s time, however wrong the clock of this box', () => {
  const wrongWallMs = 9_000_000
  const told = follow(following(), {
    type: 'message',
    message: { type: 'time', atMs: 1_000_000 as EpochMs, steadyMs: 0 as SteadyMs },
    takenMs: 50_000,
    wallMs: wrongWallMs,
  }).view
  const cut = follow(told, {
    type: 'message',
    message: { type: 'link', link: 'down', sinceMs: (wrongWallMs - 20_000) as EpochMs },
    takenMs: 50_000,
    wallMs: wrongWallMs,
  }).view
  expect(linkSince(cut)).toBe(980_000)
})
