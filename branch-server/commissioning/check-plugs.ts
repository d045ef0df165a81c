import { randomUUID } from 'node:crypto'
import type { KioskPrinters, PrinterState } from '#shared/wire/printers.ts'
import type { TrialsState } from '#shared/wire/trials.ts'
import { beginTaps } from './begin-taps.ts'
import { compareTaps } from './compare-taps.ts'
import { rounded } from './finding.ts'
import { makeCode } from './person.ts'
import { present, rest, type Site, type SiteDevice, serviceFor, waitUntil } from './site.ts'

/** Staff know of a printer that is down within this time, and how long it is waited for at most. */
const TOLD_MS_MAX = 5_000
const WAITED_MS_MAX = 30_000
const BACK_MS_MAX = 90_000
const CUT_MS_MAX = 120_000
const TAPS_EVERY_MS = 500
const TAPS_FOR_MS = 10 * 60_000
/** Numbers that were given alone are told soon after the line is back. */
const HANDED_MS_MAX = 60_000

const isWell = ({ hint }: PrinterState): boolean => ['ready', 'paper-low', 'simulated', 'status-unknown'].includes(hint)

async function printersOf({ api }: Site, { deviceId }: SiteDevice): Promise<readonly PrinterState[]> {
  const { body } = await api.ask<readonly KioskPrinters[]>('GET', '/api/v1/printers')
  return body.find((told) => told.deviceId === deviceId)?.printers ?? []
}

async function pullPrinter(site: Site, kiosk: SiteDevice, place: number): Promise<void> {
  const { person, note, who, api } = site
  const { name } = kiosk
  const isSo = (wanted: boolean) => async (): Promise<boolean> => {
    const state = (await printersOf(site, kiosk))[place - 1]
    return state !== undefined && isWell(state) === wanted
  }
  if ((await person.ask('pullPrinter', { device: name, place })) === null)
    return note('skipped', name, 'skipped', { who })
  const toldMs = await waitUntil(site, WAITED_MS_MAX, isSo(false))
  const seconds = WAITED_MS_MAX / 1_000
  if (toldMs === null) note('bad', name, 'printerNotTold', { place, seconds })
  else {
    const values = { place, seconds: rounded(toldMs / 1_000), mostSeconds: TOLD_MS_MAX / 1_000 }
    note(toldMs <= TOLD_MS_MAX ? 'good' : 'bad', name, 'printerToldStaff', values)
  }
  if ((await person.ask('plugPrinter')) === null) return note('skipped', name, 'skipped', { who })
  if ((await waitUntil(site, BACK_MS_MAX, isSo(true))) === null)
    return note('bad', name, 'printerNotBack', { place, seconds: BACK_MS_MAX / 1_000 })
  const code = makeCode()
  const printed = await api.order(kiosk.deviceId, { kind: 'print', place: place - 1, code })
  const capability = typeof printed === 'object' ? printed.report.capability : 'blind'
  if (typeof printed !== 'object' || printed.report.outcome === 'failed')
    return note('bad', name, 'printFailed', { place, capability })
  const typed = await person.askCode('askPrint', { device: name, place }, code)
  if (typed === 'skipped') note('skipped', name, 'skipped', { who })
  else
    note(typed === 'right' ? 'good' : 'bad', name, typed === 'right' ? 'printSeen' : 'printWrong', {
      place,
      capability,
    })
}

/** The plug of each real printer: staff must hear of it, and the next slip must be whole. */
export async function checkPrinterPlug(site: Site): Promise<void> {
  for (const kiosk of await present(site, 'kiosk'))
    for (const [index, { hint, capability }] of (await printersOf(site, kiosk)).entries()) {
      const place = index + 1
      if (hint === 'simulated') site.note('skipped', kiosk.name, 'printerPretends', { place })
      else if (capability === 'blind') site.note('skipped', kiosk.name, 'printerBlind', { place })
      else await pullPrinter(site, kiosk, place)
    }
}

async function pullNetwork(site: Site, kiosk: SiteDevice, serviceId: string): Promise<void> {
  const { api, person, note, who } = site
  const { aloneMs } = site.pace
  const { deviceId, name } = kiosk
  if ((await person.ask('pullNetwork', { device: name })) === null) return note('skipped', name, 'skipped', { who })
  const runId = randomUUID()
  if (!(await beginTaps(site, kiosk, { runId, serviceId, everyMs: TAPS_EVERY_MS, forMs: TAPS_FOR_MS }))) return
  const isHere = async (): Promise<boolean> => typeof (await api.order(deviceId, { kind: 'look' })) === 'object'
  const cutMs = await waitUntil(site, CUT_MS_MAX, async () => !(await isHere()))
  if (cutMs !== null) {
    person.tell('networkGone', { device: name, seconds: aloneMs / 1_000 })
    await rest(aloneMs)
    person.tell('plugNetwork', { device: name })
  }
  if ((await waitUntil(site, BACK_MS_MAX, isHere)) === null) return note('bad', name, 'deviceAway')
  const { clocks } = site
  const backMs = clocks.monotonicMs()
  const told = await api.order(deviceId, { kind: 'end-taps', runId })
  if (cutMs === null) return note('skipped', name, 'networkNotCut', { seconds: CUT_MS_MAX / 1_000 })
  if (typeof told !== 'object') return note('bad', name, 'deviceSilent')
  const { taps } = told.report
  const count = taps.filter(({ offline }) => offline).length
  if (count === 0) note('bad', name, 'networkNoNumber')
  else note('good', name, 'networkAlone', { count })
  const compare = async () => compareTaps(taps, (await api.ask<TrialsState>('GET', '/api/v1/trials')).body.tickets)
  await waitUntil(site, HANDED_MS_MAX, async () => (await compare()).missing === 0)
  const { missing, doubled } = await compare()
  const seconds = rounded((clocks.monotonicMs() - backMs) / 1_000)
  if (missing + doubled > 0) note('bad', name, 'numbersLost', { count: taps.length, missing, doubled })
  else note('good', name, 'networkTakenOver', { count: taps.length, seconds })
}

/** The network plug of each kiosk: it goes on alone, and what it gave is at the branch when it is back. */
export async function checkNetworkPlug(site: Site): Promise<void> {
  const serviceId = serviceFor(site)
  if (serviceId === null) return
  for (const kiosk of await present(site, 'kiosk')) await pullNetwork(site, kiosk, serviceId)
}
