import type { DashboardKey } from '#shared/words/dashboard-words.ts'

// What of a catalogue is edited here, and what each entry of its lists is made of: forms, lists and differences read it.

export type Entry = Readonly<Record<string, unknown>>

export const LISTS = [
  ...(['services', 'queues', 'counters', 'agents', 'priorityClasses'] as const),
  ...(['reasons', 'breakReasons', 'outcomes', 'holidays', 'workProfiles', 'displays', 'messages'] as const),
] as const
export type ListName = (typeof LISTS)[number]

interface Labelled {
  /** Where it is in its entry, as `slaSeconds` or `layout/side`. */
  readonly field: string
  readonly label: DashboardKey
  readonly help?: DashboardKey
  /** May be left empty: then it is left out. */
  readonly isOptional?: boolean
}

/** One field of an entry. */
export type FieldSpec = Labelled &
  (
    | {
        readonly kind:
          | 'words'
          | 'text'
          | 'pin'
          | 'date'
          | 'time'
          | 'names'
          | 'spans'
          | 'icon'
          | 'rules'
          | 'texts'
          | 'logo'
      }
    | { readonly kind: 'switch'; readonly isUsuallyOn?: boolean }
    | {
        readonly kind: 'number'
        readonly unit?: DashboardKey /** What one of them is in the catalogue. */
        readonly scale?: number
      }
    /** One of the product's own, or several of them; of several none at all may mean another thing than nothing said. */
    | { readonly kind: 'select'; readonly options: Readonly<Record<string, DashboardKey>> }
    | {
        readonly kind: 'choices'
        readonly options: Readonly<Record<string, DashboardKey>>
        readonly isUsuallyAll?: boolean
      }
    | { readonly kind: 'languages' | 'tongues' }
    /** One of another list, or several in an order. */
    | { readonly kind: 'reference' | 'references'; readonly list: 'queues' | 'services' | 'workProfiles' }
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
      { kind: 'icon', field: 'icon', label: 'dash.field.icon', help: 'dash.iconHelp', isOptional: true },
      {
        ...{ kind: 'select', field: 'colour', label: 'dash.field.colour', help: 'dash.colourHelp' },
        options: {
          ...{ '': 'dash.none', blue: 'dash.colour.blue', green: 'dash.colour.green', red: 'dash.colour.red' },
          ...{ orange: 'dash.colour.orange', violet: 'dash.colour.violet', brown: 'dash.colour.brown' },
        },
      },
      {
        ...{ kind: 'choices', field: 'asks', label: 'dash.field.asks', help: 'dash.asksHelp' },
        options: { name: 'dash.asks.name', phone: 'dash.asks.phone' },
      },
      {
        ...{ kind: 'references', list: 'services', field: 'plan', label: 'dash.field.plan', help: 'dash.planHelp' },
      },
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
      {
        ...{ kind: 'number', field: 'aging/minutesPerPoint', label: 'dash.field.aging', help: 'dash.agingHelp' },
        ...{ unit: 'dash.minutes', isOptional: true },
      },
      {
        ...{ kind: 'number', field: 'aging/passedMax', label: 'dash.field.passedMax', help: 'dash.passedHelp' },
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
      {
        ...{ kind: 'reference', list: 'workProfiles', field: 'profileId', label: 'dash.field.profileId' },
        ...{ help: 'dash.profileHelp', isOptional: true },
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
  workProfiles: {
    ...{ title: 'dash.profiles', one: 'dash.profile', add: 'dash.addProfile', help: 'dash.profilesHelp' },
    plain: { rules: [{ queueIds: [] }] },
    fields: [name, { kind: 'rules', field: 'rules', label: 'dash.field.rules', help: 'dash.rulesHelp' }],
  },
  displays: {
    ...{ title: 'dash.displays', one: 'dash.display', add: 'dash.addDisplay', help: 'dash.displaysHelp', plain: {} },
    fields: [
      { kind: 'text', field: 'name', label: 'dash.field.displayName', help: 'dash.displayNameHelp' },
      { kind: 'text', field: 'zone', label: 'dash.field.zone', help: 'dash.zoneOfVoiceHelp', isOptional: true },
      {
        ...{ kind: 'references', list: 'queues', field: 'queueIds', label: 'dash.field.shownQueues' },
        ...{ help: 'dash.shownQueuesHelp', isOptional: true },
      },
      {
        ...{ kind: 'select', field: 'theme', label: 'dash.field.theme' },
        options: { dark: 'dash.theme.dark', light: 'dash.theme.light' },
      },
      {
        ...{ kind: 'select', field: 'layout/side', label: 'dash.field.side', help: 'dash.sideHelp' },
        options: {
          ...{ counts: 'dash.side.counts', media: 'dash.side.media', turns: 'dash.side.turns', none: 'dash.side.none' },
        },
      },
      { kind: 'switch', field: 'layout/ticker', label: 'dash.field.showTicker', isUsuallyOn: true },
      { kind: 'switch', field: 'layout/clock', label: 'dash.field.showClock', isUsuallyOn: true },
    ],
  },
  messages: {
    ...{ title: 'dash.messages', one: 'dash.message', add: 'dash.addMessage', help: 'dash.messagesHelp' },
    plain: { kind: 'information' },
    fields: [
      { kind: 'words', field: 'text', label: 'dash.field.text', help: 'dash.messageTextHelp' },
      {
        ...{ kind: 'select', field: 'kind', label: 'dash.field.kind' },
        options: {
          ...{ information: 'dash.message.information', delay: 'dash.message.delay' },
          emergency: 'dash.message.emergency',
        },
      },
    ],
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
