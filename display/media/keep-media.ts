import type { FastifyInstance } from 'fastify'
import type { PlaylistEntry } from '#shared/domain/catalogue.ts'
import { displaySettingsOf, withProgramme } from '#shared/domain/catalogue-defaults.ts'
import type { DeviceHost } from '#shared/host/device-host.ts'
import type { HostLog } from '#shared/host/host-log.ts'
import { tellBranch } from '#shared/host/tell-branch.ts'
import { UnreachableError } from '#shared/host/unreachable.ts'
import { sendFile } from '#shared/http/send-file.ts'
import { DISPLAY_MEDIA_TOLD_MS, MediaParams } from '#shared/wire/media.ts'
import { problem } from '#shared/wire/problem.ts'
import { type FetchedRange, type MediaMirror, openMediaMirror } from './mirror.ts'
import { keepProgramme, type ProgrammeKeeper } from './programme.ts'

/** What is missing is looked for again so often, beside each time that something changes. */
const KEEP_UP_MS = 15_000
/** Whoever has just put a film on a display stands before it and waits. */
const PROGRAMME_MS = 5_000
/** One range on a slow line. */
const FETCH_MS_MAX = 20_000
const CODES_UNKNOWN: readonly number[] = [404, 410]

/**
 * What this display plays, by the name it was paired under; null: nothing is known of the branch.
 * @param own - what a manager has put on it
 */
function wantedBy(host: DeviceHost, own: readonly PlaylistEntry[] | null): readonly string[] | null {
  const catalogue = host.store.seen()?.state.catalogue?.body
  const pairing = host.pairing()
  if (catalogue === undefined || pairing === null) return null
  const { playlist, layout } = withProgramme(displaySettingsOf(catalogue, pairing.name), own)
  return layout.side === 'media' || layout.side === 'turns' ? playlist.map(({ mediaId }) => mediaId) : []
}

/** @throws UnreachableError */
async function fetchRange(host: DeviceHost, mediaId: string, from: number, to: number): Promise<FetchedRange | null> {
  const path = `/api/v1/media/${mediaId}`
  const answer = await host.ask({ method: 'GET', path, range: `bytes=${from}-${to}`, timeoutMs: FETCH_MS_MAX })
  if (CODES_UNKNOWN.includes(answer.status)) return null
  const { file, status } = answer
  if (file === undefined || status !== 206) throw new UnreachableError(`the branch answered ${status} for a file`)
  return { bytes: file.bytes, of: Number(file.range?.split('/')[1] ?? 0) }
}

function registerMedia(app: FastifyInstance, mirror: MediaMirror, programme: ProgrammeKeeper): void {
  app.get('/local/v1/media', () => ({ media: mirror.list(), programme: programme.own() }))
  app.get('/local/v1/media/:mediaId', { schema: { params: MediaParams } }, async (request, reply) => {
    const { mediaId } = request.params as { mediaId: string }
    const found = mirror.fileOf(mediaId)
    if (found === null) return reply.code(404).send(problem('MediaUnknown'))
    return sendFile(request, reply, found.file, found.type)
  })
  app.post('/local/v1/media/:mediaId/broken', { schema: { params: MediaParams } }, async (request) => {
    const { mediaId } = request.params as { mediaId: string }
    await mirror.doubt(mediaId)
    return { mediaId }
  })
}

/**
 * Keeps the files of this display's playlist, serves them to its page, and tells the branch what is missing.
 * @param folder - where they lie
 */
export function keepMedia(app: FastifyInstance, host: DeviceHost, folder: string, log: HostLog): void {
  let mirror: MediaMirror | null = null
  const programme = keepProgramme(host, `${folder}-programme.json`, log)
  const teller = tellBranch({
    host,
    path: '/api/v1/devices/self/media',
    everyMs: DISPLAY_MEDIA_TOLD_MS,
    body() {
      const list = mirror?.list() ?? []
      const idsOf = (state: string) => list.filter((it) => it.state === state).map(({ mediaId }) => mediaId)
      return { missingIds: idsOf('missing'), brokenIds: idsOf('broken') }
    },
    log,
  })
  mirror = openMediaMirror({
    folder,
    log,
    wanted: () => wantedBy(host, programme.own()),
    fetchRange: (mediaId, from, to) => fetchRange(host, mediaId, from, to),
    onChange: teller.tellNow,
  })
  const keepUp = (): void => void programme.refresh().then(() => mirror?.keepUp())
  const keepProgrammed = (): void => void programme.refresh().then((isNew) => (isNew ? mirror?.keepUp() : undefined))
  const timers = [setInterval(keepUp, KEEP_UP_MS), setInterval(keepProgrammed, PROGRAMME_MS)]
  const stop = host.onNews((news) => {
    const isNew = news.type === 'restart' || (news.type === 'event' && news.event.type === 'CatalogueApplied')
    if (isNew || (news.type === 'link' && news.link === 'up')) keepUp()
  })
  keepUp()
  app.addHook('onClose', async () => {
    for (const timer of timers) clearInterval(timer)
    stop()
    teller.close()
  })
  registerMedia(app, mirror, programme)
}
