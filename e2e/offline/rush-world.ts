// Three kiosks with disks, printers and clocks of their own, and a server process that can be killed.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import { amadou, counter1 } from '../../shared/domain/testing/bank.ts'
import { random } from '../power/clients.ts'
import { type BranchBox, openBranchBox } from './branch-box.ts'
import { type KioskBox, openKioskBox } from './kiosk-box.ts'
import { isInContact, until } from './until.ts'

const HOUR_MS = 3_600_000
const WALL_ERRORS_MS = [-3 * HOUR_MS, 2 * HOUR_MS, 0]

/** One customer at one screen. */
export interface Tap {
  readonly kiosk: KioskBox
  readonly ticketId: string
  readonly number: string
  /** The day that its paper says. */
  readonly businessDate: string
  readonly isOffline: boolean
  /** The branch's time, when it was sent and when it was answered. */
  readonly sentAtMs: number
  readonly answeredAtMs: number
  readonly sentMs: number
  /** When its kiosk's host got it: where a slip is being drawn, everybody in this process waits. */
  readonly heardMs: number
  readonly answeredMs: number
  /** Within how much its kiosk knew the branch's time: on a busy machine not even pings come back at once. */
  readonly errorMs: number
}

export interface World {
  readonly folder: string
  readonly branch: BranchBox
  readonly kiosks: readonly KioskBox[]
  readonly desk: DeviceClient
  readonly draw: () => number
  readonly failures: string[]
  readonly numberById: Map<string, string>
  /** When any server of this process first got a request with this key. */
  readonly heardByKey: Map<string, number>
  /** Those whose day ended before they were called. */
  readonly endedIds: Set<string>
  readonly counts: Record<'kills' | 'nights' | 'taps' | 'offline' | 'papers' | 'late' | 'orders' | 'outageMs', number>
}

/** The server is a process, everybody is in contact, and somebody is at a counter. */
export async function openWorld(seed: number): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-rush-'))
  const draw = random(seed)
  const branch = await openBranchBox(join(folder, 'branch'))
  const kiosks: KioskBox[] = []
  for (const [index, errorMs] of WALL_ERRORS_MS.entries()) {
    const name = `kiosk-${index + 1}`
    const kiosk = await openKioskBox({
      name,
      folder: join(folder, name),
      branchPort: branch.port,
      pairingCode: await branch.invite('kiosk', name),
      aheadMs: branch.aheadMs + errorMs,
      random: draw,
    })
    await kiosk.boot()
    kiosks.push(kiosk)
  }
  for (const kiosk of kiosks) await until(`${kiosk.name} is in contact`, () => isInContact(kiosk))
  const desk = await branch.pair('caller', 'the desk')
  const opened = await desk.open(counter1, amadou)
  if (opened.status !== 200) throw new Error(`Nobody can call: ${JSON.stringify(opened.body)}`)
  // From here on the server is a process, which can be killed.
  await branch.stop()
  await branch.start('process')
  for (const kiosk of kiosks) await until(`${kiosk.name} is in contact again`, () => isInContact(kiosk))
  const counts = { kills: 0, nights: 0, taps: 0, offline: 0, papers: 0, late: 0, orders: 0, outageMs: 0 }
  const known = { numberById: new Map(), heardByKey: new Map(), endedIds: new Set<string>() }
  return { folder, branch, kiosks, desk, draw, failures: [], ...known, counts }
}

/** Time goes by on both clocks of everybody; the server is off. */
export function passAll({ branch, kiosks }: World, ms: number): void {
  branch.pass(ms)
  for (const kiosk of kiosks) kiosk.pass(ms)
}

/** What was late arrives now. */
export async function releaseAll({ kiosks, counts }: World): Promise<void> {
  for (const { proxy } of kiosks) counts.late += await proxy.release()
}
