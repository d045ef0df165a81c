import { expect, test } from 'vitest'
import type { DeviceId } from '../domain/ids.ts'
import type { BranchAnswer } from './branch-client.ts'
import type { Pairing } from './pairing.ts'
import { createTokenTurn, TOKEN_MS_MAX } from './token-turn.ts'
import { UnreachableError } from './unreachable.ts'

const PAIRED: Pairing = {
  ...{ branchUrl: 'http://127.0.0.1:1', branchKey: 'key', deviceId: 'd' as DeviceId, kind: 'kiosk', name: 'k' },
  ...{ slot: 1, token: 'one', tokenSinceMs: 0 },
}

type Loss = 'none' | 'request' | 'answer'

/** A branch with one device; `lose` says what the network does with each request in turn. */
function world(start: Pairing, lose: () => Loss = () => 'none') {
  const branch = { current: 'one', next: null as string | null, made: 0 }
  const disk = { pairing: start as Pairing | null, wallMs: TOKEN_MS_MAX }
  function answer(token: string, path: string): BranchAnswer {
    if (path.endsWith('/confirm')) {
      if (token === branch.current) return { status: 200, body: '{}' }
      if (token !== branch.next) return { status: 401, body: '{}' }
      branch.current = token
      branch.next = null
      return { status: 200, body: '{}' }
    }
    if (token !== branch.current) return { status: 401, body: '{}' }
    if (!path.endsWith('/token')) return { status: 200, body: '{}' }
    branch.made += 1
    branch.next = `token-${branch.made}`
    return { status: 201, body: JSON.stringify({ token: branch.next }) }
  }
  const turn = createTokenTurn({
    pairing: () => disk.pairing,
    keep(pairing) {
      disk.pairing = pairing
    },
    ask({ token }, _method, path) {
      const loss = lose()
      if (loss === 'request') return Promise.reject(new UnreachableError('lost'))
      const answered = answer(token, path)
      return loss === 'answer' ? Promise.reject(new UnreachableError('lost')) : Promise.resolve(answered)
    },
    wallMs: () => disk.wallMs,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })
  return { branch, disk, turn }
}

test('a token is changed once it is a week old, and not before', async () => {
  const { branch, disk, turn } = world(PAIRED)
  disk.wallMs = TOKEN_MS_MAX - 1
  await turn.look()
  expect(branch.made).toBe(0)
  disk.wallMs += 1
  await turn.look()
  expect(disk.pairing).toMatchObject({ token: 'token-1', formerToken: 'one', tokenSinceMs: TOKEN_MS_MAX })
  expect(disk.pairing?.nextToken).toBeUndefined()
  expect(branch.current).toBe('token-1')
})

test('whatever is lost on the way, in whatever order, the device is never without a token that counts', async () => {
  for (let seed = 0; seed < 3 ** 7; seed += 1) {
    let rest = seed
    const losses: Loss[] = []
    for (let turn = 0; turn < 7; turn += 1) {
      losses.push((['none', 'request', 'answer'] as const)[rest % 3] ?? 'none')
      rest = Math.floor(rest / 3)
    }
    const { branch, disk, turn } = world(PAIRED, () => losses.shift() ?? 'none')
    for (let round = 0; round < 10; round += 1) {
      await turn.look().catch(() => {})
      // What every request does first: where the token is unknown, another one is looked for.
      if (disk.pairing?.token !== branch.current) await turn.recover().catch(() => {})
      disk.wallMs += TOKEN_MS_MAX
    }
    expect([seed, disk.pairing?.token]).toEqual([seed, branch.current])
  }
})

test('a branch that was put back to before the change knows the token before', async () => {
  const { branch, disk, turn } = world(PAIRED)
  await turn.look()
  branch.current = 'one'
  expect(await turn.recover()).toBe(true)
  expect(disk.pairing?.token).toBe('one')
  // It is changed anew as soon as may be.
  await turn.look()
  expect(disk.pairing?.token).toBe(branch.current)
})

test('a device that was removed has nothing that counts', async () => {
  const { branch, turn } = world(PAIRED)
  await turn.look()
  branch.current = 'of somebody else'
  expect(await turn.recover()).toBe(false)
  expect(await turn.recover()).toBe(false)
})

test('a branch of the version before, which knows no such address, changes nothing', async () => {
  const disk = { pairing: PAIRED as Pairing | null }
  const turn = createTokenTurn({
    pairing: () => disk.pairing,
    keep(pairing) {
      disk.pairing = pairing
    },
    ask: () => Promise.resolve({ status: 404, body: '{}' }),
    wallMs: () => 2 * TOKEN_MS_MAX,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  })
  await turn.look()
  expect(disk.pairing).toBe(PAIRED)
})
