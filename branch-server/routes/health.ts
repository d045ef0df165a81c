import { Type } from 'typebox'
import { managerOrInstaller } from '#shared/domain/authority.ts'
import { waitingCountIn } from '#shared/domain/line.ts'
import type { BranchState } from '#shared/domain/state.ts'
import { madeOnce } from '#shared/http/made-once.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { Bearer } from '../access/roster.ts'
import type { BackupHealth, Nightly } from '../background/nightly.ts'
import type { JumpBook } from '../books/jump-book.ts'
import type { App, Parts } from '../parts.ts'

const HealthQuery = Type.Object(
  { challenge: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{16,128}$' })) },
  strict,
)

const isLoopback = (ip: string): boolean => ip === '::1' || ip.startsWith('127.') || ip.startsWith('::ffff:127.')

/** Everybody is told that something is wrong and what it is called; where things lie, who looks after the branch. */
function backupFor(nightly: Nightly, state: BranchState, bearer: Bearer | null): Partial<BackupHealth> {
  const { detail, ...told } = nightly.health()
  return looksAfter(state, bearer) ? { ...told, detail } : told
}

const looksAfter = (state: BranchState, bearer: Bearer | null): boolean =>
  bearer !== null && managerOrInstaller(state, bearer.origin).ok

/** How often the numbers jumped at a device's word within a day, and how often that was refused. */
function jumpsFor(jumps: JumpBook, state: BranchState, bearer: Bearer | null) {
  const { lastDevice, ...counts } = jumps.ofDay()
  return looksAfter(state, bearer) ? { ...counts, lastDevice } : counts
}

export function registerHealthRoutes(app: App, parts: Parts): void {
  const { waist, feed, keys, version, nightly, voice, displayMedia, jumps, sync } = parts
  app.get('/api/v1/health', { config: { doors: 'open' }, schema: { querystring: HealthQuery } }, (request) => {
    const { state } = waist.branch()
    const { challenge } = request.query
    return {
      status: state.clock.isDoubted ? 'clock-unsure' : 'ok',
      role: 'branch',
      version,
      speech: voice.state(),
      ...(sync.status() !== null && { cloud: sync.status() }),
      jumps: jumpsFor(jumps, state, request.bearer),
      ...(nightly === null ? {} : { backup: backupFor(nightly, state, request.bearer) }),
      // Displays go on without them; whoever looks after the branch should know.
      ...(displayMedia.faultCount() > 0 && { mediaFaults: displayMedia.faultCount() }),
      // Whoever paired with this branch knows its key; the signature proves that it is still the same branch.
      publicKey: keys.publicKey,
      ...(sync.succession() !== null && { succession: sync.succession() }),
      ...(challenge === undefined ? {} : { signature: keys.sign(challenge) }),
    }
  })
  registerMetrics(app, parts, feed.readerCount)
}

/** Made when somebody first asks for it: its library is a seventh of the server's memory, and few branches are scraped. */
function registerMetrics(app: App, { waist, voice }: Parts, readerCount: () => number): void {
  let eventCount = 0
  waist.onCommit((frames) => {
    eventCount += frames.length
  })
  const waitingCount = (): number =>
    [...waist.branch().state.lines.values()].reduce((sum, line) => sum + waitingCountIn(line), 0)
  const metrics = madeOnce(async () =>
    (await import('../metrics.ts')).createMetrics({
      ...{ eventCount: () => eventCount, readerCount, waitingCount, voiceCounts: voice.turns.counts },
    }),
  )
  app.get('/metrics', { config: { doors: 'open' }, schema: { hide: true } }, async (request, reply) => {
    const mayRead = isLoopback(request.ip) || request.bearer?.origin.kind === 'installer'
    if (!mayRead) return reply.code(401).send(problem('Unauthorized'))
    const register = await metrics()
    return reply.type(register.contentType).send(await register.metrics())
  })
}
