import type { FastifyBaseLogger, FastifyRequest } from 'fastify'

/**
 * What a log line says of a request. Never its query, which may hold a feed ticket, and none of its headers.
 */
export const requestSerializers = {
  req: ({ method, url, ip }: FastifyRequest) => ({ method, path: url.split('?', 1)[0], ip }),
}

/** What our own code needs of a logger; Fastify's is one. */
export type Log = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
