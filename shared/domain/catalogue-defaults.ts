import {
  type Agent,
  type BranchMessage,
  type BranchSettings,
  type Catalogue,
  type Counter,
  type DisplaySettings,
  type PlaylistEntry,
  type Queue,
  type Reason,
  type Service,
  SLIP_PARTS,
  type SlipLayout,
  type VoiceSettings,
  type Words,
} from './catalogue.ts'
import type { MessageId, ReasonId } from './ids.ts'

/** What holds where the installer says nothing. */
export const PLAIN_SETTINGS = {
  businessDayStartsAt: '04:00',
  openingHours: null,
  recallMax: 3,
  reinstateMinutes: 30,
  appointmentLateMinutes: 15,
  // Most come for one thing, and each question at a kiosk costs everybody a touch: a branch that wants it says so.
  kioskPlans: false,
  // Where nobody books, the question would only cost time.
  kioskCheckIn: false,
} as const satisfies Partial<BranchSettings>

/** Everything there is, in the customer's language alone. */
export const PLAIN_SLIP_LAYOUT: SlipLayout = { parts: SLIP_PARTS, message: null, furtherLanguages: [] }
/** What customers agree to when they say who they are, where the catalogue brings no words of its own. */
export const PLAIN_CONSENT: Words = {
  fr: 'Seul l’agent qui vous sert voit ce que vous écrivez. Ce n’est ni imprimé, ni affiché, ni dit à voix haute, et c’est effacé à la fin de la journée.',
  en: 'Only the agent who serves you sees what you type. It is not printed, shown or called out, and it is erased at the end of the day.',
  ar: 'لا يرى ما تكتبه إلا الموظف الذي يخدمك. لا يُطبع ولا يُعرض ولا يُنادى به، ويُمحى في نهاية اليوم.',
}

/** In the ticket's own language, twice when nothing else waits. */
export const PLAIN_VOICE: VoiceSettings = { speaks: true, furtherLanguages: [], repeats: true }

export const PLAIN_SERVICE = {
  slaSeconds: 600,
  icon: null,
  colour: null,
  category: null,
  hours: null,
  plan: [],
  skill: null,
} as const satisfies Partial<Service>

export const PLAIN_QUEUE = {
  algorithm: 'fifo',
  maxCapacity: null,
  overnight: false,
  aging: null,
} as const satisfies Partial<Queue>

export const PLAIN_COUNTER = { choosing: 'order', profileId: null } as const satisfies Partial<Counter>
export const PLAIN_DISPLAY = {
  zone: 'lobby',
  queueIds: null,
  theme: 'dark',
  layout: { side: 'counts', ticker: true, clock: true },
  playlist: [],
} as const satisfies Partial<DisplaySettings>
export const PLAIN_AGENT = { role: 'agent', skills: null } as const satisfies Partial<Agent>

const breakReason = (id: string, fr: string, en: string, ar: string): Reason => ({
  id: id as ReasonId,
  name: { fr, en, ar },
})

/** Why an agent is away, where the catalogue brings no reasons of its own. */
export const PLAIN_BREAK_REASONS: readonly Reason[] = [
  breakReason('lunch', 'Déjeuner', 'Lunch', 'الغداء'),
  breakReason('short-break', 'Courte pause', 'Short break', 'استراحة قصيرة'),
  breakReason('prayer', 'Prière', 'Prayer', 'الصلاة'),
  breakReason('office-work', 'Travail au bureau', 'Office work', 'عمل مكتبي'),
  breakReason('meeting', 'Réunion', 'Meeting', 'اجتماع'),
]

export const breakReasonsOf = (catalogue: Catalogue | undefined): readonly Reason[] =>
  catalogue?.breakReasons ?? PLAIN_BREAK_REASONS

/** What a break is called: by a reason of its own, or by one of those of holds, which were asked for before. */
export const breakReasonNamed = (catalogue: Catalogue | undefined, id: ReasonId | null): Reason | undefined =>
  [...breakReasonsOf(catalogue), ...(catalogue?.reasons ?? [])].find((reason) => reason.id === id)

/** What a manager can show on every screen, where the catalogue brings no messages of its own. */
export const PLAIN_MESSAGES: readonly BranchMessage[] = [
  {
    id: 'evacuate' as MessageId,
    kind: 'emergency',
    text: {
      fr: 'Veuillez quitter le bâtiment calmement par la sortie la plus proche.',
      en: 'Please leave the building calmly by the nearest exit.',
      ar: 'يُرجى مغادرة المبنى بهدوء عبر أقرب مخرج.',
    },
  },
  {
    id: 'stay-calm' as MessageId,
    kind: 'emergency',
    text: {
      fr: 'Le service est interrompu. Veuillez suivre les consignes du personnel.',
      en: 'Service is interrupted. Please follow the instructions of the staff.',
      ar: 'الخدمة متوقفة. يُرجى اتباع تعليمات الموظفين.',
    },
  },
  {
    id: 'delay' as MessageId,
    kind: 'delay',
    text: {
      fr: 'L’attente est plus longue que d’habitude, d’environ {minutes} minutes. Merci de votre patience.',
      en: 'Waiting takes about {minutes} minutes longer than usual. Thank you for your patience.',
      ar: 'الانتظار أطول من المعتاد بنحو {minutes} دقيقة. شكرًا لصبركم.',
    },
  },
  {
    id: 'technical' as MessageId,
    kind: 'delay',
    text: {
      fr: 'Un incident technique ralentit le service. Votre place est gardée.',
      en: 'A technical problem is slowing us down. Your place is kept.',
      ar: 'خلل فني يبطئ الخدمة. مكانكم محفوظ.',
    },
  },
]

/** How a display is set up, by the name it was paired under. */
export const displaySettingsOf = ({ displays = [] }: Catalogue, name: string): Required<DisplaySettings> => ({
  name,
  ...PLAIN_DISPLAY,
  ...displays.find((it) => it.name === name),
})

/**
 * A display with what a manager has put on it; null: as the catalogue says. One that only counted shows it in turn with the
 * counts; one that shows calls alone goes on to.
 */
export function withProgramme(
  settings: Required<DisplaySettings>,
  own: readonly PlaylistEntry[] | null,
): Required<DisplaySettings> {
  if (own === null) return settings
  const { layout } = settings
  const side = own.length > 0 && layout.side === 'counts' ? 'turns' : layout.side
  return { ...settings, playlist: own, layout: { ...layout, side } }
}

/** How the branch is heard when it calls. */
export const voiceSettingsOf = ({ branch }: Catalogue): VoiceSettings => branch.voice ?? PLAIN_VOICE
