import type { DashboardKey } from '#shared/words/dashboard-words.ts'

// What of a catalogue is edited here, and what each entry of its lists is made of: forms, lists and differences read it.

export type Entry = Readonly<Record<string, unknown>>

export const LISTS = [
  ...(['services', 'queues', 'counters', 'agents', 'priorityClasses'] as const),
  ...(['reasons', 'breakReasons', 'outcomes', 'holidays'] as const),
] as const
export type ListName = (typeof LISTS)[number]

interface Labelled {
  readonly field: string
  readonly label: DashboardKey
  readonly help?: DashboardKey
  /** May be left empty: then it is left out. */
  readonly isOptional?: boolean
}

/** One field of an entry. */
export type FieldSpec = Labelled &
  (
    | { readonly kind: 'words' | 'text' | 'switch' | 'pin' | 'date' | 'time' | 'names' | 'spans' }
    | {
        readonly kind: 'number'
        readonly unit?: DashboardKey /** What one of them is in the catalogue. */
        readonly scale?: number
      }
    | { readonly kind: 'select'; readonly options: Readonly<Record<string, DashboardKey>> }
    /** One of another list, or several in an order. */
    | { readonly kind: 'reference' | 'references'; readonly list: 'queues' | 'services' }
  )

export interface ListSpec {
  readonly title: DashboardKey
  /** One of them. */
  readonly one: DashboardKey
  readonly add: DashboardKey
  /** What it is for, and what to do first. */
  readonly help: DashboardKey
  readonly fields: readonly FieldSpec[]
  /** Of a new one. */
  readonly plain: Entry
}

const name: FieldSpec = { kind: 'words', field: 'name', label: 'dash.field.name' }

