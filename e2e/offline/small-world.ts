import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SentCatalogue } from '../../branch-server/testing/bank-catalogue.ts'
import type { DeviceClient } from '../../branch-server/testing/client.ts'
import type { TicketJson } from '../../shared/project/ticket-json.ts'
import { type BranchBox, openBranchBox } from './branch-box.ts'
import { type KioskBox, openKioskBox } from './kiosk-box.ts'
import { isInContact, until } from './until.ts'

/** A branch server in this process, a desk to look from, and kiosks that are in contact. */
export interface SmallWorld extends AsyncDisposable {
  readonly folder: string
  readonly branch: BranchBox
  readonly caller: DeviceClient
  readonly kiosks: readonly KioskBox[]
  /** The first of them. */
  readonly kiosk: KioskBox
  /** A kiosk's box that was never paired. */
  bare(name: string): Promise<KioskBox>
  /** Time goes by everywhere. */
  pass(ms: number): void
  /** The numbers that wait, in the order they will be called. */
  line(): Promise<readonly string[]>
  ticket(ticketId: string): Promise<TicketJson>
  /** The branch is back, and the kiosks are in contact with it. */
  together(): Promise<void>
}

export async function openSmallWorld(kioskCount = 1, catalogue?: SentCatalogue): Promise<SmallWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'smartqueue-offline-'))
  const branch = await openBranchBox(join(folder, 'branch'), catalogue)
  const boxes: KioskBox[] = []

  async function box(name: string, pairingCode: string | null): Promise<KioskBox> {
    const kiosk = await openKioskBox({
      name,
      folder: join(folder, name),
      branchPort: branch.port,
      pairingCode,
      aheadMs: branch.aheadMs,
      random: () => 0,
    })
    boxes.push(kiosk)
    await kiosk.boot()
    return kiosk
  }

  const kiosks: KioskBox[] = []
  for (let count = 1; count <= kioskCount; count += 1) {
    const name = `kiosk-${count}`
    const kiosk = await box(name, await branch.invite('kiosk', name))
    await until(`${name} is in contact`, () => isInContact(kiosk))
    kiosks.push(kiosk)
  }
  const [kiosk] = kiosks
  if (kiosk === undefined) throw new Error('A small world has a kiosk')
  const caller = await branch.pair('caller', 'the desk')
  return {
    folder,
    branch,
    caller,
    kiosks,
    kiosk,
    bare: (name) => box(name, null),
    pass(ms) {
      branch.pass(ms)
      for (const each of boxes) each.pass(ms)
    },
    async line() {
      const { body } = await caller.get<readonly TicketJson[]>('/api/v1/tickets?status=waiting')
      return body.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0)).map(({ number }) => number)
    },
    ticket: async (ticketId) => (await caller.get<TicketJson>(`/api/v1/tickets/${ticketId}`)).body,
    async together() {
      await branch.start('in-process')
      for (const each of kiosks) await until(`${each.name} is in contact`, () => isInContact(each))
    },
    async [Symbol.asyncDispose]() {
      for (const each of boxes) await each.close()
      await branch.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
