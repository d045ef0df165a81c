import type { Scope } from '../access/roles.ts'
import type { Language } from '../domain/ids.ts'

type AskedFor = Scope | 'platform'

/** What a program asks leave for, as the end of a sentence: it may, in her name, … */
const fr: Record<AskedFor, string> = {
  'read:queue': 'voir les files et les guichets',
  'write:queue': 'agir sur les files',
  'manage:queue': 'ouvrir, fermer et diriger les files',
  'read:ticket': 'voir les tickets',
  'write:ticket': 'donner et appeler des tickets',
  'manage:ticket': 'corriger des tickets',
  'read:agent': 'voir qui travaille ici',
  'manage:agent': 'suspendre et rétablir des agents',
  'read:customer': 'lire les noms, téléphones et notes des clients',
  'write:customer': 'saisir et effacer les noms, téléphones et notes des clients',
  'read:reports': 'lire les statistiques',
  'manage:settings': 'changer tous les réglages',
  'send:notification': 'envoyer des messages aux clients',
  'read:feedback': 'lire les avis des clients',
  platform: 'gérer toute la plateforme',
}

const en: Record<AskedFor, string> = {
  'read:queue': 'see queues and counters',
  'write:queue': 'act on queues',
  'manage:queue': 'open, close and direct queues',
  'read:ticket': 'see tickets',
  'write:ticket': 'give and call tickets',
  'manage:ticket': 'correct tickets',
  'read:agent': 'see who works here',
  'manage:agent': 'suspend and readmit agents',
  'read:customer': 'read customers’ names, phones and notes',
  'write:customer': 'enter and erase customers’ names, phones and notes',
  'read:reports': 'read the figures',
  'manage:settings': 'change every setting',
  'send:notification': 'send messages to customers',
  'read:feedback': 'read what customers think',
  platform: 'run the whole platform',
}

const ar: Record<AskedFor, string> = {
  'read:queue': 'رؤية الصفوف والشبابيك',
  'write:queue': 'التصرف في الصفوف',
  'manage:queue': 'فتح الصفوف وإغلاقها وتوجيهها',
  'read:ticket': 'رؤية التذاكر',
  'write:ticket': 'إصدار التذاكر ومناداتها',
  'manage:ticket': 'تصحيح التذاكر',
  'read:agent': 'رؤية من يعمل هنا',
  'manage:agent': 'إيقاف الموظفين وإعادتهم',
  'read:customer': 'قراءة أسماء العملاء وهواتفهم وملاحظاتهم',
  'write:customer': 'إدخال أسماء العملاء وهواتفهم وملاحظاتهم ومحوها',
  'read:reports': 'قراءة الإحصاءات',
  'manage:settings': 'تغيير كل الإعدادات',
  'send:notification': 'إرسال رسائل إلى العملاء',
  'read:feedback': 'قراءة آراء العملاء',
  platform: 'إدارة المنصة كلها',
}

const TEXTS: Readonly<Record<Language, Readonly<Record<AskedFor, string>>>> = { fr, en, ar }

const isAskedFor = (scope: string): scope is AskedFor => Object.hasOwn(fr, scope)

/** @returns null: it is none that there is */
export const scopeText = (language: Language, scope: string): string | null =>
  isAskedFor(scope) ? TEXTS[language][scope] : null
