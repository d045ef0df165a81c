import type { FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { LANGUAGES } from '#shared/domain/ids.ts'
import { REPORT_BYS, type ReportBy } from '#shared/project/figure-report.ts'
import { problem } from '#shared/wire/problem.ts'
import { strict } from '#shared/wire/schema.ts'
import type { FigureTask } from '../background/tasks.ts'
import type { App, Parts } from '../parts.ts'
import { managersOnly } from './management.ts'

const MANAGEMENT = { doors: ['caller', 'installer'] } as const
const Span = { from: Type.String({ format: 'date' }), to: Type.String({ format: 'date' }) }
const DaysQuery = Type.Object(Span, strict)
const FiguresQuery = Type.Object(
  {
    ...Span,
    by: Type.Optional(Type.Union(REPORT_BYS.map((by) => Type.Literal(by)))),
    format: Type.Optional(Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('pdf')])),
    language: Type.Optional(Type.Union(LANGUAGES.map((language) => Type.Literal(language)))),
  },
  strict,
)
type FiguresQuery = Static<typeof FiguresQuery>

/** A day on one sheet; its agents only where they are asked for. */
const DAY_TABLES: readonly ReportBy[] = ['service', 'queue', 'counter', 'hour']

const JSON_TYPE = 'application/json; charset=utf-8'

function send(
  reply: FastifyReply,
  format: FigureTask['format'],
  made: string | Uint8Array,
  name: string,
): FastifyReply {
  if (format === 'json' || format === 'today') return reply.type(JSON_TYPE).send(made)
  const type = { csv: 'text/csv; charset=utf-8; header=present', pdf: 'application/pdf' }[format]
  return reply.type(type).header('content-disposition', `attachment; filename="${name}.${format}"`).send(made)
}

function figureTask(parts: Parts, query: FiguresQuery): FigureTask {
  const { from, to, by, format = 'json', language = null } = query
  const bys = by === undefined ? (format === 'pdf' ? DAY_TABLES : (['service'] as const)) : [by]
  const { steadyMs, wallMs } = parts.readClock()
  return { from, to, bys, format, language, steadyMs, nowMs: wallMs }
}

export function registerReportRoutes(app: App, parts: Parts): void {
  const { worker, waist } = parts
  const management = { config: MANAGEMENT, preHandler: managersOnly(parts) }
  app.get('/api/v1/reports/days', { ...management, schema: { querystring: DaysQuery } }, async (request, reply) =>
    reply.type(JSON_TYPE).send(await worker.report(request.query)),
  )
  app.get('/api/v1/reports/today', management, async (_, reply) => {
    const date = waist.branch().state.day?.date
    if (date === undefined) return { date: null }
    const { steadyMs, wallMs } = parts.readClock()
    const task = {
      from: date,
      to: date,
      bys: [...DAY_TABLES, 'agent'],
      format: 'today',
      language: null,
      steadyMs,
      nowMs: wallMs,
    } as const
    return send(reply, 'today', await worker.figures(task), '')
  })
  app.get(
    '/api/v1/reports/figures',
    { ...management, config: { ...MANAGEMENT, audit: 'FiguresExported' }, schema: { querystring: FiguresQuery } },
    async (request, reply) => {
      const { from, to } = request.query
      if (from > to)
        return reply.code(400).send(problem('RequestInvalid', { detail: 'from must not be later than to' }))
      const task = figureTask(parts, request.query)
      // What a page shows is no export.
      request.isAuditSettled = task.format === 'json'
      return send(reply, task.format, await worker.figures(task), `smartqueue-${task.bys[0]}-${from}-${to}`)
    },
  )
}
