import { constants, zstdDecompressSync } from 'node:zlib'
import type { App } from '../parts.ts'

/** What a compressed body may become; a few bytes could stand for all of our memory. */
const BODY_BYTES_MAX = 16 * 1024 * 1024

/**
 * JSON, plain or compressed by zstd; the bytes as they came are kept, for they are what was signed. Nothing is unfolded for
 * somebody whom no door has let in, and nothing is read that no route asks for.
 */
export function registerBodies(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const raw = bytes as Buffer
    request.rawBody = raw
    if (raw.length === 0 || request.is404) return done(null, {})
    const isCompressed = request.headers['content-encoding'] === 'zstd'
    const { door = 'open' } = request.routeOptions.config
    if (isCompressed && door === 'open')
      return done(
        Object.assign(new Error('Here a body comes as it is'), {
          statusCode: 415,
          code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE',
        }),
      )
    try {
      const text = isCompressed
        ? zstdDecompressSync(raw, {
            maxOutputLength: BODY_BYTES_MAX,
            params: { [constants.ZSTD_d_windowLogMax]: 23 },
          })
        : raw
      return done(null, JSON.parse(text.toString()))
    } catch (error) {
      return done(
        Object.assign(new Error('The body is no JSON, or unfolds to too much'), { statusCode: 400, cause: error }),
      )
    }
  })
}
