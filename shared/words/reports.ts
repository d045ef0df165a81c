import type { Language } from '../domain/ids.ts'

/** Texts of the reports, on paper and in tables. */
const fr = {
  dayTitle: 'Rapport du {{from}}',
  spanTitle: 'Rapport du {{from}} au {{to}}',
  service: 'Par service',
  queue: 'Par file',
  counter: 'Par guichet',
  agent: 'Par agent',
  hour: 'Par heure d’arrivée',
  date: 'Par jour',
  'name.service': 'Service',
  'name.queue': 'File',
  'name.counter': 'Guichet',
  'name.agent': 'Agent',
  'name.hour': 'Heure',
  'name.date': 'Date',
  id: 'Identifiant',
  all: 'Ensemble',
  issued: 'Tickets',
  called: 'Appelés',
  completed: 'Servis',
  noShow: 'Absents',
  cancelled: 'Annulés',
  abandoned: 'Abandons',
  wait: 'Attente',
  toService: 'Arrivée → service',
  serviceTime: 'Service',
  count: 'nombre',
  mean: 'moyenne',
  median: 'médiane',
  p90: '9 sur 10 sous',
  sla: 'Délai tenu',
  noShowRate: 'Taux d’absence',
  completionRate: 'Taux d’achèvement',
  abandonmentRate: 'Taux d’abandon',
  utilisation: 'Occupation de l’agent',
  busy: 'Occupé',
  occupancy: 'Guichets en service',
  signedIn: 'Présence',
  breaks: 'Pauses',
  serving: 'En service',
  seconds: 's',
  minutes: 'min:s',
  percent: '%',
  rounded: 'Médianes et « 9 sur 10 sous » : à {{percent}} % près. Nombres et moyennes : exacts.',
  running: 'La journée n’est pas finie : chiffres à {{time}}.',
  made: 'Établi le {{moment}}',
  page: 'Page {{page}} sur {{pages}}',
  none: 'Aucun ticket.',
}

export type ReportText = keyof typeof fr

const en: Record<ReportText, string> = {
  dayTitle: 'Report of {{from}}',
  spanTitle: 'Report from {{from}} to {{to}}',
  service: 'By service',
  queue: 'By queue',
  counter: 'By counter',
  agent: 'By agent',
  hour: 'By hour of arrival',
  date: 'By day',
  'name.service': 'Service',
  'name.queue': 'Queue',
  'name.counter': 'Counter',
  'name.agent': 'Agent',
  'name.hour': 'Hour',
  'name.date': 'Date',
  id: 'Identifier',
  all: 'All',
  issued: 'Tickets',
  called: 'Called',
  completed: 'Served',
  noShow: 'No-shows',
  cancelled: 'Cancelled',
  abandoned: 'Gave up',
  wait: 'Wait',
  toService: 'Arrival to service',
  serviceTime: 'Service',
  count: 'count',
  mean: 'mean',
  median: 'median',
  p90: '9 in 10 under',
  sla: 'On target',
  noShowRate: 'No-show rate',
  completionRate: 'Completion rate',
  abandonmentRate: 'Gave-up rate',
  utilisation: 'Agent busy',
  busy: 'Busy',
  occupancy: 'Counters serving',
  signedIn: 'Signed in',
  breaks: 'Breaks',
  serving: 'Serving',
  seconds: 's',
  minutes: 'min:s',
  percent: '%',
  rounded: 'Medians and “9 in 10 under”: within {{percent}} %. Counts and means: exact.',
  running: 'The day is not over: figures as of {{time}}.',
  made: 'Made on {{moment}}',
  page: 'Page {{page}} of {{pages}}',
  none: 'No tickets.',
}

const ar: Record<ReportText, string> = {
  dayTitle: 'تقرير يوم {{from}}',
  spanTitle: 'تقرير من {{from}} إلى {{to}}',
  service: 'حسب الخدمة',
  queue: 'حسب الصف',
  counter: 'حسب الشباك',
  agent: 'حسب الموظف',
  hour: 'حسب ساعة الوصول',
  date: 'حسب اليوم',
  'name.service': 'الخدمة',
  'name.queue': 'الصف',
  'name.counter': 'الشباك',
  'name.agent': 'الموظف',
  'name.hour': 'الساعة',
  'name.date': 'التاريخ',
  id: 'المعرّف',
  all: 'الكل',
  issued: 'التذاكر',
  called: 'نودي عليها',
  completed: 'تمت خدمتهم',
  noShow: 'لم يحضروا',
  cancelled: 'ملغاة',
  abandoned: 'غادروا',
  wait: 'الانتظار',
  toService: 'من الوصول إلى الخدمة',
  serviceTime: 'الخدمة',
  count: 'العدد',
  mean: 'المتوسط',
  median: 'الوسيط',
  p90: '9 من 10 دون',
  sla: 'ضمن الهدف',
  noShowRate: 'نسبة عدم الحضور',
  completionRate: 'نسبة الإتمام',
  abandonmentRate: 'نسبة المغادرة',
  utilisation: 'انشغال الموظف',
  busy: 'الانشغال',
  occupancy: 'الشبابيك العاملة',
  signedIn: 'مدة الحضور',
  breaks: 'الاستراحات',
  serving: 'مدة الخدمة',
  seconds: 'ث',
  minutes: 'د:ث',
  percent: '%',
  rounded: 'الوسيط و «9 من 10 دون» بدقة {{percent}} %. الأعداد والمتوسطات مضبوطة.',
  running: 'لم ينته اليوم بعد: الأرقام حتى {{time}}.',
  made: 'أُعدّ في {{moment}}',
  page: 'صفحة {{page}} من {{pages}}',
  none: 'لا تذاكر.',
}

export const REPORT_TEXTS: Record<Language, Record<ReportText, string>> = { fr, en, ar }

/** Says one text of a report; `values` stand in its `{{places}}`. */
export type SayReport = (text: ReportText, values?: Readonly<Record<string, string | number>>) => string

export const reportWords =
  (language: Language): SayReport =>
  (text, values = {}) =>
    REPORT_TEXTS[language][text].replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''))

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB', ar: 'ar-u-nu-latn' }

/** `4,5`: at most one decimal, in Latin digits. */
export const reportNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 }).format(value)

/** `lundi 23 novembre 2026` for a business date. */
export function reportDate(date: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'full', timeZone: 'UTC' }).format(
    Date.parse(`${date}T12:00:00Z`),
  )
}
