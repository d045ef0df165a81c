import type { FastifyBaseLogger, FastifyRequest } from 'fastify'

/** What our own code needs of a logger; Fastify's is one. */
export type Log = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>

/** A request in a log line. Never its query, which may hold a feed ticket, and none of its headers. */
const req = ({ method, url, ip }: FastifyRequest) => ({ method, path: url.split('?', 1)[0], ip })

/** The logger as the server uses it: Fastify looks at `serializers`, also for an address that it cannot decode. */
export const forRequests = (logger: FastifyBaseLogger): FastifyBaseLogger =>
  Object.assign(logger.child({}), { serializers: { req } })
