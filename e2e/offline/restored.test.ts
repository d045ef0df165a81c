// The branch server's disk and its key are gone. What a kiosk kept makes a branch again, or nothing does; either way the
// kiosks are paired again, keep the block they have printed from, and bring what they printed meanwhile.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreBranch } from '../../branch-server/restore/restore-branch.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { type BranchBox, oneLine, openBranchBox } from './branch-box.ts'
import type { KioskBox } from './kiosk-box.ts'
import { openSmallWorld, type SmallWorld } from './small-world.ts'
import { isInContact, until } from './until.ts'

async function pairAgain(branch: BranchBox, kiosk: KioskBox): Promise<number> {
  const code = await branch.invite('kiosk', kiosk.name)
  // At the screen nobody pairs a kiosk that is paired: the installer starts it with the new code.
  expect((await kiosk.post('/local/v1/pair', JSON.stringify({ code }))).text).toContain('AlreadyPaired')
  await kiosk.off()
  await kiosk.boot(code)
  await until(`${kiosk.name} is in contact`, () => isInContact(kiosk))
  return (await kiosk.get<{ device: { slot: number } }>('/local/v1/state')).device.slot
}

async function tapNumbers(kiosk: KioskBox, count: number): Promise<readonly string[]> {
  const numbers: string[] = []
  for (let tap = 0; tap < count; tap += 1) numbers.push((await kiosk.tap('cash')).body.ticket.number)
  return numbers
}

async function liveAndDie({ kiosks, branch }: SmallWorld): Promise<readonly string[]> {
  const [first, second] = kiosks
  if (first === undefined || second === undefined) throw new Error('There are two kiosks')
  const printed = [...(await tapNumbers(first, 3)), ...(await tapNumbers(second, 2))]
  await until('both have heard of all', () =>
    kiosks.every((it) => it.host().host.store.seen()?.state.tickets.size === 5),
  )
  await branch.stop()
  const alone = [...(await tapNumbers(first, 3)), ...(await tapNumbers(second, 1))]
  expect(alone).toEqual(['A1001', 'A1002', 'A1003', 'A2001'])
  return [...printed, ...alone]
}

const numbersAt = async (branch: BranchBox): Promise<readonly string[]> => {
  const desk = await branch.pair('caller', 'the desk')
  return (await desk.get<readonly TicketJson[]>('/api/v1/tickets?status=waiting')).body.map(({ number }) => number)
}

/** What the kiosks print from now on, with the new server and without it. */
async function printMore({ kiosks }: SmallWorld, branch: BranchBox): Promise<readonly string[]> {
  const fresh: string[] = []
  for (const kiosk of kiosks) fresh.push(...(await tapNumbers(kiosk, 2)))
  await branch.stop()
  for (const kiosk of kiosks) fresh.push(...(await tapNumbers(kiosk, 4)))
  await branch.start('in-process')
  return fresh
}

test('restored from a kiosk on a new disk: each kiosk keeps its block, brings its papers, and no number comes twice', async () => {
  await using world = await openSmallWorld(2)
  const { branch, kiosks } = world
  const printed = await liveAndDie(world)
  const folder = join(world.folder, 'new-disk')
  const clocks = { wallMs: () => Date.now() + branch.aheadMs, monotonicMs: () => performance.now() }
  restoreBranch({ folder, places: [kiosks[1]?.folder ?? ''], clocks })
  await using again = await openBranchBox(folder, oneLine, branch)
  // The one that paired second before is paired first now: it must not be given the other one's block.
  const slots = [await pairAgain(again, kiosks[1] as KioskBox), await pairAgain(again, kiosks[0] as KioskBox)]
  expect(slots).toEqual([2, 1])
  await until('each paper is known', async () => {
    const known = await numbersAt(again)
    return printed.every((number) => known.includes(number))
  })
  const fresh = await printMore(world, again)
  expect(new Set([...printed, ...fresh]).size).toBe(printed.length + fresh.length)
})

test('from nothing: the kiosks make the numbers jump, keep their blocks and bring what they printed alone', async () => {
  await using world = await openSmallWorld(2)
  const { branch, kiosks } = world
  const printed = await liveAndDie(world)
  await using again = await openBranchBox(join(world.folder, 'empty'), oneLine, branch)
  const slots = [await pairAgain(again, kiosks[1] as KioskBox), await pairAgain(again, kiosks[0] as KioskBox)]
  expect(slots).toEqual([2, 1])
  await until('each paper printed alone is known', async () => {
    const known = await numbersAt(again)
    return printed.slice(5).every((number) => known.includes(number))
  })
  const fresh = await printMore(world, again)
  expect(new Set([...printed, ...fresh]).size).toBe(printed.length + fresh.length)
})

test('a kiosk that is new on the day of a restore gets a block that nobody is known to have printed from', async () => {
  await using world = await openSmallWorld(2)
  const { branch, kiosks } = world
  await liveAndDie(world)
  const folder = join(world.folder, 'new-disk')
  const clocks = { wallMs: () => Date.now() + branch.aheadMs, monotonicMs: () => performance.now() }
  restoreBranch({ folder, places: [kiosks[1]?.folder ?? ''], clocks })
  await using again = await openBranchBox(folder, oneLine, branch)
  expect((await again.pair('kiosk', 'new')).slot).toBe(9)
  expect((await again.pair('kiosk', 'new, too')).slot).toBe(8)
  expect(await pairAgain(again, kiosks[0] as KioskBox)).toBe(1)
})

test('restored from a backup on a new disk: devices that the backup knows stay who they are', async () => {
  await using world = await openSmallWorld(2)
  const { branch, kiosks } = world
  expect((await branch.installer.post('/api/v1/backups', {})).status).toBe(201)
  await liveAndDie(world)
  const folder = join(world.folder, 'new-disk')
  const clocks = { wallMs: () => Date.now() + branch.aheadMs, monotonicMs: () => performance.now() }
  restoreBranch({ folder, places: [join(branch.folder, 'backups')], clocks })
  await using again = await openBranchBox(folder, oneLine, branch)
  const devices = async () => (await again.installer.get<readonly { deviceId: string }[]>('/api/v1/devices')).body
  const before = await devices()
  const slots = [await pairAgain(again, kiosks[1] as KioskBox), await pairAgain(again, kiosks[0] as KioskBox)]
  expect(slots).toEqual([2, 1])
  expect((await devices()).map(({ deviceId }) => deviceId).toSorted()).toEqual(
    before.map(({ deviceId }) => deviceId).toSorted(),
  )
})
