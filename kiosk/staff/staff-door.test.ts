import { beforeEach, expect, test } from 'vitest'
import type { AgentId } from '#shared/domain/ids.ts'
import type { Pairing } from '#shared/host/pairing.ts'
import { tellLog } from '#shared/host/testing/told-log.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { problem } from '#shared/wire/problem.ts'
import { createStaffDoor, type DoorHost, type StaffDoor } from './staff-door.ts'

const AWA = 'awa' as AgentId
const IBRAHIMA = 'ibrahima' as AgentId
const MINUTE_MS = 60_000
const told = tellLog().snapshot

let nowMs = 0
let pairing: Pairing | null
let epoch = told.epoch
let version = 1
let suspended: Set<AgentId>
/** What the branch says of the next PIN. */
let answer: 'right' | 'wrong' | 'locked' | 'away'
let door: StaffDoor

const host: DoorHost = {
  pairing: () => pairing,
  store: {
    seen: () =>
      ({
        bookmark: { epoch, seq: told.seq, headHash: told.headHash },
        state: { catalogue: { version }, suspended },
      }) as never,
  },
  ask({ body = '' }) {
    if (answer === 'away') return Promise.reject(new UnreachableError('away'))
    const { agentId } = JSON.parse(body) as { agentId: string }
    const said = { right: { agentId, role: 'manager' }, wrong: problem('PinWrong'), locked: problem('PinLocked') }[
      answer
    ]
    return Promise.resolve({ status: 'status' in said ? said.status : 200, body: JSON.stringify(said) })
  },
}

beforeEach(() => {
  nowMs = 0
  pairing = { token: 'first' } as Pairing
  epoch = told.epoch
  version = 1
  suspended = new Set()
  answer = 'right'
  door = createStaffDoor(host, () => nowMs)
})

async function enter(agentId: AgentId = IBRAHIMA): Promise<string> {
  const entered = await door.signIn(agentId, '141421')
  return 'token' in entered ? entered.token : entered.code
}
async function enterOften(count: number, agentId: AgentId): Promise<readonly string[]> {
  const codes: string[] = []
  for (let at = 0; at < count; at += 1) codes.push(await enter(agentId))
  return [...new Set(codes)]
}

test('only what a person does keeps the menu open; a page that asks by itself does not', async () => {
  const token = await enter()
  for (let passedMs = 0; passedMs < 2 * MINUTE_MS - 2_000; passedMs += 2_000) {
    nowMs += 2_000
    expect(door.find(token)).not.toBeNull()
  }
  nowMs += 2_000
  expect(door.find(token)).toBeNull()
})

test('whatever is done, the menu is closed after ten minutes', async () => {
  const token = await enter()
  for (let minute = 0; minute < 9; minute += 1) {
    nowMs += MINUTE_MS
    expect(door.act(token)).not.toBeNull()
  }
  nowMs += MINUTE_MS
  expect(door.act(token)).toBeNull()
})

test('a new catalogue, a new epoch, the end of the pairing or another one closes the menu', async () => {
  const changes = [
    () => {
      version += 1
    },
    () => {
      epoch = 'another' as typeof epoch
    },
    () => {
      pairing = null
    },
    () => {
      pairing = { token: 'second' } as Pairing
    },
  ]
  for (const change of changes) {
    pairing = { token: 'first' } as Pairing
    const token = await enter()
    expect(door.find(token)).not.toBeNull()
    change()
    expect(door.act(token)).toBeNull()
  }
})

test('whoever is suspended while she is at the menu is out of it', async () => {
  const token = await enter()
  suspended.add(AWA)
  expect(door.find(token)).not.toBeNull()
  suspended.add(IBRAHIMA)
  expect(door.find(token)).toBeNull()
})

test('a catalogue that comes while the PIN is being proved opens nothing', async () => {
  const ask = host.ask
  const late = createStaffDoor(
    {
      ...host,
      ask: (asking) => {
        version += 1
        return ask(asking)
      },
    },
    () => nowMs,
  )
  const entered = await late.signIn(IBRAHIMA, '141421')
  expect('token' in entered && late.find(entered.token)).toBeNull()
})

test('wrong PINs shut out the name they were tried for, and no other; each is forgotten in ten minutes', async () => {
  answer = 'wrong'
  expect(await enterOften(5, AWA)).toEqual(['PinWrong'])
  answer = 'right'
  expect(await enter(AWA)).toBe('StaffMenuLocked')
  expect(door.find(await enter(IBRAHIMA))).not.toBeNull()
  nowMs += 10 * MINUTE_MS
  answer = 'wrong'
  expect(await enter(AWA)).toBe('PinWrong')
  expect(await enter(AWA)).toBe('StaffMenuLocked')
  nowMs += 10 * MINUTE_MS
  answer = 'right'
  expect(door.find(await enter(AWA))).not.toBeNull()
})

test('names in turn give no more than fifteen tries, and a PIN of one’s own gives none back', async () => {
  answer = 'wrong'
  for (const name of ['one', 'two', 'three']) await enterOften(4, name as AgentId)
  answer = 'right'
  for (let count = 0; count < 20; count += 1) await enter(AWA)
  answer = 'wrong'
  expect(await enterOften(3, 'four' as AgentId)).toEqual(['PinWrong'])
  answer = 'right'
  expect(await enter(IBRAHIMA)).toBe('StaffMenuLocked')
  nowMs += 10 * MINUTE_MS
  expect(door.find(await enter(IBRAHIMA))).not.toBeNull()
})

test('tries made at once are counted like tries made in turn', async () => {
  answer = 'wrong'
  const codes = await Promise.all(Array.from({ length: 40 }, () => enter(AWA)))
  expect(codes.filter((code) => code === 'PinWrong')).toHaveLength(5)
})

test('a PIN at which nobody looked is no try', async () => {
  for (const unheard of ['away', 'locked'] as const) {
    answer = unheard
    const code = unheard === 'away' ? 'BranchUnreachable' : 'PinLocked'
    expect(await enterOften(30, AWA)).toEqual([code])
  }
  answer = 'right'
  expect(door.find(await enter(AWA))).not.toBeNull()
})
