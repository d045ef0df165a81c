import { expect, test } from 'vitest'
import { LANGUAGES } from '#shared/domain/ids.ts'
import type { Finding } from './finding.ts'
import { percentile, sayFinding } from './finding.ts'
import { commissioningPdf, type ReportFacts } from './report-pdf.ts'

const finding = (place: number): Finding => ({
  step: 'latency',
  about: `Kiosk ${place}`,
  verdict: 'good',
  text: 'tapShown',
  values: { p50: 86.1, p99: 178.1, mostMs: 1_000 },
  atMs: 0,
})

const facts = (count: number): Omit<ReportFacts, 'language'> => ({
  branchName: 'Banque du Fleuve',
  timezone: 'Africa/Dakar',
  who: 'Awa Diop',
  fromMs: 0,
  toMs: 3_600_000,
  words: ['wool', 'orbit', 'camera', 'ladder', 'tiger', 'velvet'],
  version: '0.1.0',
  deviceNames: ['Kiosk 1'],
  findings: Array.from({ length: count }, (_, place) => finding(place)),
})

const pagesOf = (pdf: Uint8Array): number =>
  Buffer.from(pdf)
    .toString('latin1')
    .match(/\/Type \/Page\b(?!s)/g)?.length ?? 0

test('a report has as many pages as it needs, in each language', async () => {
  for (const language of LANGUAGES) {
    const [short, long] = await Promise.all([
      commissioningPdf({ ...facts(3), language }),
      commissioningPdf({ ...facts(200), language }),
    ])
    expect(Buffer.from(short.subarray(0, 5)).toString()).toBe('%PDF-')
    expect(pagesOf(short)).toBe(1)
    // Forty findings of two lines are the most that a page holds.
    expect(pagesOf(long)).toBeGreaterThanOrEqual(5)
  }
})

test('figures and moments are said as the language writes them', () => {
  const spoken = { text: 'disk', values: { kind: 'ext4', freeGb: 1084.5 } } as const
  expect(sayFinding(spoken, 'fr')).toBe('Dossier des données : ext4, 1084,5 Go libres')
  expect(sayFinding(spoken, 'en')).toBe('Data folder: ext4, 1084.5 GB free')
  const clock = {
    text: 'clockBranch',
    values: { momentMs: Date.UTC(2026, 10, 27, 9, 5), zone: 'Africa/Dakar' },
  } as const
  expect(sayFinding(clock, 'en')).toBe('The branch’s time at the check: 27 November 2026 at 09:05 (Africa/Dakar)')
})

test('a percentile is a value that was measured', () => {
  const measured = Array.from({ length: 200 }, (_, place) => 200 - place)
  expect([percentile(measured, 50), percentile(measured, 99), percentile([7], 99), percentile([], 50)]).toEqual([
    100, 198, 7, 0,
  ])
})
