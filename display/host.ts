import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { type HostOptions, type RunningHost, startHost } from '#shared/host/start-host.ts'
import { openClipShelf } from '#shared/speech/clip-shelf.ts'
import { wholeWav } from '#shared/speech/wav.ts'
import { problem } from '#shared/wire/problem.ts'
import { HashParams, PhraseParams, PhraseQuery } from '#shared/wire/voice.ts'
import { keepMedia } from './media/keep-media.ts'
import { type FetchAhead, fetchAhead } from './voice/fetch-ahead.ts'

/** Some thousand phrases: what a lobby calls in a day, and the recorded voices. */
const CLIP_BYTES_MAX = 64 * 1024 * 1024
const PATH = '/local/v1/voice/'

function registerVoice(app: FastifyInstance, ahead: FetchAhead): void {
  app.get<{ Querystring: { readonly version?: string } }>('/local/v1/voice', ({ query }) => ahead.packs(query.version))
  const routes = [
    ['clips/:hash', { params: HashParams }],
    ['phrases/:language/:kind/:value', { params: PhraseParams, querystring: PhraseQuery }],
  ] as const
  for (const [path, schema] of routes)
    app.get(PATH + path, { schema }, async ({ url }, reply) => {
      const sound = await ahead.sound(url.slice(PATH.length))
      if (typeof sound !== 'string') return reply.type('audio/wav').header('cache-control', 'no-store').send(sound)
      const refused = problem(sound)
      return reply.code(refused.status).send(refused)
    })
}

/** Starts the display's host: it keeps what may be said on its own disk, before it is called. */
export function startDisplayHost(options: Omit<HostOptions, 'extend'>): Promise<RunningHost> {
  const { logger: log, config } = options
  return startHost({
    ...options,
    extend(app, host) {
      const folder = join(config.folder, 'voice')
      const shelf = openClipShelf({
        folder,
        bytesMax: CLIP_BYTES_MAX,
        isWhole: (clip) => wholeWav(clip)?.equals(clip) === true,
        onFault: (error) => log.warn({ err: error }, 'a clip could not be kept or read; it is fetched again'),
      })
      const ahead = fetchAhead({ host, shelf, file: join(folder, 'packs.json'), log })
      registerVoice(app, ahead)
      keepMedia(app, host, join(config.folder, 'media'), log)
      app.addHook('onClose', async () => ahead.close())
      return () => ({})
    },
  })
}