export const LIST_SPECS: Readonly<Record<ListName, ListSpec>> = {
  services: {
    ...{ title: 'dash.services', one: 'dash.service', add: 'dash.addService', help: 'dash.servicesHelp', plain: {} },
    fields: [
      name,
      { kind: 'text', field: 'prefix', label: 'dash.field.prefix', help: 'dash.prefixHelp' },
      { kind: 'reference', list: 'queues', field: 'queueId', label: 'dash.field.queueId' },
      ...[
        {
          kind: 'number',
          field: 'slaSeconds',
          label: 'dash.field.slaSeconds',
          scale: 60,
          unit: 'dash.minutes',
        } as const,
      ].map((it) => ({ ...it, help: 'dash.slaHelp' as const, isOptional: true })),
      { kind: 'words', field: 'category', label: 'dash.field.category', help: 'dash.categoryHelp', isOptional: true },
      { kind: 'text', field: 'skill', label: 'dash.field.skill', help: 'dash.skillHelp', isOptional: true },
      { kind: 'switch', field: 'hidden', label: 'dash.field.hidden', help: 'dash.hiddenHelp' },
    ],
  },
  queues: {
    ...{ title: 'dash.queues', one: 'dash.queue', add: 'dash.addQueue', help: 'dash.queuesHelp', plain: {} },
    fields: [
      name,
      {
        ...{ kind: 'select', field: 'algorithm', label: 'dash.field.algorithm', help: 'dash.algorithmHelp' },
        options: { fifo: 'dash.algorithm.fifo', priority: 'dash.algorithm.priority', sla: 'dash.algorithm.sla' },
      },
      {
        kind: 'number',
        field: 'maxCapacity',
        label: 'dash.field.maxCapacity',
        help: 'dash.capacityHelp',
        isOptional: true,
      },
      { kind: 'switch', field: 'overnight', label: 'dash.field.overnight', help: 'dash.overnightHelp' },
    ],
  },
  counters: {
    ...{ title: 'dash.countersTitle', one: 'dash.counter', add: 'dash.addCounter', help: 'dash.countersHelp' },
    plain: { queueIds: [] },
    fields: [
      name,
      {
        kind: 'references',
        list: 'queues',
        field: 'queueIds',
        label: 'dash.field.queueIds',
        help: 'dash.queueIdsHelp',
      },
      {
        ...{ kind: 'select', field: 'choosing', label: 'dash.field.choosing' },
        options: { order: 'dash.choosing.order', 'relative-wait': 'dash.choosing.relative' },
      },
    ],
  },
  agents: {
    ...{ title: 'dash.agents', one: 'dash.agent', add: 'dash.addAgent', help: 'dash.agentsHelp', plain: {} },
    fields: [
      { kind: 'text', field: 'name', label: 'dash.field.agentName' },
      {
        ...{ kind: 'select', field: 'role', label: 'dash.field.role', help: 'dash.roleHelp' },
        options: { agent: 'dash.role.agent', manager: 'dash.role.manager' },
      },
      { kind: 'pin', field: 'pin', label: 'dash.field.pin', help: 'dash.pinHelp', isOptional: true },
      { kind: 'names', field: 'skills', label: 'dash.field.skills', help: 'dash.skillsHelp', isOptional: true },
    ],
  },
  priorityClasses: {
    ...{ title: 'dash.priorities', one: 'dash.priority', add: 'dash.addPriority', help: 'dash.prioritiesHelp' },
    plain: { value: 1 },
    fields: [
      name,
      { kind: 'number', field: 'value', label: 'dash.field.value', help: 'dash.valueHelp' },
      { kind: 'switch', field: 'selfService', label: 'dash.field.selfService', help: 'dash.selfServiceHelp' },
    ],
  },
  reasons: {
    ...{ title: 'dash.reasons', one: 'dash.reason', add: 'dash.addReason', help: 'dash.reasonsHelp', plain: {} },
    fields: [name],
  },
  breakReasons: {
    ...{ title: 'dash.breakReasons', one: 'dash.breakReason', add: 'dash.addReason', help: 'dash.breakReasonsHelp' },
    ...{ plain: {}, fields: [name] },
  },
  outcomes: {
    ...{ title: 'dash.outcomes', one: 'dash.outcome', add: 'dash.addOutcome', help: 'dash.outcomesHelp', plain: {} },
    fields: [name],
  },
  holidays: {
    ...{ title: 'dash.holidays', one: 'dash.holiday', add: 'dash.addHoliday', help: 'dash.holidaysHelp', plain: {} },
    fields: [
      { kind: 'date', field: 'date', label: 'dash.field.date' },
      name,
      { kind: 'spans', field: 'hours', label: 'dash.field.hours', help: 'dash.spansHelp', isOptional: true },
    ],
  },
}

/** Of the branch itself; its languages and its week have fields of their own. */
export const BRANCH_FIELDS: readonly FieldSpec[] = [
  { kind: 'text', field: 'name', label: 'dash.branchName' },
  { kind: 'text', field: 'timezone', label: 'dash.zone', help: 'dash.zoneHelp' },
  {
    kind: 'time',
    field: 'businessDayStartsAt',
    label: 'dash.field.dayStart',
    help: 'dash.dayStartHelp',
    isOptional: true,
  },
  { kind: 'number', field: 'recallMax', label: 'dash.field.recallMax', isOptional: true },
  {
    ...{ kind: 'number', field: 'reinstateMinutes', label: 'dash.field.reinstateMinutes' },
    ...{ unit: 'dash.minutes', isOptional: true },
  },
  { kind: 'switch', field: 'kioskPlans', label: 'dash.field.kioskPlans' },
  { kind: 'switch', field: 'guestBoard', label: 'dash.field.guestBoard' },
]

/** How a field is called; the fields that are not edited here have one name for all. */
export function labelOf(list: string, field: string): DashboardKey {
  const fields = list === 'branch' ? BRANCH_FIELDS : (LIST_SPECS[list as ListName]?.fields ?? [])
  const own: Readonly<Record<string, DashboardKey>> = {
    languages: 'dash.field.languages',
    defaultLanguage: 'dash.field.defaultLanguage',
    openingHours: 'dash.field.openingHours',
  }
  return fields.find((it) => it.field === field)?.label ?? own[field] ?? 'dash.field.other'
}
