// A disk that was copied: two kiosks with one identity, one token and one block of numbers.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { KioskScreenState } from '../../shared/wire/screens.ts'
import { type KioskBox, openKioskBox } from './kiosk-box.ts'
import { openSmallWorld, type SmallWorld } from './small-world.ts'
import { isInContact, isUp, until } from './until.ts'

const isTwin = ({ host }: KioskBox): boolean => host().host.isTwin()

async function isTold({ caller }: SmallWorld): Promise<boolean> {
  const { body } = await caller.get<readonly KioskScreenState[]>('/api/v1/screens')
  return body.some(({ name, screen }) => name === 'kiosk-1' && screen === 'twin')
}

async function cloneOf({ folder, kiosk, branch }: SmallWorld): Promise<KioskBox> {
  await kiosk.off()
  const copy = join(folder, 'clone')
  cpSync(kiosk.folder, copy, { recursive: true })
  await kiosk.boot()
  await until('the first is in contact', () => isInContact(kiosk))
  const clone = await openKioskBox({
    ...{ name: 'clone', folder: copy, branchPort: branch.port, pairingCode: null, aheadMs: branch.aheadMs },
    random: () => 0,
  })
  await clone.boot()
  return clone
}

test('of two kiosks with one identity the second is refused by name, staff are told, and only one gives numbers', async () => {
  await using world = await openSmallWorld()
  const { kiosk, branch } = world
  const clone = await cloneOf(world)
  try {
    await until('the second knows that it is one too many', () => isTwin(clone))
    expect(await isTold(world)).toBe(true)
    expect(clone.log.some((line) => line.includes('pair this one with a new code'))).toBe(true)
    expect((await kiosk.tap('cash')).body.ticket.number).toBe('A001')

    // Without the server, and after a restart, it still does not print from the other one's block.
    await branch.stop()
    await clone.off()
    await clone.boot()
    expect((await kiosk.tap('cash')).body.ticket.number).toBe('A1001')
    expect(await clone.tap('cash')).toMatchObject({ status: 409, body: { code: 'DeviceTwin' } })

    await world.together()
    await clone.host().host.pairAnew(await branch.invite('kiosk', 'the other entrance'))
    await until('the second is a kiosk of its own', () => isInContact(clone) && !isTwin(clone))
    await branch.stop()
    expect((await clone.tap('cash')).body.ticket.number).toBe('A2001')
    expect((await kiosk.tap('cash')).body.ticket.number).toBe('A1002')
  } finally {
    await clone.close()
  }
})

test('a kiosk that is started again, however often, is no second one', async () => {
  await using world = await openSmallWorld()
  const { kiosk } = world
  for (let start = 0; start < 4; start += 1) {
    await kiosk.off()
    await kiosk.boot()
    await until('it is in contact', () => isUp(kiosk))
  }
  expect(isTwin(kiosk)).toBe(false)
  expect(await isTold(world)).toBe(false)
  expect((await kiosk.tap('cash')).body.ticket.number).toBe('A001')
})
