import { expect, test } from 'vitest'
import type { FleetBranch } from '#shared/wire/draft.ts'
import { LIVE_PACE_MS, type StatsUpdated } from '#shared/wire/live.ts'
import type { PresentBody } from '#shared/wire/sync.ts'
import { silent } from '../testing/test-database.ts'
import { createHub, type Follower, type LiveSocket } from './hub.ts'

interface TestSocket extends LiveSocket {
  bufferedAmount: number
  readonly told: readonly StatsUpdated[]
  readonly closes: readonly number[]
}

function testSocket(): TestSocket {
  const told: StatsUpdated[] = []
  const closes: number[] = []
  return {
    ...{ bufferedAmount: 0, told, closes },
    send: (text) => void told.push(JSON.parse(text) as StatsUpdated),
    ping: () => {},
    close: (code) => void closes.push(code),
    terminate: () => void closes.push(0),
  }
}

const branch = (branchId: string): FleetBranch => ({
  ...{ branchId, name: { fr: branchId }, timeZone: 'UTC', isEnrolled: true, publishedVersion: 0, heard: null },
})

function testHub(fleet: Readonly<Record<string, readonly string[]>> = { bank: ['one', 'two'] }) {
  let nowMs = 1_000_000
  let readCount = 0
  let whileReading = (): void => {}
  const hub = createHub({
    ...{ nowMs: () => nowMs, log: silent },
    reader: {
      async branches(tenantId, branchIds) {
        readCount += 1
        whileReading()
        return (fleet[tenantId] ?? []).filter((id) => branchIds === null || branchIds.includes(id)).map(branch)
      },
      floor: async ({ branchId }) => ({
        branchId,
        receivedAtMs: 0,
        present: {} as PresentBody,
        tickets: [],
        isCut: false,
      }),
      alerts: async () => ({ openCount: 0, unseenCount: 0, changedAtMs: null }),
    },
  })
  const join = (more: Partial<Follower> = {}): TestSocket => {
    const socket = testSocket()
    const follower = { tenantId: 'bank', branchId: null, mayReadTickets: true, asker: 'awa', expiresAtMs: Infinity }
    hub.follow(socket, { ...follower, prove: async () => ({ mayReadTickets: true }), ...more })
    return socket
  }
  return {
    ...{ hub, join, reads: () => readCount },
    /** Once, in the midst of the next look at the tables. */
    meanwhile(happens: () => void): void {
      whileReading = () => {
        whileReading = () => {}
        happens()
      }
    },
    /** Lets time go by in small steps, each with a beat; whoever is there answers. */
    async pass(ms: number, sockets: readonly TestSocket[] = []): Promise<void> {
      for (let step = 0; step < ms; step += 250) {
        nowMs += 250
        for (const socket of sockets) hub.heard(socket)
        await hub.tick()
      }
    },
  }
}

test('whoever comes is told all there is at once, then what changes, at most once in five seconds', async () => {
  const { hub, join, pass } = testHub()
  const socket = join()
  await pass(250)
  expect(socket.told.map(({ isWhole, branches }) => [isWhole, branches.length])).toEqual([[true, 2]])
  for (let change = 0; change < 60; change += 1) {
    hub.note('bank', 'two')
    await pass(250, [socket])
  }
  const times = socket.told.map(({ atMs }) => atMs)
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
  expect(times.length).toBeGreaterThan(2)
  expect(gaps.filter((gap) => gap < LIVE_PACE_MS)).toEqual([])
  expect(socket.told[1]).toMatchObject({ isWhole: false, branches: [{ branchId: 'two' }] })
})

test('many who come at once are told by one look at the tables', async () => {
  const { join, pass, reads } = testHub()
  const sockets = Array.from({ length: 50 }, (_, at) => join({ asker: `person ${at}` }))
  await pass(250)
  expect(sockets.every(({ told }) => told.length === 1)).toBe(true)
  expect(reads()).toBe(1)
})

test('nothing of one tenant is told to who follows another', async () => {
  const { hub, join, pass } = testHub({ bank: ['one'], town: ['hall'] })
  const [ours, theirs] = [join(), join({ tenantId: 'town', asker: 'somebody else' })]
  await pass(6_000, [ours, theirs])
  const before = theirs.told.length
  hub.note('bank', 'one')
  await pass(LIVE_PACE_MS, [ours, theirs])
  expect(ours.told.flatMap(({ branches }) => branches.map((it) => it.branchId))).toEqual(['one', 'one'])
  expect(theirs.told.flatMap(({ branches }) => branches.map((it) => it.branchId))).toEqual(['hall'])
  expect(theirs.told.length).toBe(before)
})

