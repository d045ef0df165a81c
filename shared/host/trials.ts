import { readFileSync, statfsSync } from 'node:fs'
import { release, type as systemName } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { v7 as newKey } from 'uuid'
import type { Clocks } from '../domain/clock.ts'
import { ownAddresses } from '../network/own-addresses.ts'
import { problem } from '../wire/problem.ts'
import { FOUND_MAX, type ReportOf, TrialParams, TrialReport } from '../wire/trials.ts'
import { proveBranch } from './branch-client.ts'
import type { DeviceHost } from './device-host.ts'
import type { HostLog } from './host-log.ts'
import { fingerprintOfBranch, type Pairing } from './pairing.ts'
import { searchNetwork } from './search-network.ts'
import { UnreachableError } from './unreachable.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Tells the branch what came of an order. A branch that went away meanwhile asks again when it is back. */
export async function tellTrial(
  host: Pick<DeviceHost, 'ask'>,
  trialId: string,
  report: TrialReport,
  log: HostLog,
): Promise<void> {
  const path = `/api/v1/devices/self/trials/${trialId}`
  try {
    const { status } = await host.ask({ method: 'POST', path, body: JSON.stringify(report), key: newKey() })
    if (status !== 200) log.warn({ status, kind: report.kind }, 'nobody waited for what was tried out')
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error
    log.warn({ err: error, kind: report.kind }, 'the branch did not hear what came of a trial')
  }
}

export interface TrialParts {
  readonly host: DeviceHost
  readonly folder: string
  readonly clocks: Clocks
  readonly log: HostLog
  /** Tests hand in their own network. */
  readonly search?: typeof searchNetwork
  readonly prove?: (pairing: Pairing) => Promise<void>
}

/** The device as it is at this instant. */
function look({ folder, clocks }: TrialParts, pageCount: number): ReportOf<'look'> {
  const { bavail, bsize } = statfsSync(folder)
  return {
    kind: 'look',
    wallMs: Math.max(0, Math.floor(clocks.wallMs())),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    version,
    node: process.version,
    system: `${systemName()} ${release()}`.slice(0, 64),
    addresses: ownAddresses().slice(0, 16),
    freeBytes: bavail * bsize,
    pageCount,
  }
}

/** Where this device would find its branch if it had lost the address: only where the branch's own key is proved. */
async function find({
  host,
  clocks,
  search = searchNetwork,
  prove = proveBranch,
}: TrialParts): Promise<ReportOf<'find'>> {
  const startedMs = clocks.monotonicMs()
  const paired = host.pairing()
  const url = await search(async ({ url: branchUrl, fingerprint }) => {
    // What somebody says of himself on the network is no more than a reason to look there.
    if (paired === null || fingerprint !== fingerprintOfBranch(paired.branchKey)) return null
    try {
      await prove({ ...paired, branchUrl })
      return branchUrl
    } catch (error) {
      if (error instanceof UnreachableError) return null
      throw error
    }
  })
  const urls = url === null ? [] : [url]
  return { kind: 'find', urls: urls.slice(0, FOUND_MAX), tookMs: clocks.monotonicMs() - startedMs }
}

const NOT_PAINTED: ReportOf<'paint'> = { kind: 'paint', painted: false, seq: 0, rung: 0 }

/** Does what every device can do for the installer who tries it out; what a page has to do goes to the page. */
export function answerTrials(app: FastifyInstance, parts: TrialParts): void {
  const { host, log } = parts
  const pageCount = (): number => app.websocketServer.clients.size
  const tell = (trialId: string, report: TrialReport): void => void tellTrial(host, trialId, report, log)
  const stop = host.onNews((news) => {
    if (news.type !== 'trial') return
    const { trialId, order } = news
    if (order.kind === 'look') tell(trialId, look(parts, pageCount()))
    // With a page open, the page tells what it painted.
    if (order.kind === 'paint' && pageCount() === 0) tell(trialId, NOT_PAINTED)
    if (order.kind === 'find')
      find(parts).then(
        (report) => tell(trialId, report),
        (error: unknown) => log.error({ err: error }, 'looking for the branch threw'),
      )
  })
  app.post('/local/v1/trials/:trialId', { schema: { params: TrialParams, body: TrialReport } }, (request, reply) => {
    const { trialId } = request.params as { trialId: string }
    const report = request.body as TrialReport
    // A page speaks for its screen alone.
    if (report.kind !== 'paint') return reply.code(400).send(problem('RequestInvalid'))
    tell(trialId, report)
    return reply.code(200).send({ trialId })
  })
  app.addHook('onClose', async () => void stop())
}
