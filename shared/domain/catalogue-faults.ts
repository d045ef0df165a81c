import type { Catalogue } from './catalogue.ts'
import { logoFault } from './catalogue-logo.ts'
import type { QueueId, ServiceId } from './ids.ts'
import { hoursFaults, type WeeklyHours } from './opening-hours.ts'

/** What a catalogue can be wrong or doubtful in, by a name that people's pages have a sentence for. */
export type CatalogueRule =
  | 'UsedTwice'
  | 'NotThere'
  | 'FollowsItself'
  | 'HoursUnfit'
  | 'LogoUnfit'
  | 'NotSpoken'
  | 'ZoneUnknown'
  | 'PinEasy'
  | 'PinShared'
  | 'SkillOfNobody'
  | 'QueueCalledByNobody'
  | 'CounterCallsNothing'
  | 'NobodyManages'
  | 'FileMissing'
  | 'EmergencyStands'

/** One fault of a catalogue: where, and what to mend. `path` is a JSON pointer; `message` speaks to installers. */
export interface CatalogueFault {
  readonly path: string
  readonly rule: CatalogueRule
  readonly message: string
}

type Named = { readonly id: string }

function repeats(list: readonly Named[], path: string): CatalogueFault[] {
  const seen = new Set<string>()
  const faults: CatalogueFault[] = []
  for (const [index, { id }] of list.entries()) {
    if (seen.has(id))
      faults.push({ path: `${path}/${index}/id`, rule: 'UsedTwice', message: `the id ${id} is used twice` })
    seen.add(id)
  }
  return faults
}

function idsUsedTwice(catalogue: Catalogue): CatalogueFault[] {
  const { services, queues, counters, agents, priorityClasses, reasons, outcomes, workProfiles, messages } = catalogue
  const { breakReasons = [] } = catalogue
  const staff = { agents, reasons, breakReasons, outcomes, messages }
  const lists = { services, queues, counters, priorityClasses, workProfiles, ...staff }
  return Object.entries(lists).flatMap(([name, list]) => repeats(list, `/${name}`))
}

/** A text would be asked for twice, and the second would take the place of the first. */
function tonguesNamedTwice({ branch }: Catalogue): CatalogueFault[] {
  const tags = (branch.textLanguages ?? []).map(({ tag }) => tag)
  const again = new Set(tags.filter((tag, index) => tags.indexOf(tag) !== index))
  const where = { path: '/branch/textLanguages', rule: 'UsedTwice' } as const
  return [...again].map((tag) => ({ ...where, message: `the language ${tag} is named twice` }))
}

const missing = (path: string, what: string, id: string): CatalogueFault => ({
  path,
  rule: 'NotThere',
  message: `there is no ${what} ${id}`,
})

function queuesThatLeadNowhere({
  services,
  queues,
  counters,
  workProfiles,
  displays = [],
}: Catalogue): CatalogueFault[] {
  const known = new Set<QueueId>(queues.map(({ id }) => id))
  const check = (path: string, queueIds: readonly QueueId[]): CatalogueFault[] =>
    queueIds.filter((id) => !known.has(id)).map((id) => missing(path, 'queue', id))
  return [
    ...services.flatMap(({ queueId }, index) => check(`/services/${index}/queueId`, [queueId])),
    ...counters.flatMap(({ queueIds }, index) => check(`/counters/${index}/queueIds`, queueIds)),
    ...displays.flatMap(({ queueIds }, index) => check(`/displays/${index}/queueIds`, queueIds ?? [])),
    ...workProfiles.flatMap(({ rules }, index) =>
      rules.flatMap(({ queueIds, when }, rule) => [
        ...check(`/workProfiles/${index}/rules/${rule}/queueIds`, queueIds),
        ...check(`/workProfiles/${index}/rules/${rule}/when/queueId`, when === null ? [] : [when.queueId]),
      ]),
    ),
  ]
}

