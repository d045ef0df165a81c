import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ownAddresses } from '#shared/network/own-addresses.ts'
import type { ReportOf } from '#shared/wire/trials.ts'
import { rounded } from './finding.ts'
import type { Site } from './site.ts'

/** As far apart as a device may be and still be a second source of the time. */
const APART_MS_MAX = 2 * 60_000
const ASKED_MS_MAX = 5_000
/** The quickest of so many answers tells a clock most exactly. */
const LOOKS = 5

const run = promisify(execFile)

/** Whether a network sets this machine's clock; null = it does not say. */
async function isSetByNetwork(): Promise<boolean | null> {
  try {
    const { stdout } = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], { timeout: ASKED_MS_MAX })
    const said = stdout.trim()
    return said === 'yes' ? true : said === 'no' ? false : null
  } catch {
    return null
  }
}

/** On this very machine there is one clock: nothing would be compared. */
const isHere = ({ addresses }: ReportOf<'look'>): boolean => {
  const own = ownAddresses()
  return addresses.length === own.length && addresses.every((address) => own.includes(address))
}

/** The branch's clock, and each device's beside it. */
export async function checkClocks(site: Site): Promise<void> {
  const { api, devices, note, clocks, catalogue } = site
  const { body } = await api.ask<{ status: string }>('GET', '/api/v1/health')
  const zone = catalogue.branch.timezone
  note('told', '', 'clockBranch', { momentMs: Math.floor(clocks.wallMs()), zone })
  if (body.status === 'clock-unsure') note('bad', '', 'clockDoubted')
  const isSet = await isSetByNetwork()
  if (isSet === null) note('told', '', 'ntpUnknown')
  else note(isSet ? 'good' : 'told', '', isSet ? 'ntpYes' : 'ntpNo')
  for (const { deviceId, name } of devices) {
    const looks = await Promise.all(Array.from({ length: LOOKS }, () => api.order(deviceId, { kind: 'look' })))
    const seen = looks.filter((look) => typeof look === 'object').toSorted((a, b) => a.tookMs - b.tookMs)
    const [best] = seen
    if (best === undefined) note('bad', name, looks.includes('away') ? 'deviceAway' : 'deviceSilent')
    else if (isHere(best.report)) note('told', name, 'clockSame')
    else {
      // It read its clock somewhere between the order's leaving and the report's coming.
      const apartMs = best.report.wallMs - (best.atMs - best.tookMs / 2)
      const values = { seconds: rounded(Math.abs(apartMs) / 1_000), errorSeconds: rounded(best.tookMs / 2_000 + 0.05) }
      const isNear = Math.abs(apartMs) <= APART_MS_MAX
      if (isNear) note('good', name, 'clockNear', values)
      else note('bad', name, 'clockFar', { ...values, mostSeconds: APART_MS_MAX / 1_000 })
    }
  }
}
