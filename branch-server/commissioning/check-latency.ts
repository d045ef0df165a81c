import type { Problem } from '#shared/wire/problem.ts'
import type { RoundAnswer, RoundRefused } from '#shared/wire/trials.ts'
import { percentile } from './finding.ts'
import { present, type Site, type SiteDevice, serviceFor } from './site.ts'

/** What a person in front of the screen takes for at once. */
const SHOWN_MS_MAX = 1_000

/** The bare way to each device and back, on the same lines, with nothing committed and nothing new to draw. */
async function bareWays({ api, pace }: Site, { deviceId, kind }: SiteDevice): Promise<readonly number[]> {
  const took: number[] = []
  for (let each = 0; each < pace.rounds; each += 1) {
    const answer =
      kind === 'display'
        ? await api.order(deviceId, { kind: 'paint', code: null, rings: 0, forMs: 0 })
        : await api.order(deviceId, { kind: 'look' })
    if (typeof answer === 'object') took.push(answer.tookMs)
  }
  return took
}

function noteDisplay(
  { note }: Site,
  { deviceId, name }: SiteDevice,
  rounds: readonly RoundAnswer[],
  bare: readonly number[],
): void {
  const seen = rounds.flatMap(({ tapMs, shownMs }) => {
    const ms = shownMs[deviceId] ?? null
    return ms === null ? [] : [{ shownMs: ms, wholeMs: tapMs + ms }]
  })
  const lost = rounds.length - seen.length
  if (lost > 0) note('bad', name, 'shownNever', { lost, count: rounds.length })
  if (seen.length === 0) return
  const shown = seen.map(({ shownMs }) => shownMs)
  const whole = seen.map(({ wholeMs }) => wholeMs)
  note('told', name, 'commitShown', {
    p50: percentile(shown, 50),
    p99: percentile(shown, 99),
    bareP50: percentile(bare, 50),
    bareP99: percentile(bare, 99),
  })
  const p99 = percentile(whole, 99)
  const values = { p50: percentile(whole, 50), p99, mostMs: SHOWN_MS_MAX }
  note(p99 <= SHOWN_MS_MAX ? 'good' : 'bad', name, 'tapShown', values)
}

async function checkKiosk(site: Site, kiosk: SiteDevice, displays: readonly SiteDevice[], serviceId: string) {
  const { api, note, pace } = site
  const rounds: RoundAnswer[] = []
  let reason = ''
  for (let each = 0; each < pace.rounds; each += 1) {
    const displayIds = displays.map(({ deviceId }) => deviceId)
    const body = { kioskId: kiosk.deviceId, displayIds, serviceId }
    const answer = await api.ask<RoundAnswer | RoundRefused | Problem>('POST', '/api/v1/trials/rounds', body)
    if ('tapMs' in answer.body) rounds.push(answer.body)
    else reason = 'refusal' in answer.body ? answer.body.refusal : answer.body.code
  }
  const lost = pace.rounds - rounds.length
  if (lost > 0) note('bad', kiosk.name, 'roundsFailed', { lost, count: pace.rounds, reason })
  const taps = rounds.map(({ tapMs }) => tapMs)
  const bare = await bareWays(site, kiosk)
  const values = { p50: percentile(taps, 50), p99: percentile(taps, 99), count: taps.length }
  if (taps.length > 0)
    note('told', kiosk.name, 'tapAnswer', { ...values, bareP50: percentile(bare, 50), bareP99: percentile(bare, 99) })
  return rounds
}

/** Test tickets at each kiosk, from the tap to every screen, beside the bare way there and back. */
export async function checkLatency(site: Site): Promise<void> {
  const serviceId = serviceFor(site)
  if (serviceId === null) return
  const [kiosks, displays] = [await present(site, 'kiosk'), await present(site, 'display')]
  if (kiosks.length === 0) return
  site.person.tell('measuring', { count: site.pace.rounds * kiosks.length })
  const rounds: RoundAnswer[] = []
  for (const kiosk of kiosks) rounds.push(...(await checkKiosk(site, kiosk, displays, serviceId)))
  for (const display of displays) noteDisplay(site, display, rounds, await bareWays(site, display))
}
