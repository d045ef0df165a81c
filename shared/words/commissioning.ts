import { LANGUAGES, type Language } from '../domain/ids.ts'
import { commissioningFindings } from './commissioning-findings.ts'
import { commissioningPlugs } from './commissioning-plugs.ts'
import { commissioningRun } from './commissioning-run.ts'

/** One text in the order of LANGUAGES. */
export type Three = readonly [fr: string, en: string, ar: string]

export const COMMISSIONING_TEXTS = { ...commissioningFindings, ...commissioningPlugs, ...commissioningRun } as const

export type CommissioningText = keyof typeof COMMISSIONING_TEXTS
export type FindingText = keyof typeof commissioningFindings | keyof typeof commissioningPlugs

export type SayCommissioning = (text: CommissioningText, values?: Readonly<Record<string, string | number>>) => string

/** Says what an installer is asked, and what was found; `values` stand in the `{{places}}`. */
export const commissioningWords =
  (language: Language): SayCommissioning =>
  (text, values = {}) => {
    const said: string = COMMISSIONING_TEXTS[text][LANGUAGES.indexOf(language)] ?? ''
    return said.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))
  }
