import {
  type BranchMessage,
  type Catalogue,
  type Holiday,
  type PriorityClass,
  SERVICE_COLOURS,
  type Service,
  type Words,
} from '#shared/domain/catalogue.ts'
import { PLAIN_CONSENT } from '#shared/domain/catalogue-defaults.ts'
import type { MessageId, PriorityClassId, QueueId, ServiceId } from '#shared/domain/ids.ts'
import type { WeeklyHours } from '#shared/domain/opening-hours.ts'
import type { MenuCategory } from '#shared/project/kiosk-menu.ts'
import { SAMPLE_CATALOGUE, type SampleEvent } from '#shared/project/sample-branch.ts'
import type { Estimate } from '#shared/project/wait-range.ts'

/** Branches that show what a manager, the calendar and the estimator can make the screens say. */

const MINUTE_MS = 60_000

const day = [
  { opens: '08:00', closes: '12:30' },
  { opens: '14:00', closes: '16:30' },
]
const morning = [{ opens: '08:00', closes: '10:30' }]
const WEEK: WeeklyHours = { mon: day, tue: day, wed: day, thu: day, fri: morning }

const NEWS: BranchMessage = {
  id: 'news' as MessageId,
  kind: 'information',
  text: {
    fr: 'Vendredi, l’agence ferme à 10:30.',
    en: 'On Friday the branch closes at 10:30.',
    ar: 'يوم الجمعة يغلق الفرع في الساعة 10:30.',
  },
}

/** As long as an installer may write it. */
const LONG: BranchMessage = {
  id: 'long' as MessageId,
  kind: 'emergency',
  text: {
    fr: 'Une alerte incendie est en cours. Veuillez quitter le bâtiment calmement par la sortie la plus proche, sans utiliser les ascenseurs, et rejoindre le point de rassemblement du parking, devant la grande entrée.',
    en: 'There is a fire alarm. Please leave the building calmly by the nearest exit, do not use the lifts, and go to the meeting point in the car park in front of the main entrance, where the staff will count you.',
    ar: 'هناك إنذار حريق. يُرجى مغادرة المبنى بهدوء عبر أقرب مخرج دون استعمال المصاعد، والتوجه إلى نقطة التجمع في موقف السيارات أمام المدخل الرئيسي، حيث يعدّكم الموظفون واحدًا واحدًا ويرشدونكم.',
  },
}

const CHRISTMAS: Holiday = {
  date: '2026-11-23',
  name: { fr: 'fête de l’Indépendance', en: 'Independence Day', ar: 'عيد الاستقلال' },
  hours: [],
}

const category = (fr: string, en: string, ar: string): MenuCategory => ({
  key: [fr, en, ar].join('\n'),
  name: { fr, en, ar },
})
/** As the menu tells them apart. */
export const CATEGORIES = {
  money: category('Espèces', 'Cash', 'النقد'),
  accounts: category('Comptes', 'Accounts', 'الحسابات'),
  credit: category('Crédits et épargne', 'Loans and savings', 'القروض والادخار'),
} as const

const categories: Record<string, MenuCategory> = {
  cash: CATEGORIES.money,
  transfers: CATEGORIES.money,
  accounts: CATEGORIES.accounts,
  cards: CATEGORIES.accounts,
}
const grouped = SAMPLE_CATALOGUE.services.map((service) => ({
  ...service,
  category: categories[service.id]?.name ?? null,
}))
const many: readonly Service[] = [0, 1, 2].flatMap((round) =>
  grouped.map((service) => ({
    ...service,
    id: `${service.id}${round === 0 ? '' : round}` as ServiceId,
    category: service.category === null ? (round === 0 ? null : CATEGORIES.credit.name) : service.category,
  })),
)

const base: Catalogue = {
  ...SAMPLE_CATALOGUE,
  messages: [...SAMPLE_CATALOGUE.messages, NEWS, LONG],
  services: SAMPLE_CATALOGUE.services.map((service) => ({
    ...service,
    plan: service.id === 'accounts' ? ['cards' as ServiceId, 'cash' as ServiceId] : [],
  })),
}

const priorityClass = (id: string, name: Words): PriorityClass => ({
  ...{ id: id as PriorityClassId, name, value: 20, selfService: true, icon: id },
})

export const CATALOGUES = {
  base,
  colours: {
    ...base,
    services: base.services.map((service, place) => ({ ...service, colour: SERVICE_COLOURS[place] ?? null })),
  },
  hours: {
    ...base,
    branch: { ...base.branch, openingHours: WEEK },
    services: base.services.map((service) => {
      if (service.id === 'loans') return { ...service, hours: { mon: [{ opens: '14:00', closes: '16:00' }] } }
      return service.id === 'cards' ? { ...service, hours: { tue: morning } } : service
    }),
  },
  holiday: { ...base, branch: { ...base.branch, openingHours: WEEK }, holidays: [CHRISTMAS] },
  visits: {
    ...base,
    branch: { ...base.branch, kioskPlans: true },
    priorityClasses: [
      ...base.priorityClasses.map((it) => ({ ...it, icon: 'senior' })),
      priorityClass('disability', { fr: 'Situation de handicap', en: 'Disability', ar: 'ذوو الإعاقة' }),
      priorityClass('family', {
        fr: 'Femme enceinte, jeune enfant',
        en: 'Pregnancy, small child',
        ar: 'حامل أو طفل صغير',
      }),
    ],
  },
  groups: { ...base, services: grouped },
  many: { ...base, services: many },
  booked: {
    ...base,
    branch: { ...base.branch, kioskCheckIn: true, consent: PLAIN_CONSENT },
    services: many.map((service) => ({ ...service, asks: ['name', 'phone'] })),
  },
} as const satisfies Record<string, Catalogue>

export const shows = (messageId: string, minutes: number | null = null): SampleEvent => [
  41.95,
  { type: 'MessageShown', messageId: messageId as MessageId, minutes },
]
export const STOPPED: SampleEvent = [41, { type: 'IntakeStopped' }]

const wait = (low: number, high: number): Estimate => ({ lowMs: low * MINUTE_MS, highMs: high * MINUTE_MS })

export const WAITS: ReadonlyMap<ServiceId, Estimate> = new Map([
  ['cash' as ServiceId, wait(10, 20)],
  ['accounts' as ServiceId, wait(21, 34)],
  ['transfers' as ServiceId, wait(1, 4)],
  ['cards' as ServiceId, wait(0, 12)],
])
export const QUEUE_WAITS: ReadonlyMap<QueueId, Estimate> = new Map(
  [...WAITS].map(([id, estimate]) => [String(id) as QueueId, estimate]),
)
