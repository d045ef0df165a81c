import { randomInt } from 'node:crypto'
import { RINGS_MAX } from '#shared/wire/trials.ts'
import { makeCode, plainDigits } from './person.ts'
import { ofKind, present, type Site, type SiteDevice } from './site.ts'

/** How long a code stands on a screen at most. */
const SHOWN_MS = 5 * 60_000
const PRINTERS_MAX = 2

async function checkPrinter(site: Site, { deviceId, name }: SiteDevice, place: number): Promise<'tried' | 'none'> {
  const { api, person, note, who } = site
  const code = makeCode()
  const answer = await api.order(deviceId, { kind: 'print', place: place - 1, code })
  if (typeof answer !== 'object') {
    note('bad', name, answer === 'away' ? 'deviceAway' : 'deviceSilent')
    return 'tried'
  }
  const { outcome, capability, isSimulated } = answer.report
  if (outcome === 'no-printer') return 'none'
  const values = { place, capability }
  if (outcome === 'failed') {
    note('bad', name, 'printFailed', values)
    return 'tried'
  }
  const typed = await person.askCode('askPrint', { device: name, place }, code)
  if (typed === 'skipped') note('skipped', name, 'skipped', { who })
  else if (typed === 'wrong') note('bad', name, 'printWrong', values)
  else if (isSimulated) note('told', name, 'printSimulated', { place })
  else note('good', name, 'printSeen', values)
  return 'tried'
}

/** Each printer of each kiosk prints a code, and somebody types it from the paper. */
export async function checkPrinters(site: Site): Promise<void> {
  for (const kiosk of await present(site, 'kiosk'))
    for (let place = 1; place <= PRINTERS_MAX; place += 1)
      if ((await checkPrinter(site, kiosk, place)) === 'none') break
}

/** Each lobby screen shows a code, and somebody types it from the screen. */
export async function checkDisplays(site: Site): Promise<void> {
  const { api, person, note, who } = site
  for (const { deviceId, name } of await present(site, 'display')) {
    const code = makeCode()
    const answer = await api.order(deviceId, { kind: 'paint', code, rings: 0, forMs: SHOWN_MS })
    if (typeof answer !== 'object' || !answer.report.painted) {
      note('bad', name, 'screenDark')
      continue
    }
    const typed = await person.askCode('askScreen', { device: name }, code)
    if (typed === 'skipped') note('skipped', name, 'skipped', { who })
    else note(typed === 'right' ? 'good' : 'bad', name, typed === 'right' ? 'screenSeen' : 'screenWrong')
    await api.order(deviceId, { kind: 'paint', code: null, rings: 0, forMs: 0 })
  }
}

async function checkChime(site: Site, { deviceId, name }: SiteDevice): Promise<void> {
  const { api, person, note, who } = site
  if ((await person.ask('listen', { device: name })) === null) return note('skipped', name, 'skipped', { who })
  const count = randomInt(1, RINGS_MAX + 1)
  const answer = await api.order(deviceId, { kind: 'paint', code: null, rings: count, forMs: 0 })
  if (typeof answer !== 'object' || !answer.report.painted) return note('bad', name, 'screenDark')
  if (answer.report.rung < count) return note('bad', name, 'chimeSilent')
  const typed = await person.ask('askRings', { device: name })
  if (typed === null) note('skipped', name, 'skipped', { who })
  else if (plainDigits(typed) === String(count)) note('good', name, 'chimeHeard', { count })
  else note('bad', name, 'chimeWrong', { count, heard: typed.slice(0, 8) })
}

/** Each lobby screen rings, and somebody counts. Calls are not spoken yet, and that is said. */
export async function checkVoice(site: Site): Promise<void> {
  site.note('told', '', 'speechNotBuilt')
  const displays = ofKind(site, 'display').length === 0 ? [] : await present(site, 'display')
  for (const display of displays) await checkChime(site, display)
}
