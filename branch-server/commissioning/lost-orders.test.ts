import { expect, test } from 'vitest'
import type { TrialOrder } from '#shared/wire/trials.ts'
import { checkNetworkPlug } from './check-plugs.ts'
import { beginPower } from './check-power.ts'
import type { Pull } from './run-file.ts'
import type { Site } from './site.ts'

const KIOSKS = ['1', '2'].map((id) => ({ deviceId: `kiosk-${id}`, kind: 'kiosk', name: `Kiosk ${id}` }))

/** A branch of two kiosks, the second of which never hears that it is to take test tickets. */
function openSite() {
  const notes: string[] = []
  const ordered: (readonly [string, TrialOrder])[] = []
  const site = {
    api: {
      async order(deviceId: string, order: TrialOrder) {
        ordered.push([deviceId, order])
        const isLost = deviceId === 'kiosk-2' && order.kind === 'start-taps'
        // The network of the first is never cut, which ends its step.
        return isLost ? 'silent' : { report: { kind: order.kind, taps: [], refusedCount: 0, refusal: null } }
      },
      ask: async () => ({ status: 200, body: { epoch: 'e', startedAtMs: 1, tickets: [] } }),
    },
    person: { ask: async () => '', tell: () => {} },
    note: (mark: string, device: string, text: string) => void notes.push(`${device} ${mark} ${text}`),
    ...{ who: 'Awa', catalogue: { services: [{ id: 'cash' }] }, devices: KIOSKS, pace: { beforeMs: 0 } },
    // An hour passes with each look.
    clocks: { monotonicMs: () => (passedMs += 3_600_000), wallMs: () => 0 },
  }
  let passedMs = 0
  return { site: site as unknown as Site, notes, ordered }
}

const runIds = (ordered: readonly (readonly [string, TrialOrder])[]) =>
  new Set(ordered.flatMap(([, order]) => ('runId' in order ? [order.runId] : [])))

test('before the plug of the server is pulled, a kiosk that was not heard to begin is told, and certifies nothing', async () => {
  const { site, notes, ordered } = openSite()
  let pull: Pull | null = null
  await beginPower(site, (kept) => {
    pull = kept
  })
  expect(pull).toMatchObject({ kiosks: [{ deviceId: 'kiosk-1' }] })
  expect(notes).toEqual(['Kiosk 2 bad deviceSilent'])
  // It may have begun all the same, and only its answer was lost.
  expect(ordered.at(-1)).toMatchObject(['kiosk-2', { kind: 'end-taps' }])
  expect(runIds(ordered).size).toBe(1)
})

test('before a network is cut, too', async () => {
  const { site, notes } = openSite()
  await checkNetworkPlug(site)
  expect(notes.filter((note) => note.startsWith('Kiosk 2'))).toEqual(['Kiosk 2 bad deviceSilent'])
})