function plansAndProfiles({ services, counters, workProfiles }: Catalogue): CatalogueFault[] {
  const serviceIds = new Set<ServiceId>(services.map(({ id }) => id))
  const profileIds = new Set(workProfiles.map(({ id }) => id))
  return [
    ...services.flatMap(({ plan }, index) =>
      plan.filter((id) => !serviceIds.has(id)).map((id) => missing(`/services/${index}/plan`, 'service', id)),
    ),
    // Back to the first after another is a visit as hospitals know it; twice in a row is one service.
    ...services.flatMap(({ id, plan }, index) =>
      plan
        .filter((next, at) => next === (at === 0 ? id : plan[at - 1]))
        .map((next) => ({
          ...{ path: `/services/${index}/plan`, rule: 'FollowsItself' as const },
          message: `the service ${next} follows on itself`,
        })),
    ),
    ...counters.flatMap(({ profileId }, index) =>
      profileId === null || profileIds.has(profileId)
        ? []
        : [missing(`/counters/${index}/profileId`, 'work profile', profileId)],
    ),
  ]
}

const displaysNamedTwice = ({ displays = [] }: Catalogue): CatalogueFault[] =>
  displays
    .filter(({ name }, index) => displays.findIndex((it) => it.name === name) !== index)
    .map(({ name }) => ({ path: '/displays', rule: 'UsedTwice', message: `the display ${name} is set up twice` }))

function hours({ branch, services, holidays }: Catalogue): CatalogueFault[] {
  const check = (path: string, weekly: WeeklyHours | null): CatalogueFault[] =>
    hoursFaults(weekly).map(({ weekday, message }) => ({ path: `${path}/${weekday}`, rule: 'HoursUnfit', message }))
  const repeated = holidays.filter(({ date }, index) => holidays.findIndex((it) => it.date === date) !== index)
  return [
    ...check('/branch/openingHours', branch.openingHours),
    ...services.flatMap((service, index) => check(`/services/${index}/hours`, service.hours)),
    ...holidays.flatMap((holiday, index) =>
      check(`/holidays/${index}/hours`, { mon: holiday.hours }).map((it) => ({
        ...it,
        path: `/holidays/${index}/hours`,
      })),
    ),
    ...repeated.map(({ date }) => ({
      ...{ path: '/holidays', rule: 'UsedTwice' as const, message: `the date ${date} is used twice` },
    })),
  ]
}

function paper({ branch: { logo = null, languages, slip } }: Catalogue): CatalogueFault[] {
  const fault = logo === null ? null : logoFault(logo)
  const unknown = (slip?.furtherLanguages ?? []).filter((language) => !languages.includes(language))
  return [
    ...(fault === null ? [] : [{ path: '/branch/logo', rule: 'LogoUnfit' as const, message: fault }]),
    ...unknown.map((language) => ({
      path: '/branch/slip/furtherLanguages',
      rule: 'NotSpoken' as const,
      message: `the branch does not speak ${language}`,
    })),
  ]
}

const zoneUnknown = (timezone: string): CatalogueFault => ({
  ...{ path: '/branch/timezone', rule: 'ZoneUnknown', message: `there is no time zone ${timezone}` },
})

/**
 * What a schema cannot see: ids used twice, references that lead nowhere, a zone nobody knows, hours that overlap.
 * @param zoneExists - whether an IANA zone name is known on this machine
 * @returns every fault, an empty list when the catalogue can be applied
 */
export function catalogueFaults(catalogue: Catalogue, zoneExists: (timezone: string) => boolean): CatalogueFault[] {
  const { branch } = catalogue
  const faults: CatalogueFault[] = [
    ...idsUsedTwice(catalogue),
    ...tonguesNamedTwice(catalogue),
    ...queuesThatLeadNowhere(catalogue),
    ...plansAndProfiles(catalogue),
    ...displaysNamedTwice(catalogue),
    ...hours(catalogue),
    ...paper(catalogue),
  ]
  if (!zoneExists(branch.timezone)) faults.push(zoneUnknown(branch.timezone))
  if (!branch.languages.includes(branch.defaultLanguage))
    faults.push({
      ...{ path: '/branch/defaultLanguage', rule: 'NotSpoken' },
      message: 'the default language is not among the languages',
    })
  return faults
}
