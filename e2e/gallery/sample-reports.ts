import { type BranchReports, readToday } from '../../caller/reports.ts'
import { NOW_MS } from './sample.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const summary = (count: number, meanMinutes: number) => ({
  count,
  meanMs: meanMinutes * MINUTE_MS,
  medianMs: meanMinutes * 0.9 * MINUTE_MS,
  p90Ms: meanMinutes * 2.1 * MINUTE_MS,
})

const row = (id: string, name: unknown, issuedCount: number, waitMinutes: number) => ({
  id,
  name,
  isRetired: false,
  issuedCount,
  calledCount: issuedCount - 3,
  completedCount: issuedCount - 6,
  noShowCount: Math.round(issuedCount / 20),
  abandonedCount: Math.round(issuedCount / 33),
  wait: summary(issuedCount - 3, waitMinutes),
  serviceTime: summary(issuedCount - 6, 5.4),
  slaCompliance: 0.86,
  utilisation: 0.71,
  signedInMs: 2.6 * HOUR_MS,
  breakMs: 0.2 * HOUR_MS,
})

const NAMES = [
  { fr: 'Retrait et dépôt', en: 'Cash in and out', ar: 'سحب وإيداع' },
  { fr: 'Ouverture de compte', en: 'Open an account', ar: 'فتح حساب' },
  { fr: 'Virements et transferts', en: 'Transfers', ar: 'التحويلات' },
  { fr: 'Conseil et crédit', en: 'Advice and loans', ar: 'الاستشارة والقروض' },
  { fr: 'Cartes et chéquiers', en: 'Cards and cheque books', ar: 'البطاقات والشيكات' },
]
const HOURS = ['08', '09', '10']

const TODAY = {
  date: '2026-11-23',
  total: row('', null, 187, 8.3),
  services: NAMES.map((name, index) => row(`service-${index}`, name, 64 - index * 11, 5.2 + index * 2.3)),
  queues: NAMES.slice(0, 4).map((name, index) => row(`queue-${index}`, name, 70 - index * 12, 6 + index)),
  counters: [],
  agents: ['Awa Ndiaye', 'Moussa Diallo', 'Ousmane Ba'].map((name, index) => row(name, name, 40 - index * 6, 7)),
  hours: HOURS.map((hour, index) => row(hour, null, 44 + index * 9, 4 + index * 3)),
}

const there = <Value>(value: Value) => ({ status: 'there', value }) as const

const today = readToday(TODAY)
const waits = (minutes: number, slaShare: number, notCalledCount = 0) => ({
  meanWaitMs: minutes * MINUTE_MS,
  p90WaitMs: minutes * 2.2 * MINUTE_MS,
  slaShare,
  notCalledCount,
})

export const REPORTS: BranchReports = {
  today: today === null ? { status: 'none' } : there(today),
  stopAt: '16:30',
  lastLeaves: there({ midMs: NOW_MS + 6.4 * HOUR_MS, highMs: NOW_MS + 6.9 * HOUR_MS }),
  oneMore: there({ actual: waits(8.3, 0.86), changed: waits(4.9, 0.96) }),
  oneLess: there({ actual: waits(8.3, 0.86), changed: waits(17.6, 0.58, 4) }),
  told: there({
    count: 1_204,
    biasMs: 42_000,
    meanAbsoluteErrorMs: 171_000,
    insideShare: 0.79,
    aboveShare: 0.12,
  }),
}

/** A branch on its first day. */
export const NO_REPORTS: BranchReports = {
  today: { status: 'none' },
  stopAt: '16:30',
  lastLeaves: { status: 'none' },
  oneMore: { status: 'none' },
  oneLess: { status: 'none' },
  told: { status: 'none' },
}
