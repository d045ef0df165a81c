import { Type } from 'typebox'
import type { DayFigures } from '#shared/wait/replay-day.ts'
import { strict } from '#shared/wire/schema.ts'
import type { App, Parts } from '../parts.ts'
import { managersOnly } from './management.ts'

const MANAGEMENT = { doors: ['caller', 'installer'] } as const
const ForecastQuery = Type.Object({ stopAtMs: Type.String({ pattern: '^\\d{1,15}$' }) }, strict)

/** One counter more or less than there were. */
const WhatIfQuery = Type.Object({ counters: Type.Union([Type.Literal('1'), Type.Literal('-1')]) }, strict)

const figuresOf = (figures: DayFigures | undefined): object | null =>
  figures === undefined
    ? null
    : {
        meanWaitMs: figures.meanWaitMs,
        p90WaitMs: figures.p90WaitMs,
        slaShare: figures.withinTargetShare,
        notCalledCount: figures.notCalledCount,
      }

/** What the branch reckons about waiting, and how wrong it has been. */
export function registerWaitRoutes(app: App, parts: Parts): void {
  const { waits } = parts
  const management = { config: MANAGEMENT, preHandler: managersOnly(parts) }
  app.get('/api/v1/waits', { config: { doors: ['kiosk', 'caller', 'display'] } }, () => {
    const { seq, atMs, services, tickets } = waits.now()
    return { seq, atMs, services, tickets: [...tickets].map(([ticketId, estimate]) => ({ ticketId, estimate })) }
  })
  app.get('/api/v1/waits/forecast', { ...management, schema: { querystring: ForecastQuery } }, (request) => ({
    lastLeavesAtMs: waits.lastLeaves(Number(request.query.stopAtMs)),
  }))
  app.get('/api/v1/waits/what-if', { ...management, schema: { querystring: WhatIfQuery } }, (request) => {
    const played = waits.whatIf(request.query.counters === '1' ? 'more' : 'less')
    return { actual: figuresOf(played?.asItWas), changed: figuresOf(played?.changed) }
  })
  // How wrong the branch was is no secret from those who stand before the customers.
  app.get('/api/v1/waits/error', { config: MANAGEMENT }, () => ({ error: waits.error() }))
}
