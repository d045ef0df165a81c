import type { DraftFault } from '#shared/wire/draft.ts'
import type { DashboardKey, DashboardWords } from '#shared/words/dashboard-words.ts'

// The catalogue's rules speak to installers, in English; here each is said in the reader's words.

const RULES: readonly (readonly [RegExp, DashboardKey])[] = [
  [/guessed first/, 'dash.fault.easyPin'],
  [/^there is no time zone/, 'dash.fault.zone'],
  [/^there is no /, 'dash.fault.unknown'],
  [/twice/, 'dash.fault.twice'],
  [/default language|does not speak/, 'dash.fault.language'],
  [/overlap|before|after|opens|closes|ends/, 'dash.fault.hours'],
  [/nobody is a manager/, 'dash.fault.noManager'],
  [/no agent has the skill/, 'dash.fault.noSkill'],
  [/no counter calls/, 'dash.fault.notCalled'],
  [/calls from no queue/, 'dash.fault.callsNothing'],
  [/same PIN/, 'dash.fault.samePin'],
]

const KEYWORDS: Readonly<Record<string, DashboardKey>> = {
  required: 'dash.fault.missing',
  minItems: 'dash.fault.missing',
  minLength: 'dash.fault.missing',
  minProperties: 'dash.fault.missing',
  minimum: 'dash.fault.range',
  maximum: 'dash.fault.range',
}

export function sayFault({ say }: DashboardWords, { path, keyword, message }: DraftFault): string {
  if (keyword === 'rule') return say(RULES.find(([pattern]) => pattern.test(message))?.[1] ?? 'dash.fault.other')
  if (keyword === 'pattern' && path.endsWith('/prefix')) return say('dash.fault.prefix')
  if (keyword === 'pattern' && path.endsWith('/pin')) return say('dash.fault.pin')
  return say(KEYWORDS[keyword] ?? 'dash.fault.form')
}

/** What is wrong at a place of the catalogue, or within it; '' when nothing is. */
export function faultAt(words: DashboardWords, faults: readonly DraftFault[], path: string): string {
  const fault = faults.find((it) => it.path === path || it.path.startsWith(`${path}/`))
  return fault === undefined ? '' : sayFault(words, fault)
}
