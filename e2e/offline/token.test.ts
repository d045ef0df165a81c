import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Pairing, readPairing, writePairing } from '../../shared/host/pairing.ts'
import type { KioskBox } from './kiosk-box.ts'
import { openSmallWorld } from './small-world.ts'
import { isInContact, until } from './until.ts'

const fileOf = ({ folder }: KioskBox): string => join(folder, 'pairing.json')

function pairingOf(kiosk: KioskBox): Pairing {
  const pairing = readPairing(fileOf(kiosk))
  if (pairing === null) throw new Error('The kiosk is not paired')
  return pairing
}

/** What the branch answers to a token. */
async function statusOf({ branchUrl }: Pairing, token: string): Promise<number> {
  const answer = await fetch(`${branchUrl}/api/v1/devices/self`, { headers: { authorization: `Bearer ${token}` } })
  await answer.arrayBuffer()
  return answer.status
}

test('a kiosk changes its token after a week; a power cut in the middle of it, or an older copy at the branch, costs nothing', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  const first = pairingOf(kiosk)
  await kiosk.off()
  writePairing(fileOf(kiosk), { ...first, tokenSinceMs: 0 })
  await kiosk.boot()
  await until('the token has changed', () => pairingOf(kiosk).formerToken === first.token)
  const second = pairingOf(kiosk)
  expect([await statusOf(second, first.token), await statusOf(second, second.token)]).toEqual([401, 200])
  expect((await kiosk.tap('cash')).body.offline).toBeFalsy()

  // The power went after the branch had taken the new one, before the kiosk knew.
  await kiosk.off()
  writePairing(fileOf(kiosk), { ...first, nextToken: second.token })
  await kiosk.boot()
  await until('the token that counts is found', () => pairingOf(kiosk).token === second.token)
  await until('it is in contact', () => isInContact(kiosk))
  expect((await kiosk.tap('cash')).body.offline).toBeFalsy()

  // The branch knows the one before alone, as after a backup was put back.
  await kiosk.off()
  writePairing(fileOf(kiosk), { ...second, token: 'of a later day', formerToken: second.token })
  await kiosk.boot()
  const isChanged = ({ token, formerToken }: Pairing): boolean =>
    token !== 'of a later day' && formerToken === second.token
  await until('the token before counts, and is changed', () => isChanged(pairingOf(kiosk)))
  const third = pairingOf(kiosk)
  expect(await statusOf(third, third.token)).toBe(200)
  expect(third.deviceId).toBe(first.deviceId)
}, 120_000)
