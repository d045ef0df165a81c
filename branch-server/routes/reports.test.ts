import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, MINUTE } from '#shared/domain/testing/fake-clock.ts'
import type { FigureLine } from '#shared/project/figure-report.ts'
import type { Figures } from '#shared/project/figures.ts'
import { sentBank } from '../testing/bank-catalogue.ts'
import type { Client } from '../testing/client.ts'
import { type Desk, openDesk } from '../testing/desk.ts'

interface Report {
  readonly total: Figures
  readonly rows: readonly FigureLine[]
  readonly medianErrorMax: number
  readonly runningDate: string | null
}

const MONDAY = '2026-11-23'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  const { clock } = desk.branch
  const { ticketId } = await desk.waiting('cash')
  clock.pass(4 * MINUTE)
  await desk.agent.callNext('counter-1')
  await desk.agent.act(ticketId, 'start')
  clock.pass(6 * MINUTE)
  await desk.agent.act(ticketId, 'complete')
  await desk.waiting('loans')
})
afterAll(() => desk[Symbol.asyncDispose]())

const figures = (client: Client, query: string) =>
  client.get<Report>(`/api/v1/reports/figures?from=${MONDAY}&to=${MONDAY}${query}`)

async function bytes(client: Client, query: string): Promise<{ type: string | null; body: Buffer }> {
  const response = await fetch(`${client.url}/api/v1/reports/figures?from=${MONDAY}&to=${MONDAY}${query}`, {
    headers: { authorization: `Bearer ${client.token}` },
  })
  return { type: response.headers.get('content-type'), body: Buffer.from(await response.arrayBuffer()) }
}

/** Reads CSV as RFC 4180 writes it. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows.slice(0, -1)
}

test('the present day comes with every figure, ready to be drawn', async () => {
  const { body } = await desk.manager.get<Record<string, readonly FigureLine[]> & { date: string; total: Figures }>(
    '/api/v1/reports/today',
  )
  expect(body).toMatchObject({
    date: MONDAY,
    total: { issuedCount: 2, calledCount: 1, wait: { medianMs: 4 * MINUTE } },
  })
  expect(body['services']).toMatchObject([
    { id: 'cash', name: { fr: 'cash' }, isRetired: false, serviceTime: { count: 1, meanMs: 6 * MINUTE } },
    { id: 'loans', issuedCount: 1, slaCompliance: null },
  ])
  expect(body['queues']?.map(({ id }) => id)).toEqual(['teller-line', 'advice-line'])
  expect(body['hours']).toMatchObject([{ id: '09', issuedCount: 2 }])
  // Ten minutes at the counter, six of them with somebody in front.
  expect(body['agents']?.find(({ id }) => id === 'amadou')).toMatchObject({ name: 'amadou', utilisation: 0.6 })
})

test('a span that ends before it begins, and a form nobody makes, are refused', async () => {
  const { manager } = desk
  for (const query of ['from=2026-11-24&to=2026-11-23', 'from=2026-11-23', `from=${MONDAY}&to=${MONDAY}&format=xls`])
    expect(await manager.get(`/api/v1/reports/figures?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'RequestInvalid' },
    })
})

test('the table can be opened in a spreadsheet: UTF-8, units in its header, a last line for all', async () => {
  const { type, body } = await bytes(desk.manager, '&by=service&format=csv&language=fr')
  expect(type).toContain('text/csv')
  expect([...body.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const [header = [], cash = [], ...rest] = parseCsv(body.subarray(3).toString())
  const at = (name: string): string | undefined => cash[header.indexOf(name)]
  expect([at('Tickets'), at('Attente moyenne (s)'), at('Attente médiane (s)'), at('Délai tenu (%)')]).toEqual([
    ...['1', '240', '240', '100'],
  ])
  expect(rest.at(-1)?.slice(0, 3)).toEqual(['', 'Ensemble', '2'])
  expect(rest.every((row) => row.length === header.length)).toBe(true)
})

test('the table leaves empty what a line cannot say, where a 0 would be a claim', async () => {
  const fieldsBy = async (by: string, ...names: readonly string[]) => {
    const { body } = await bytes(desk.manager, `&by=${by}&format=csv&language=en`)
    const [header = [], first = []] = parseCsv(body.subarray(3).toString())
    return names.map((name) => first[header.indexOf(name)])
  }
  expect(await fieldsBy('service', 'Tickets', 'Signed in (s)', 'Serving (s)')).toEqual(['1', '', ''])
  expect(await fieldsBy('agent', 'Tickets', 'Called', 'Signed in (s)')).toEqual(['', '1', '600'])
})

test('the sheet is a PDF with its letters in it, in each language', async () => {
  for (const language of ['fr', 'en', 'ar']) {
    const { type, body } = await bytes(desk.manager, `&format=pdf&language=${language}`)
    expect(type).toBe('application/pdf')
    const text = body.toString('latin1')
    expect(text.startsWith('%PDF-')).toBe(true)
    expect(text.match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(1)
    expect(text).toContain('/MediaBox [0 0 841.89 595.28]')
    expect(/\/BaseFont \/\w+\+NotoSansArabic/.test(text)).toBe(language === 'ar')
    expect(text).toMatch(/\/BaseFont \/\w+\+NotoSans\b/)
  }
})

test('a long span is told from the sums, with how near its medians are; retired services keep their names', async () => {
  const { branch, manager } = desk
  branch.clock.pass(DAY)
  await desk.waiting('cash')
  const without = { ...sentBank, services: sentBank.services.filter(({ id }) => id !== 'loans') }
  await branch.installer.send('PUT', '/api/v1/catalogue', without)
  const { body } = await manager.get<Report>('/api/v1/reports/figures?from=2026-01-01&to=2026-12-31&by=service')
  expect(body).toMatchObject({
    medianErrorMax: 0.045,
    runningDate: '2026-11-24',
    total: { issuedCount: 3, abandonedCount: 1, wait: { count: 1, meanMs: 4 * MINUTE } },
  })
  expect(body.rows).toMatchObject([
    { id: 'cash', isRetired: false, issuedCount: 2 },
    { id: 'loans', name: { fr: 'loans' }, isRetired: true, issuedCount: 1 },
  ])
  const days = await manager.get<Report>('/api/v1/reports/figures?from=2026-01-01&to=2026-12-31&by=date')
  expect(days.body.rows.map(({ id, issuedCount }) => [id, issuedCount])).toEqual([
    [MONDAY, 2],
    ['2026-11-24', 1],
  ])
  const exact = await figures(manager, '&by=service')
  expect(exact.body).toMatchObject({ medianErrorMax: 0, runningDate: null, total: { issuedCount: 2 } })
})
