import type { Language } from '#shared/domain/ids.ts'
import { type CommissioningText, commissioningWords, type FindingText } from '#shared/words/commissioning.ts'
import { slipMoment } from '#shared/words/slip.ts'

/** What is tried out, in this order. The plugs come last: each thing is seen working before it is broken. */
export const STEPS = [
  'server',
  'clock',
  'network',
  'printers',
  'displays',
  'voice',
  'latency',
  'printer-plug',
  'network-plug',
  'power',
] as const
export type StepName = (typeof STEPS)[number]

/** `told`: a fact that is neither right nor wrong, or one that was not proven. */
export type Verdict = 'good' | 'bad' | 'skipped' | 'told'

export type Values = Readonly<Record<string, string | number>>

/** One thing that was seen, or left out. Kept without words of any language. */
export interface Finding {
  readonly step: StepName
  /** The device; empty: the branch itself. */
  readonly about: string
  readonly verdict: Verdict
  readonly text: FindingText
  readonly values: Values
  readonly atMs: number
}

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB', ar: 'ar-u-nu-latn' }

/** Figures as the language writes them, in Latin digits. */
function figuresIn(values: Values, language: Language): Values {
  const format = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 3, useGrouping: false })
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? format.format(value) : value]),
  )
}

/** The sentence of a finding; a printer's capability and a moment are said in the same language. */
export function sayFinding({ text, values }: Pick<Finding, 'text' | 'values'>, language: Language): string {
  const say = commissioningWords(language)
  const { capability, momentMs, zone } = values
  return say(text, {
    ...figuresIn(values, language),
    ...(capability !== undefined && { capability: say(`capability.${capability}` as CommissioningText) }),
    ...(momentMs !== undefined && { moment: slipMoment(language, Number(momentMs), String(zone)) }),
  })
}

export const countOf = (findings: readonly Finding[], verdict: Verdict): number =>
  findings.filter((finding) => finding.verdict === verdict).length

const TENTH = 10
/** To a tenth. */
export const rounded = (value: number): number => Math.round(value * TENTH) / TENTH
/** To a thousandth, for what is shorter than a millisecond. */
const fine = (value: number): number => (value < 1 ? Math.round(value * 1_000) / 1_000 : rounded(value))

/** The value that so many of 100 are not above, as it was measured; 0 when nothing was. */
export function percentile(measured: readonly number[], share: number): number {
  const sorted = measured.toSorted((a, b) => a - b)
  return fine(sorted[Math.max(0, Math.ceil((sorted.length * share) / 100) - 1)] ?? 0)
}