test('what she came with ends, and so does her line; and so it does when she may no more', async () => {
  const { join, pass, hub } = testHub()
  const until = join({ expiresAtMs: 1_000_000 + 2_000 })
  let mayFollow = true
  const member = join({ prove: async () => (mayFollow ? { mayReadTickets: true } : null) })
  await pass(3_000, [until, member])
  expect([until.closes, member.closes]).toEqual([[4401], []])
  mayFollow = false
  await pass(15_000, [member])
  expect([member.closes, hub.count()]).toEqual([[4401], 0])
})

test('whose right was taken between the door and here is told nothing', async () => {
  const { join, pass } = testHub()
  const socket = join({ prove: async () => null })
  await pass(250, [socket])
  expect([socket.closes, socket.told]).toEqual([[4401], []])
})

test('whose role does not show tickets any more is told none from then on', async () => {
  const { hub, join, pass } = testHub()
  let mayReadTickets = true
  const socket = join({ branchId: 'one', prove: async () => ({ mayReadTickets }) })
  await pass(250, [socket])
  mayReadTickets = false
  await pass(16_000, [socket])
  hub.note('bank', 'one')
  await pass(LIVE_PACE_MS, [socket])
  const floors = socket.told.flatMap(({ floor }) => floor ?? [])
  expect(floors.map(({ tickets }) => tickets)).toEqual([[], null])
})

test('who does not read is told nothing more, and dropped; a line that answers nothing is dead', async () => {
  const { hub, join, pass } = testHub()
  const slow = join()
  await pass(250, [slow])
  slow.bufferedAmount = 2 * 1024 * 1024
  for (let change = 0; change < 4; change += 1) {
    hub.note('bank', 'one')
    await pass(LIVE_PACE_MS, [slow])
  }
  expect(slow.told).toHaveLength(1)
  await pass(15_000, [slow])
  expect(slow.closes).toEqual([4408])
  const silentOne = join({ asker: 'nobody' })
  await pass(60_000)
  expect(silentOne.closes).toEqual([0])
})

test('when what was said was not heard for a while, in the midst of telling, no branch is lost, and all is told anew', async () => {
  const { hub, join, pass, meanwhile } = testHub()
  const socket = join()
  await pass(LIVE_PACE_MS, [socket])
  hub.note('bank', 'two')
  meanwhile(() => hub.noteAll())
  await pass(2 * LIVE_PACE_MS, [socket])
  expect(socket.told.map(({ isWhole, branches }) => [isWhole, branches.length])).toEqual([
    ...[
      [true, 2],
      [false, 1],
      [true, 2],
    ],
  ])
})

test('of a tenant of which any branch may be otherwise all is told anew, and nothing of others', async () => {
  const { hub, join, pass } = testHub({ bank: ['one', 'two'], town: ['hall'] })
  const [ours, theirs] = [join(), join({ tenantId: 'town', asker: 'somebody else' })]
  await pass(LIVE_PACE_MS, [ours, theirs])
  hub.noteAll('bank')
  await pass(LIVE_PACE_MS, [ours, theirs])
  expect([ours, theirs].map(({ told }) => told.map(({ isWhole }) => isWhole))).toEqual([[true, true], [true]])
})

test('of many who follow few are looked at at once, and each whose look failed only after a while', async () => {
  const { join, pass } = testHub()
  let [atOnce, atOnceMost, looks] = [0, 0, 0]
  async function prove(): Promise<never> {
    looks += 1
    atOnce += 1
    atOnceMost = Math.max(atOnceMost, atOnce)
    await Promise.resolve()
    atOnce -= 1
    throw new Error('planted')
  }
  const sockets = Array.from({ length: 100 }, (_, at) => join({ asker: `person ${at}`, prove }))
  await pass(1_500, sockets)
  expect([atOnceMost, looks]).toEqual([40, 100])
})

test('nothing new is told as that now and then, so that a dead line is known', async () => {
  const { join, pass } = testHub()
  const socket = join()
  await pass(31_000, [socket])
  expect(socket.told.map(({ branches }) => branches.length)).toEqual([2, 0, 0])
})

test('one who asks for many lines is given some', async () => {
  const { join } = testHub()
  const sockets = Array.from({ length: 21 }, () => join())
  expect(sockets.filter(({ closes }) => closes.includes(4429))).toHaveLength(1)
})
