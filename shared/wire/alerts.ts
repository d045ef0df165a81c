import { Type } from 'typebox'
import { literals, type ParsedBy, strict } from './schema.ts'

/** What head office wants to be told of, and what is told. */

export const ALERT_KINDS = ['wait', 'length', 'counters', 'device', 'branch', 'paper', 'clock', 'figures'] as const
export type AlertKind = (typeof ALERT_KINDS)[number]

const DAY_MS = 24 * 3_600_000
const uuid = () => Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })
/** One address and nothing else, as the cloud takes it elsewhere: no list, no name beside it. */
const email = () =>
  Type.String({
    maxLength: 254,
    pattern: '^[^\\s@,;:<>()[\\]"\\\\]+@[^\\s@,;:<>()[\\]"\\\\]+\\.[^\\s@,;:<>()[\\]"\\\\]+$',
  })
const language = () => literals(['fr', 'en', 'ar'])

/** Of one rule, and so of one mail. */
const EMAILS_MAX = 10
export const ALERT_RULES_MAX = 100

/** From when on something of a branch is told. */
export const AlertRuleBody = Type.Object(
  {
    kind: literals(ALERT_KINDS),
    /** null: of every branch. */
    branchId: Type.Union([uuid(), Type.Null()]),
    /** Milliseconds (wait, device, branch, clock), people (length, counters), 1 low or 2 out (paper), figures (figures). */
    threshold: Type.Integer({ minimum: 1, maximum: 7 * DAY_MS }),
    /** While it goes on and nobody has said that she knows; null: told once. */
    repeatMinutes: Type.Union([Type.Integer({ minimum: 5, maximum: 1_440 }), Type.Null()]),
    emails: Type.Array(email(), { maxItems: EMAILS_MAX, uniqueItems: true }),
    language: language(),
  },
  strict,
)
export type AlertRuleBody = ParsedBy<typeof AlertRuleBody>

export type AlertRule = AlertRuleBody & { readonly ruleId: string }

export interface AlertRules {
  readonly items: readonly AlertRule[]
  /** No mail goes out of this cloud: who should be mailed sees alerts here alone. */
  readonly isMailOff: boolean
}

/** Something that is, or was, beyond what a rule says. */
export interface ListedAlert {
  readonly alertId: string
  readonly ruleId: string
  readonly kind: AlertKind
  readonly branchId: string
  /** A queue, a device or a date of the branch; '' for the branch itself. */
  readonly subject: string
  /** Of a queue, as the catalogue calls it that the branch sent last; null: of anything else, or not known. */
  readonly subjectName: Readonly<Record<string, string>> | string | null
  readonly threshold: number
  readonly value: number
  readonly worst: number
  readonly beganAtMs: number
  readonly toldCount: number
  readonly acknowledgedAtMs: number | null
  readonly resolvedAtMs: number | null
}

export interface AlertList {
  readonly items: readonly ListedAlert[]
}

/** Who is mailed the report of a branch's day once it is over. */
export const SubscriptionBody = Type.Object(
  {
    email: email(),
    language: language(),
    /** null: of every branch. */
    branchId: Type.Union([uuid(), Type.Null()]),
  },
  strict,
)
export type SubscriptionBody = ParsedBy<typeof SubscriptionBody>
export type Subscription = SubscriptionBody & { readonly subscriptionId: string }
export const SUBSCRIPTIONS_MAX = 200

/** A day of a branch whose figures were worked out anew from its log. */
export interface CheckedDay {
  readonly branchId: string
  readonly date: string
  readonly checkedAtMs: number
  /** Of the day's sums, how many are kept otherwise; null: it could not be done. */
  readonly differingCount: number | null
  readonly findings: readonly string[]
}

export interface Subscriptions {
  readonly items: readonly Subscription[]
  readonly isMailOff: boolean
  /** The latest of the days that were checked, those that differ first. */
  readonly checkedDays: readonly CheckedDay[]
}
