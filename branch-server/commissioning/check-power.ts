import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { parseBlockNumber } from '#shared/domain/numbering.ts'
import type { ReportOf, TakenTap, TrialsState } from '#shared/wire/trials.ts'
import { beginTaps } from './begin-taps.ts'
import { BranchAwayError } from './branch-api.ts'
import { checkLog } from './check-server.ts'
import { compareTaps, longestPauseMs } from './compare-taps.ts'
import { rounded } from './finding.ts'
import type { Pull } from './run-file.ts'
import { present, rest, type Site, type SiteDevice, serviceFor, waitUntil } from './site.ts'

const TAPS_EVERY_MS = 500
/** Kiosks stop by themselves when nobody comes back to ask. */
const TAPS_FOR_MS = 20 * 60_000
const CUT_MS_MAX = 5 * 60_000
const BACK_MS_MAX = 10 * 60_000
const DEVICE_BACK_MS_MAX = 90_000
const HANDED_MS_MAX = 60_000

/** The kernel's name for this run of the machine: another one after it was off. */
function bootIdOf(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return null
  }
}

const trialsOf = async ({ api }: Site): Promise<TrialsState> =>
  (await api.ask<TrialsState>('GET', '/api/v1/trials')).body

async function isAway({ api }: Site): Promise<boolean> {
  try {
    await api.ask('GET', '/api/v1/health')
    return false
  } catch (error) {
    if (error instanceof BranchAwayError) return true
    throw error
  }
}

/**
 * Has the kiosks take test tickets, and the installer pull the plug. How things stand is kept before that, because this
 * program may be on the machine that goes dark.
 * @param keep - writes it down, durably
 * @returns null when there is nothing to compare: left out, or nobody to take tickets
 */
export async function beginPower(site: Site, keep: (pull: Pull) => void): Promise<Pull | null> {
  const { person, note, who } = site
  const serviceId = serviceFor(site)
  const kiosks = serviceId === null ? [] : await present(site, 'kiosk')
  if (serviceId === null || kiosks.length === 0) return null
  if ((await person.ask('readyForPower')) === null) {
    note('skipped', '', 'skipped', { who })
    return null
  }
  const { epoch, startedAtMs } = await trialsOf(site)
  const runId = randomUUID()
  const begun: SiteDevice[] = []
  for (const kiosk of kiosks)
    if (await beginTaps(site, kiosk, { runId, serviceId, everyMs: TAPS_EVERY_MS, forMs: TAPS_FOR_MS }))
      begun.push(kiosk)
  if (begun.length === 0) return null
  const pull: Pull = { runId, kiosks: begun, epoch, startedAtMs, bootId: bootIdOf() }
  await rest(site.pace.beforeMs)
  keep(pull)
  person.tell('pullPower')
  if ((await waitUntil(site, CUT_MS_MAX, () => isAway(site))) !== null) person.tell('serverGone')
  return pull
}

/** Whether the machine itself was off; null = it does not say. */
function hasRestarted({ bootId }: Pull): boolean | null {
  const now = bootIdOf()
  return bootId === null || now === null ? null : bootId !== now
}

function noteMachine({ note }: Site, pull: Pull): void {
  const restarted = hasRestarted(pull)
  if (restarted === null) note('told', '', 'machineUnknown')
  else if (restarted) note('good', '', 'machineRestarted')
  else note('told', '', 'machineStayedOn')
}

/** When the server gave its first number of its own after the cut, from its program's start and the machine's. */
function noteAgain({ note, clocks }: Site, pull: Pull, { tickets, startedAtMs }: TrialsState): void {
  const [first] = tickets
    .filter(({ number, issuedAtMs }) => parseBlockNumber(number) === null && issuedAtMs >= startedAtMs)
    .toSorted((a, b) => a.issuedAtMs - b.issuedAtMs)
  if (first === undefined) return void note('bad', '', 'issuesNotAgain')
  note('good', '', 'issuesAgain', { seconds: rounded((first.issuedAtMs - startedAtMs) / 1_000) })
  if (hasRestarted(pull) !== true) return
  const bootedAtMs = clocks.wallMs() - uptime() * 1_000
  note('told', '', 'issuesAfterBoot', { seconds: rounded((first.issuedAtMs - bootedAtMs) / 1_000) })
}

function noteKiosk({ note }: Site, name: string, { taps, refusedCount, refusal }: ReportOf<'end-taps'>): void {
  const offline = taps.filter((tap) => tap.offline).length
  const values = { online: taps.length - offline, offline, refused: refusedCount }
  if (taps.length === 0 && refusedCount === 0) return void note('bad', name, 'kioskForgot')
  if (offline > 0) note('good', name, 'wentAlone', values)
  else note('bad', name, 'notAlone', { ...values, reason: refusal ?? '–' })
  note('told', name, 'longestPause', { seconds: rounded(longestPauseMs(taps) / 1_000) })
}

/** Every device comes back by itself. */
async function noteBack(site: Site): Promise<void> {
  const { api, note } = site
  for (const { deviceId, name } of site.devices) {
    const isBack = async (): Promise<boolean> => typeof (await api.order(deviceId, { kind: 'look' })) === 'object'
    if ((await waitUntil(site, DEVICE_BACK_MS_MAX, isBack)) === null) note('bad', name, 'deviceAway')
    else note('good', name, 'backInContact')
  }
}

/** What each kiosk remembers. */
async function collect(site: Site, { kiosks, runId }: Pull): Promise<readonly TakenTap[]> {
  const { api, note } = site
  const collected: TakenTap[] = []
  await rest(site.pace.afterMs)
  for (const { deviceId, name } of kiosks) {
    const told = await api.order(deviceId, { kind: 'end-taps', runId })
    if (typeof told !== 'object') {
      note('bad', name, told === 'away' ? 'deviceAway' : 'deviceSilent')
      continue
    }
    noteKiosk(site, name, told.report)
    collected.push(...told.report.taps)
  }
  return collected
}

/** After the power is back: what was promised is there, once; the log is whole; numbers are given again. */
export async function endPower(site: Site, pull: Pull): Promise<void> {
  const { person, note } = site
  if ((await waitUntil(site, BACK_MS_MAX, async () => !(await isAway(site)))) === null)
    return note('bad', '', 'serverNotBack', { seconds: BACK_MS_MAX / 1_000 })
  const { startedAtMs, epoch } = await trialsOf(site)
  if (startedAtMs === pull.startedAtMs) {
    for (const { deviceId } of pull.kiosks) await site.api.order(deviceId, { kind: 'end-taps', runId: pull.runId })
    return note('skipped', '', 'serverNotCut', { seconds: CUT_MS_MAX / 1_000 })
  }
  person.tell('serverBack')
  noteMachine(site, pull)
  await noteBack(site)
  const taps = await collect(site, pull)
  const compare = async () => compareTaps(taps, (await trialsOf(site)).tickets)
  await waitUntil(site, HANDED_MS_MAX, async () => (await compare()).missing === 0)
  const { count, missing, doubled } = await compare()
  if (count === 0) note('bad', '', 'numbersNone')
  else if (missing + doubled > 0) note('bad', '', 'numbersLost', { count, missing, doubled })
  else note('good', '', 'numbersKept', { count })
  noteAgain(site, pull, await trialsOf(site))
  if (epoch === pull.epoch) note('good', '', 'sameEpoch')
  else note('told', '', 'otherEpoch')
  await checkLog(site)
}
