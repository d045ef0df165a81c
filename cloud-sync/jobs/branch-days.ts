import { businessDayEndsAtMs, zoneExists } from '#shared/domain/business-day.ts'
import type { Language } from '#shared/domain/ids.ts'
import type { Subscription } from '#shared/wire/alerts.ts'
import { languageNamed, sayHeadOffice } from '../alerts/alert-mail.ts'
import { namedIn, type WatchParts } from '../alerts/watch-tenant.ts'
import type { Mail } from '../mail/mailer.ts'
import { figureReport } from '../reports/figure-report.ts'
import { paperReport } from '../reports/on-paper.ts'
import { keepCheck, type OpenDay, openDays, takeReport } from '../store/branch-days.ts'
import { checkDay } from '../store/check-day.ts'
import type { TenantDb } from '../store/database.ts'
import { queueMail } from '../store/mail-waiting.ts'
import { leanOnAddresses } from '../store/mailed-addresses.ts'
import { readReportedBranches } from '../store/report-rows.ts'
import { listSubscriptions } from '../store/subscriptions.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Where a catalogue says nothing. */
const STARTS_AT = '04:00'
/** After the day's end: what closes it comes up first. */
const GRACE_MS = 10 * MINUTE_MS
/** Whoever has not brought the whole day by then is reported as far as it has, and that is said. */
const AWAITED_MS = 12 * HOUR_MS
/** A day that is further back is left: a cloud that was away does not write a month of mails. */
const DAYS_BACK = 7
/** Days that are read at a time. */
const DAYS_MAX = 200
/** One turn of a tenant; the next comes in minutes. */
const TURN_MS_MAX = 4 * MINUTE_MS

const ruleOf = ({ timeZone, startsAt }: OpenDay) => ({
  timezone: zoneExists(timeZone) ? timeZone : 'UTC',
  startsAt: startsAt !== null && /^\d\d:\d\d$/.test(startsAt) ? startsAt : STARTS_AT,
})

const endOf = (day: OpenDay): number => businessDayEndsAtMs(day.date, ruleOf(day))

/** The day is over, and all of it is here, or was waited for. */
function isRipe(day: OpenDay, nowMs: number): boolean {
  const endsAtMs = endOf(day)
  const isWhole = day.isComplete && day.heardAtMs !== null && day.heardAtMs >= endsAtMs
  return nowMs >= endsAtMs + (isWhole ? GRACE_MS : AWAITED_MS)
}

async function paperOf({ database, nowMs }: WatchParts, day: OpenDay, language: Language): Promise<Uint8Array | null> {
  const { tenantId, branchId, date } = day
  const answer = await database.asTenant(tenantId, async (db) => {
    const branches = await readReportedBranches(db, tenantId, { branchId, countMax: 1 })
    return figureReport(db, {
      ...{ tenantId, report: 'wait-times', branches, from: date, to: date, compareFrom: null, of: null },
    })
  })
  const told = { language, title: namedIn(day.name, language), timeZone: ruleOf(day).timezone }
  const paper = paperReport(answer, told)
  if (paper === null) return null
  // Only who wants paper pays for what draws it.
  const { figuresPdf } = await import('#shared/pdf/figures-pdf.ts')
  return figuresPdf(paper, language, nowMs())
}

function mailOf({ publicUrl }: WatchParts, day: OpenDay, { email, language }: Subscription, slug: string): Mail {
  const { say } = sayHeadOffice(languageNamed(language))
  const [branch, { date }] = [namedIn(day.name, language), day]
  const isPartial = !day.isComplete || (day.heardAtMs ?? 0) < endOf(day)
  const { timezone } = ruleOf(day)
  const moment = new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
    ...{ timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' },
  }).format(day.heardAtMs ?? 0)
  const lines = [
    say('mail.reportText', { branch, date }),
    ...(isPartial ? [say('mail.reportPartial', { time: moment, zone: timezone })] : []),
    ...(publicUrl === null ? [] : ['', say('mail.reportEnd'), `${publicUrl}/dashboard/t/${slug}/daily`]),
  ]
  return { to: email, subject: say('mail.reportSubject', { branch, date }), text: lines.join('\n') }
}

