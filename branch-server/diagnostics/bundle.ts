import { statfsSync, statSync } from 'node:fs'
import { arch, release, type as systemName } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { waitingCountIn } from '#shared/domain/line.ts'
import {
  BUNDLE_BYTES_MAX,
  BUNDLE_TEXT_MAX,
  type BundleLine,
  type DiagnosticsBundle,
  LINES_MAX,
} from '#shared/wire/diagnostics.ts'
import type { Roster } from '../access/roster.ts'
import type { Feed } from '../feed.ts'
import type { CloudStatus } from '../sync/open-sync.ts'
import type { Waist } from '../waist/execute.ts'
import { DATABASE_NAME } from '../waist/open-branch.ts'
import type { LogTail } from './log-tail.ts'
import { scrubLine } from './scrub.ts'

export interface BundleParts {
  readonly waist: Waist
  readonly roster: Pick<Roster, 'devices'>
  readonly feed: Pick<Feed, 'isInContact' | 'readerCount'>
  /** Kiosks of which staff must look at the paper. */
  readonly papers: () => ReadonlyMap<string, 'near-end' | 'out'>
  readonly cloud: () => CloudStatus | null
  readonly speech: () => string
  readonly folder: string
  readonly version: string
  readonly tail: LogTail
  readonly wallMs: () => number
  readonly monotonicMs: () => number
  /** When this program began, by the steady clock. */
  readonly startedMs: number
}

function diskOf(folder: string): DiagnosticsBundle['disk'] {
  const { bavail, bsize } = statfsSync(folder)
  return { freeBytes: bavail * bsize, databaseBytes: statSync(join(folder, DATABASE_NAME)).size }
}

function countsOf({ waist, feed }: BundleParts): DiagnosticsBundle['counts'] {
  const { state } = waist.branch()
  const body = state.catalogue?.body
  return {
    catalogueVersion: state.catalogue?.version ?? 0,
    services: body?.services.length ?? 0,
    queues: body?.queues.length ?? 0,
    counters: body?.counters.length ?? 0,
    agents: body?.agents.length ?? 0,
    livingTickets: state.tickets.size,
    waiting: [...state.lines.values()].reduce((sum, line) => sum + waitingCountIn(line), 0),
    openCounters: state.openCounters.size,
    followers: feed.readerCount(),
  }
}

/** The last lines, and how many are not among them. */
function linesOf({ tail }: BundleParts): { lines: BundleLine[]; leftOut: number } {
  const kept = tail.lines()
  const lines = kept.flatMap((text) => scrubLine(text) ?? []).slice(-LINES_MAX)
  return { lines, leftOut: tail.goneCount() + kept.length - lines.length }
}

/** Another program may pack the same a little larger, and the number of the order goes with it. */
const SLACK_BYTES = 1_024

function fits(bundle: DiagnosticsBundle): boolean {
  const text = JSON.stringify(bundle)
  if (Buffer.byteLength(text) > BUNDLE_TEXT_MAX - SLACK_BYTES) return false
  return gzipSync(text).length <= BUNDLE_BYTES_MAX - SLACK_BYTES
}

/** A cloud would take nothing of one that is too large: its oldest lines are left out, a tenth of them at a time. */
export function fitted(bundle: DiagnosticsBundle): DiagnosticsBundle {
  const { lines, leftOut } = bundle
  if (lines.length === 0 || fits(bundle)) return bundle
  const gone = Math.ceil(lines.length / 10)
  return fitted({ ...bundle, lines: lines.slice(gone), leftOut: leftOut + gone })
}

/** How this branch is, for whoever looks after it: ids, versions and counts, nothing that anybody is called. */
export function makeBundle(parts: BundleParts, cloudAheadMs: number | null): DiagnosticsBundle {
  const { waist, roster, feed, papers, cloud, speech, folder, version, wallMs, monotonicMs, startedMs } = parts
  const { state, head, store } = waist.branch()
  const paperBy = papers()
  const status = cloud()
  return fitted({
    v: 1,
    madeAtMs: Math.floor(wallMs()),
    program: { version, node: process.version, system: `${systemName()} ${release()}`.slice(0, 64), machine: arch() },
    upMs: Math.max(0, Math.floor(monotonicMs() - startedMs)),
    memoryBytes: process.memoryUsage().rss,
    clock: {
      isDoubted: state.clock.isDoubted,
      cloudAheadMs,
      timezone: state.catalogue?.body.branch.timezone ?? 'UTC',
    },
    disk: diskOf(folder),
    log: { epoch: head.epoch, seq: head.seq, epochCount: store.log.epochs().length },
    cloud: { state: status?.state ?? 'none', behind: status?.behind ?? 0 },
    speech: speech(),
    counts: countsOf(parts),
    devices: roster.devices().map(({ deviceId, kind, pairedAtMs }) => {
      const paper = paperBy.get(deviceId)
      const isInContact = feed.isInContact(deviceId)
      return { deviceId, kind, isInContact, pairedAtMs, ...(paper !== undefined && { paper }) }
    }),
    ...linesOf(parts),
  })
}
