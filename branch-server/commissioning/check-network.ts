import { isLoopback } from '#shared/http/is-loopback.ts'
import type { ReportOf, TrialAnswer } from '#shared/wire/trials.ts'
import { percentile, rounded } from './finding.ts'
import type { Site, SiteDevice } from './site.ts'

/** Ways there and back, one after the other. */
const LOOKS = 20

async function checkFound({ api, config, note }: Site, { deviceId, name }: SiteDevice): Promise<void> {
  if (isLoopback(config.host)) return note('skipped', name, 'notAsked')
  const answer = await api.order(deviceId, { kind: 'find' })
  if (typeof answer !== 'object') return note('bad', name, answer === 'away' ? 'deviceAway' : 'deviceSilent')
  const [url] = answer.report.urls
  if (url === undefined) note('bad', name, 'notFoundOnNetwork')
  else note('good', name, 'foundOnNetwork', { url, ms: rounded(answer.report.tookMs) })
}

async function checkDevice(site: Site, device: SiteDevice): Promise<void> {
  const { api, note, version } = site
  const { deviceId, name } = device
  const looks: TrialAnswer<ReportOf<'look'>>[] = []
  for (let each = 0; each < LOOKS; each += 1) {
    const answer = await api.order(deviceId, { kind: 'look' })
    if (typeof answer === 'object') looks.push(answer)
    else if (answer === 'away') break
  }
  const [first] = looks
  if (first === undefined) return note('bad', name, 'deviceAway')
  const { report } = first
  const facts = { node: report.node, system: report.system, addresses: report.addresses.join(', ') }
  note('told', name, 'deviceFacts', { version: report.version, ...facts })
  if (report.version !== version)
    note('bad', name, 'deviceOtherVersion', { version: report.version, branchVersion: version })
  if (report.pageCount > 0) note('good', name, 'devicePage')
  else note('bad', name, 'deviceNoPage')
  const took = looks.map(({ tookMs }) => tookMs)
  const lost = LOOKS - looks.length
  const values = { p50: percentile(took, 50), p99: percentile(took, 99), lost, count: LOOKS }
  note(lost === 0 ? 'good' : 'bad', name, 'wayThere', values)
  await checkFound(site, device)
}

/** Each paired device: whether it is there, what it is, how far away, and whether it would find the branch again. */
export async function checkNetwork(site: Site): Promise<void> {
  if (site.devices.length === 0) site.note('skipped', '', 'noDevice')
  for (const device of site.devices) await checkDevice(site, device)
}
