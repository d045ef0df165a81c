import type { FastifyContextConfig, FastifyRequest } from 'fastify'
import { NOT_AUDITED } from '#shared/audit/operations.ts'
import { type Door, originOf } from './doors.ts'

const MINUTE_MS = 60_000
/** Changes are rare; a printer that flickers, or a screen that comes and goes, must not keep the branch busy. */
const REPORTS_PER_MINUTE_MAX = 60

/** So many requests a minute of each device: behind a door, where it is known which one asks. */
export const paceOfDevice = (max: number): NonNullable<FastifyContextConfig['rateLimit']> => ({
  max,
  timeWindow: MINUTE_MS,
  hook: 'preHandler',
  keyGenerator: (request: FastifyRequest) => originOf(request).deviceId,
})

/** For what a device tells of itself. */
export const reportConfig = (...doors: readonly Door[]) => ({
  doors,
  rateLimit: paceOfDevice(REPORTS_PER_MINUTE_MAX),
  audit: NOT_AUDITED.upkeep,
})
