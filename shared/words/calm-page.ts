import type { Language } from '../domain/ids.ts'
import type { DeviceKind } from '../wire/requests.ts'

/** What a device says while its disk does not let it start: nothing can be read then, so that it says it in every language. */
export interface CalmText {
  readonly title: string
  /** What whoever stands there can do now. */
  readonly advice: string
}

const KIOSK: Record<Language, CalmText> = {
  fr: {
    title: 'Cette borne ne peut pas donner de tickets pour le moment.',
    advice: 'Adressez-vous à l’accueil ou à un guichet, s’il vous plaît.',
  },
  en: {
    title: 'This kiosk cannot give tickets at the moment.',
    advice: 'Please go to the reception or to a counter.',
  },
  ar: {
    title: 'لا يمكن لهذا الكشك إعطاء تذاكر في الوقت الحالي.',
    advice: 'يُرجى التوجه إلى الاستقبال أو إلى أحد الشبابيك.',
  },
}

const DISPLAY: Record<Language, CalmText> = {
  fr: {
    title: 'Cet écran ne montre pas les appels pour le moment.',
    advice: 'Écoutez les annonces ou regardez un autre écran, s’il vous plaît.',
  },
  en: {
    title: 'This screen does not show the calls at the moment.',
    advice: 'Please listen to the announcements or look at another screen.',
  },
  ar: {
    title: 'لا تعرض هذه الشاشة النداءات في الوقت الحالي.',
    advice: 'يُرجى الاستماع إلى النداءات أو النظر إلى شاشة أخرى.',
  },
}

const CALLER: Record<Language, CalmText> = {
  fr: {
    title: 'Ce poste ne peut pas démarrer : son disque est plein ou ne se laisse pas écrire.',
    advice: 'Libérez de la place ou prévenez votre installateur ; le poste reprend de lui-même.',
  },
  en: {
    title: 'This desk cannot start: its disk is full or cannot be written.',
    advice: 'Free some space or tell your installer; the desk goes on by itself.',
  },
  ar: {
    title: 'لا يمكن تشغيل هذا المكتب: القرص ممتلئ أو لا يقبل الكتابة.',
    advice: 'أفرغ بعض المساحة أو أخبر المركّب، وسيعود المكتب إلى العمل وحده.',
  },
}

export const CALM_TEXTS: Record<DeviceKind, Record<Language, CalmText>> = {
  kiosk: KIOSK,
  display: DISPLAY,
  caller: CALLER,
}
