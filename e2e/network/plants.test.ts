import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { anyKeyWillDo, asksBeforeTheProof, speaksBeforeTheProof } from '../plants/network.ts'
import { CHECKOUT, plantedCopy } from '../plants/plant.ts'
import { startBranchIn, startFaceIn, startRogueIn, untilSo } from './boxes.ts'
import { openLan } from './lan.ts'

const ADDRESS = '10.77.0.10'
const READY_MS_MAX = 30_000
/** So often the kiosk is made to ask its branch while somebody else sits at its address. */
const ASKED_COUNT = 3

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-network-'))
  folders.push(folder)
  return folder
}

/** A kiosk is paired; then the branch goes and somebody with another key takes its address. @returns what that one is told */
async function toldToTheRogue(root: string): Promise<{ visitCount: number; heard: string; token: string }> {
  const folder = newFolder()
  await using lan = openLan()
  const branchBox = lan.box('branch', ADDRESS)
  const kioskBox = lan.box('kiosk', '10.77.0.21')
  const branch = await startBranchIn(branchBox, CHECKOUT, join(folder, 'branch'))
  const { body } = await branch.ask<{ link: string }>('POST', '/api/v1/pairings', { kind: 'kiosk', name: 'the kiosk' })
  const kiosk = await startFaceIn(kioskBox, 'kiosk', root, join(folder, 'kiosk'), body.link)
  await untilSo('the kiosk is in contact', READY_MS_MAX, kiosk.isInContact)
  await branch.program.stop()
  const fingerprint = new URLSearchParams(new URL(body.link).hash.slice(1)).get('key') ?? ''
  // In the branch's own box: not even the hardware address is another.
  const rogue = await startRogueIn(branchBox, fingerprint, join(folder, 'rogue'))
  for (let count = 0; count < ASKED_COUNT; count += 1) await kiosk.ask('GET', '/api/v1/board')
  await untilSo('the rogue was visited', READY_MS_MAX, () => rogue.visitCount() > 0)
  return { visitCount: rogue.visitCount(), heard: rogue.heard().join('\n'), token: kiosk.pairing().token }
}

const copyWith = (...plants: Parameters<typeof plantedCopy>[1]): string => plantedCopy(newFolder(), plants, ['kiosk'])

test('a kiosk says nothing to whoever sits at its branch’s address with another key', async () => {
  const { visitCount, heard } = await toldToTheRogue(CHECKOUT)
  expect(visitCount).toBeGreaterThan(0)
  expect(heard).toBe('')
})

test('“any key will do” is seen', async () => {
  const { heard, token } = await toldToTheRogue(copyWith(anyKeyWillDo))
  expect(heard).toContain(token)
})

test('“HTTP is spoken before the key is proved” is seen', async () => {
  const { heard, token } = await toldToTheRogue(copyWith(speaksBeforeTheProof, asksBeforeTheProof))
  expect(heard).toContain(token)
})
