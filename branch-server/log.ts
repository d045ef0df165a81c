import type { FastifyBaseLogger } from 'fastify'

/** What our own code needs of a logger; Fastify's is one. */
export type Log = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
