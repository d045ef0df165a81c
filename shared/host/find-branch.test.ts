import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import type { DeviceId } from '../domain/ids.ts'
import { textOfKey } from '../network/fingerprint.ts'
import { createFinder, type FinderParts } from './find-branch.ts'
import { fingerprintOfBranch, type Pairing } from './pairing.ts'
import { OtherBranchError, UnreachableError } from './unreachable.ts'

const newKey = (): string => textOfKey(generateKeyPairSync('ed25519').publicKey) ?? ''
const OURS = newKey()
const LAST = 'https://10.0.0.1:7070'
const MOVED = 'https://10.0.0.2:7070'
const TOLD = 'https://10.0.0.3:7070'
const ROGUE = 'https://10.0.0.66:7070'
const pairing: Pairing = {
  branchUrl: LAST,
  branchKey: OURS,
  deviceId: 'a' as DeviceId,
  kind: 'display',
  name: 'Lobby',
  slot: null,
  token: 'a-token',
}

/** A network on which these keys are at these addresses, and these announce themselves in this order. */
function network(
  keyByUrl: Readonly<Record<string, string>>,
  announced: readonly (readonly [url: string, key: string])[],
) {
  const proved: string[] = []
  const warnings: string[] = []
  const prove: NonNullable<FinderParts['prove']> = async ({ branchUrl }) => {
    proved.push(branchUrl)
    if (keyByUrl[branchUrl] === undefined) throw new UnreachableError('nobody is there')
    if (keyByUrl[branchUrl] !== OURS) throw new OtherBranchError('another key')
  }
  const search: NonNullable<FinderParts['search']> = async (attempt) => {
    const answers = announced.map(([url, key]) => attempt({ url, fingerprint: fingerprintOfBranch(key) }))
    return (await Promise.all(answers)).find((found) => found !== null) ?? null
  }
  const log = {
    info: () => {},
    error: () => {},
    warn: (details: object, message: string) => void warnings.push(`${JSON.stringify(details)} ${message}`),
  }
  return { proved, warnings, find: createFinder({ toldUrl: TOLD, log, prove, search }) }
}

test('a branch that is where it was is not looked for elsewhere', async () => {
  const { find, proved } = network({ [LAST]: OURS, [MOVED]: OURS }, [[MOVED, OURS]])
  expect(await find(pairing)).toBe(LAST)
  expect(proved).toEqual([LAST])
})

test('one that has moved is found by its key, whoever else answers first', async () => {
  const { find } = network({ [ROGUE]: newKey(), [MOVED]: OURS }, [
    [ROGUE, OURS],
    [MOVED, OURS],
  ])
  expect(await find(pairing)).toBe(MOVED)
})

test('when nobody answers on the network, it is where it was told to be; else it is nowhere', async () => {
  expect(await network({ [TOLD]: OURS }, []).find(pairing)).toBe(TOLD)
  await expect(network({}, []).find(pairing)).rejects.toThrow(UnreachableError)
})

test('whoever names another key is not even visited, and is told of once', async () => {
  const { find, proved, warnings } = network({}, [[ROGUE, newKey()]])
  for (let count = 0; count < 3; count += 1) await expect(find(pairing)).rejects.toThrow(UnreachableError)
  expect(proved).not.toContain(ROGUE)
  expect(warnings).toEqual([expect.stringContaining(ROGUE)])
})

test('a stranger at the last address is told of once, with what to do about it', async () => {
  const { find, warnings } = network({ [LAST]: newKey() }, [])
  for (let count = 0; count < 3; count += 1) await expect(find(pairing)).rejects.toThrow(UnreachableError)
  expect(warnings).toEqual([expect.stringMatching(/10\.0\.0\.1.*pair this device again/)])
})

test('a branch on this very machine is not looked for on the network', async () => {
  const { find } = network({ [MOVED]: OURS }, [[MOVED, OURS]])
  await expect(find({ ...pairing, branchUrl: 'http://127.0.0.1:7070' })).rejects.toThrow(UnreachableError)
})
