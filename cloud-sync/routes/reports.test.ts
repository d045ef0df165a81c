import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FigureReportAnswer } from '#shared/wire/reports.ts'
import { openApp } from '../open-app.ts'
import type { App } from '../parts.ts'
import { addBranch, addTenant } from '../store/branches.ts'
import { putCatalogue } from '../store/catalogue-rows.ts'
import { openTestStore, silent, type TestStore } from '../testing/test-database.ts'
import { testKey } from '../testing/test-key.ts'

const DATE = '2026-11-27'
const SPAN = `from=2026-11-26&to=${DATE}`

let server: TestStore
let app: App
let key = ''
let slug = ''
let tenantId = ''
let branchId = ''
beforeAll(async () => {
  server = await openTestStore(process.env['TEST_DATABASE_URL'])
  key = await testKey(server.administratorUrl, Date.now())
  app = await openApp({ database: server.database, version: '0', nowMs: () => Date.now() }, silent)
  slug = `bank-${randomUUID().slice(0, 8)}`
  tenantId = (await addTenant(server.database, slug, { fr: 'Banque', ar: 'بنك النهر' })) ?? ''
  branchId = await addBranch(server.database, tenantId, { fr: 'Plateau' }, 'Africa/Dakar')
  const services = [{ id: 'cash', name: { fr: '=1+1', ar: 'سحب النقود' } }]
  await server.database.asTenant(tenantId, async (db) => {
    await putCatalogue(db, { tenantId, branchId }, { version: 1, body: JSON.stringify({ services }) })
    for (const [dimension, id] of [
      ['branch', ''],
      ['hour', '09'],
    ])
      await db.query(
        `insert into rollup values ($1, $3, $2, '${DATE}', $4, 2, 2, 2, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, '{}', '{}', '{}')`,
        [tenantId, branchId, dimension, id],
      )
    for (const [index, waitMs] of [60_000, 700_000].entries())
      await db.query(
        `insert into ticket (tenant_id, branch_id, ticket_id, business_date, number, service_id, status, wait_ms,
           service_ms, issued_hour, target_ms, is_training, passes, body, is_retained, is_set_aside, born_ord, changed_ord)
         values ($1, $2, $3, $4, 'A001', 'cash', 'completed', $5, 90000, 9, 600000, false, '[]', $6, false, false, 1, 1)`,
        [
          ...[tenantId, branchId, `ticket-${index}`, DATE, waitMs],
          JSON.stringify({ facts: { told: { lowMs: 30_000, midMs: 80_000, highMs: 120_000 } } }),
        ],
      )
  })
}, 120_000)
afterAll(async () => {
  await app?.close()
  await server?.close()
})

const ask = (report: string, query: string) =>
  app.inject({ url: `/api/v1/tenants/${slug}/reports/${report}?${query}`, headers: { authorization: `Bearer ${key}` } })

const auditCount = async (): Promise<number> => {
  const [row] = await server.database.asTenant(tenantId, (db) =>
    db.query<{ count: string }>('select count(*) from audit_entry where tenant_id = $1 and body like $2', [
      ...[tenantId, '%FiguresExported%'],
    ]),
  )
  return Number(row?.count)
}

test('a report says what was measured, how exactly, and how true the ranges were that customers were told', async () => {
  const answer = (await ask('wait-times', `${SPAN}&compareFrom=2026-11-24`)).json<FigureReportAnswer>()
  expect(answer.total).toMatchObject({ issuedCount: 2, slaCompliance: 0.5, slaCount: 2, completionRate: 1 })
  expect(answer.total.wait).toEqual({ count: 2, meanMs: 380_000, medianMs: 60_000, p90Ms: 700_000 })
  expect(answer).toMatchObject({ medianErrorMax: 0, linesBy: 'service', comparison: { total: { issuedCount: 0 } } })
  expect(answer.branches).toMatchObject([{ id: branchId, timeZone: 'Africa/Dakar', heardAtMs: null }])
  expect(answer.days.map(({ id }) => id)).toEqual([DATE])
  expect(answer.heatMap).toMatchObject([{ weekday: 5, hour: 9, dayCount: 1, issuedCount: 2 }])
  expect(answer.waitBands.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0, 1])
  expect(answer.rangeError).toEqual({
    ...{ count: 2, biasMs: -300_000, absoluteErrorMs: 320_000, insideShare: 0.5, aboveShare: 0.5 },
  })
})

test('a table opens in a spreadsheet as it is, and no name in it is a formula', async () => {
  const before = await auditCount()
  const answer = await ask('wait-times', `${SPAN}&format=csv`)
  expect(answer.headers['content-type']).toContain('text/csv')
  expect(answer.headers['content-disposition']).toContain('smartqueue-wait-times-2026-11-26-2026-11-27.csv')
  expect([...answer.rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const lines = answer.payload.slice(1).split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[1]).toMatch(/^cash,'=1\+1,2,2,2,/)
  // Whoever takes figures away is in the audit; whoever looks at them is not.
  expect(await auditCount()).toBe(before + 1)
  await ask('wait-times', SPAN)
  expect(await auditCount()).toBe(before + 1)
})

test('a report is a paper in each language, with its letters in it', async () => {
  for (const language of ['fr', 'en', 'ar']) {
    const answer = await ask('wait-times', `${SPAN}&format=pdf&language=${language}`)
    expect(answer.headers['content-type']).toBe('application/pdf')
    expect(answer.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect(answer.rawPayload.includes('/Count 1')).toBe(true)
    const isArabicInIt = /\/BaseFont \/\w+\+NotoSansArabic/.test(answer.rawPayload.toString('latin1'))
    expect(isArabicInIt, language).toBe(language === 'ar')
    if (process.env['REPORT_PAPERS'] !== undefined)
      writeFileSync(join(process.env['REPORT_PAPERS'], `${language}.pdf`), answer.rawPayload)
  }
})

test('nobody has been asked how content she is, and no figure says otherwise', async () => {
  const none = { isCollected: false, answerCount: 0, csat: null, meanScore: null, npsCount: 0, nps: null }
  expect((await ask('satisfaction', SPAN)).json()).toMatchObject(none)
  expect((await ask('satisfaction', `${SPAN}&format=csv`)).payload).toContain(',false,0,,,0,')
  expect((await ask('satisfaction', `${SPAN}&format=pdf`)).statusCode).toBe(400)
})

test('what cannot be answered is refused with a reason', async () => {
  const refused = async (query: string): Promise<unknown> => (await ask('queue-stats', query)).json()
  for (const query of [
    'from=2026-11-28&to=2026-11-27',
    'from=2025-01-01&to=2026-01-02',
    `${SPAN}&service=cash&agent=awa`,
    `${SPAN}&branch=nowhere`,
    'from=2026-02-30&to=2026-03-01',
  ])
    expect(await refused(query), query).toMatchObject({ code: 'RequestInvalid' })
  expect(await refused(`${SPAN}&branch=${randomUUID()}`)).toMatchObject({ code: 'BranchUnknown' })
  expect((await ask('queue-stats', 'from=2025-01-01&to=2026-01-01')).statusCode).toBe(200)
})