/**
 * Writes the report of a day to whoever wanted it when it ended; once, whichever clouds are at it.
 * @throws Error when there is no room for its mails; then none of them is written, and the day stays to be reported
 */
export async function reportDay(parts: WatchParts, day: OpenDay): Promise<void> {
  const { database, mailer, nowMs } = parts
  const { tenantId, branchId, date } = day
  async function wantedBy(db: TenantDb) {
    const wanted = mailer === null ? [] : await listSubscriptions(db, tenantId, branchId)
    return wanted.filter(({ madeAtMs }) => madeAtMs <= endOf(day))
  }
  const papers = new Map<Language, Uint8Array | null>()
  const before = await database.asTenant(tenantId, wantedBy)
  for (const language of new Set(before.map((it) => it.language)))
    papers.set(language, await paperOf(parts, day, language))
  await database.asTenant(tenantId, async (db) => {
    if (!(await takeReport(db, day, nowMs()))) return
    const [tenant] = await db.query<{ slug: string }>('select slug from tenant_directory where tenant_id = $1', [
      tenantId,
    ])
    // Drawing took its time: who may read it no more meanwhile is sent none.
    await leanOnAddresses(db, tenantId)
    for (const subscription of await wantedBy(db)) {
      const bytes = papers.get(subscription.language) ?? null
      const mail = mailOf(parts, day, subscription, tenant?.slug ?? '')
      const attachment = bytes === null ? {} : { attachment: { name: `smartqueue-${date}.pdf`, bytes } }
      if (!(await queueMail(db, tenantId, { ...mail, ...attachment }, nowMs())))
        throw new Error('too many mails of a tenant wait')
    }
  })
}

/** Works the figures of a day out anew and keeps what came of it. */
export async function lookAtDay({ database, log, nowMs }: WatchParts, day: OpenDay): Promise<void> {
  const { tenantId, branchId, date } = day
  const check = await checkDay(database, day, date)
  if (check === null) return
  if (check.differingCount !== 0)
    log.error({ tenantId, branchId, date, ...check }, 'the figures of a day were not borne out by its log')
  await database.asTenant(tenantId, (db) => keepCheck(db, day, check, nowMs()))
}

/** Days that are over, one after the other; most of those that are read are not. */
async function* ripeDays({ database, nowMs }: WatchParts, tenantId: string): AsyncGenerator<OpenDay> {
  const since = new Date(nowMs() - DAYS_BACK * DAY_MS).toISOString().slice(0, 10)
  for (let after: OpenDay | null = null; ; ) {
    const page = { since, after, countMax: DAYS_MAX }
    const days: readonly OpenDay[] = await database.asTenant(tenantId, (db) => openDays(db, tenantId, page))
    yield* days.filter((it) => isRipe(it, nowMs()))
    if (days.length < DAYS_MAX) return
    after = days.at(-1) ?? null
  }
}

/** What is to be done about each day of a tenant's branches that is over: its figures looked at, its report written. */
export async function endDays(parts: WatchParts, tenantId: string): Promise<void> {
  const { nowMs, log } = parts
  const untilMs = nowMs() + TURN_MS_MAX
  for await (const day of ripeDays(parts, tenantId)) {
    if (nowMs() >= untilMs) return
    // One day's trouble is no other's; what was not done is tried with the next turn.
    const { branchId, date } = day
    const tell = (error: unknown): void =>
      log.error({ err: error, tenantId, branchId, date }, 'a day that is over was not seen to; it is tried again')
    if (!day.isReported) await reportDay(parts, day).catch(tell)
    if (!day.isChecked) await lookAtDay(parts, day).catch(tell)
  }
}
