import type { CatalogueRule } from '#shared/domain/catalogue-faults.ts'
import type { DraftFault } from '#shared/wire/draft.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'

// The catalogue's rules speak to installers, in English; here each has its sentence in the reader's words.

const RULES: Readonly<Record<CatalogueRule, DashboardKey>> = {
  UsedTwice: 'dash.fault.twice',
  NotThere: 'dash.fault.unknown',
  FollowsItself: 'dash.fault.followsItself',
  HoursUnfit: 'dash.fault.hours',
  LogoUnfit: 'dash.logoFault',
  NotSpoken: 'dash.fault.language',
  ZoneUnknown: 'dash.fault.zone',
  PinEasy: 'dash.fault.easyPin',
  PinShared: 'dash.fault.samePin',
  SkillOfNobody: 'dash.fault.noSkill',
  QueueCalledByNobody: 'dash.fault.notCalled',
  CounterCallsNothing: 'dash.fault.callsNothing',
  NobodyManages: 'dash.fault.noManager',
  FileMissing: 'dash.fault.fileMissing',
  EmergencyStands: 'dash.fault.emergency',
}

/** Rules of the schema. */
const KEYWORDS: Readonly<Record<string, DashboardKey>> = {
  ...RULES,
  required: 'dash.fault.missing',
  minItems: 'dash.fault.missing',
  minLength: 'dash.fault.missing',
  minProperties: 'dash.fault.missing',
  minimum: 'dash.fault.range',
  maximum: 'dash.fault.range',
  maxLength: 'dash.fault.tooLong',
}

export function sayFault({ say }: DashboardWords, { path, keyword }: DraftFault): string {
  if (keyword === 'pattern' && path.endsWith('/prefix')) return say('dash.fault.prefix')
  if (keyword === 'pattern' && path.endsWith('/pin')) return say('dash.fault.pin')
  return say(KEYWORDS[keyword] ?? 'dash.fault.form')
}

/** What is wrong at a place of the catalogue, or within it; '' when nothing is. */
export function faultAt(words: DashboardWords, faults: readonly DraftFault[], path: string): string {
  const fault = faults.find((it) => it.path === path || it.path.startsWith(`${path}/`))
  return fault === undefined ? '' : sayFault(words, fault)
}
