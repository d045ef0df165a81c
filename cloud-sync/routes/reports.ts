import type { FastifyReply } from 'fastify'
import { LANGUAGES, type Language } from '#shared/domain/ids.ts'
import { BYTE_ORDER_MARK } from '#shared/project/csv.ts'
import { figuresCsv } from '#shared/project/figure-report.ts'
import { type Problem, problem } from '#shared/wire/problem.ts'
import {
  type FigureReportAnswer,
  LINES_BY,
  REPORT_BRANCHES_MAX,
  REPORT_DAYS_MAX,
  REPORTS,
  ReportQuery,
  type SatisfactionAnswer,
} from '#shared/wire/reports.ts'
import type { App, Parts } from '../parts.ts'
import { dayCountOf, type FigureQuestion, figureReport } from '../reports/figure-report.ts'
import { PAPER_LINES_MAX, paperReport, satisfactionCsv, type Telling, tableReport } from '../reports/on-paper.ts'
import { type Names, tenantOf } from '../store/branches.ts'
import type { Database } from '../store/database.ts'
import { readReportedBranches } from '../store/report-rows.ts'
import { TenantParams } from './params.ts'

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', pdf: 'application/pdf' } as const

function send(reply: FastifyReply, made: string | Uint8Array, name: string, format: 'csv' | 'pdf'): FastifyReply {
  return reply
    .type(TYPES[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'no-store')
    .send(made)
}

/** What of a question cannot be answered, whoever asks; null: nothing. */
function faultOf({ from, to, ...query }: ReportQuery): string | null {
  if (from > to) return 'from must not be later than to'
  if (dayCountOf(from, to) > REPORT_DAYS_MAX) return `A report is of ${REPORT_DAYS_MAX} days at most`
  if (LINES_BY.filter((by) => query[by] !== undefined).length > 1)
    return 'Figures are of one service, one queue or one agent: no sum is kept of two of them together'
  return null
}

function ofOne(query: ReportQuery): FigureQuestion['of'] {
  const by = LINES_BY.find((each) => query[each] !== undefined)
  return by === undefined ? null : { by, id: query[by] ?? '' }
}

interface Found {
  readonly answer: FigureReportAnswer
  readonly names: Names
  readonly timeZone: string
}

const nothingFound = (query: ReportQuery): Problem =>
  query.branch === undefined ? problem('TenantUnknown') : problem('BranchUnknown', { about: query.branch })

/** @returns what is in the way, or the report and by what it is titled */
async function find(
  database: Database,
  tenantId: string,
  report: FigureQuestion['report'],
  query: ReportQuery,
): Promise<Found | Problem> {
  const { from, to, branch = null, compareFrom = null } = query
  return database.asTenant(tenantId, async (db) => {
    const countMax = REPORT_BRANCHES_MAX + 1
    const branches = await readReportedBranches(db, tenantId, { branchId: branch, countMax })
    if (branches.length > REPORT_BRANCHES_MAX)
      return problem('RequestInvalid', { detail: `The tenant has more than ${REPORT_BRANCHES_MAX} branches: name one` })
    const [tenant] = await db.query<{ name: Names }>('select name from tenant where tenant_id = $1', [tenantId])
    if (tenant === undefined || (branch !== null && branches.length === 0)) return nothingFound(query)
    const answer = await figureReport(db, { tenantId, report, branches, from, to, compareFrom, of: ofOne(query) })
    const zones = new Set(branches.map(({ timeZone }) => timeZone))
    const names = branch === null ? tenant.name : (branches[0]?.name ?? tenant.name)
    return { answer, names, timeZone: zones.size === 1 ? ([...zones][0] ?? 'UTC') : 'UTC' }
  })
}

const inLanguage = (names: Names, language: Language): string =>
  names[language] ?? LANGUAGES.map((other) => names[other]).find((name) => name !== undefined) ?? ''

/** Nobody asks customers yet. */
const noAnswers = ({ from, to }: ReportQuery): SatisfactionAnswer => ({
  ...{ report: 'satisfaction', from, to, isCollected: false },
  ...{ answerCount: 0, csat: null, meanScore: null, npsCount: 0, nps: null },
})

async function toldAs(
  found: Found,
  { format, language = 'fr', table = 'lines' }: ReportQuery,
  nowMs: number,
): Promise<string | Uint8Array | Problem> {
  const told: Telling = { language, title: inLanguage(found.names, language), timeZone: found.timeZone }
  if (format === 'csv') return BYTE_ORDER_MARK + figuresCsv(tableReport(found.answer, table, told), language)
  const paper = paperReport(found.answer, told)
  if (paper === null)
    return problem('RequestInvalid', {
      detail: `It has more than ${PAPER_LINES_MAX} lines: ask for CSV, or for one branch`,
    })
  // Only who wants paper pays for what draws it.
  const { figuresPdf } = await import('#shared/pdf/figures-pdf.ts')
  return figuresPdf(paper, language, nowMs)
}

const isProblem = (it: object | string): it is Problem => typeof it === 'object' && 'code' in it

/** The figures of a tenant's branches, for head office. */
export function registerReportRoutes(app: App, { database, nowMs }: Parts): void {
  for (const report of REPORTS)
    app.get(
      `/api/v1/tenants/:slug/reports/${report}`,
      {
        config: { door: 'person', scope: 'read:reports', audit: 'FiguresExported' },
        schema: { params: TenantParams, querystring: ReportQuery },
      },
      async (request, reply) => {
        const { query, params } = request
        const fault = faultOf(query)
        if (fault !== null) return reply.code(400).send(problem('RequestInvalid', { detail: fault }))
        const tenantId = await tenantOf(database, params.slug)
        if (tenantId === null) return reply.code(404).send(problem('TenantUnknown'))
        const { format = 'json', from, to } = query
        // What a page shows is no export.
        if (format === 'json') request.audit.settle()
        const name = `smartqueue-${report}-${from}-${to}`
        if (report === 'satisfaction') {
          const answer = noAnswers(query)
          if (format === 'json') return answer
          if (format === 'csv') return send(reply, BYTE_ORDER_MARK + satisfactionCsv(answer), name, format)
          return reply.code(400).send(problem('RequestInvalid', { detail: 'There is no answer to draw yet' }))
        }
        const found = await find(database, tenantId, report, query)
        if (isProblem(found)) return reply.code(found.status).send(found)
        if (format === 'json') return found.answer
        const made = await toldAs(found, query, nowMs())
        if (isProblem(made)) return reply.code(made.status).send(made)
        return send(reply, made, name, format)
      },
    )
}
