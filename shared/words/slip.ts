import { createInstance } from 'i18next'
import type { Language } from '../domain/ids.ts'

const fr = {
  copy: 'COPIE {{copyNumber}}',
  copyNote: 'Le numéro n’est appelé qu’une fois.',
  yourNumber: 'Votre numéro',
  ahead_zero: 'Personne avant vous',
  ahead_one: '{{count}} personne avant vous',
  ahead_many: '{{count}} de personnes avant vous',
  ahead_other: '{{count}} personnes avant vous',
  waitUnder_one: 'Attente : moins de {{count}}\u00a0min',
  waitUnder_many: 'Attente : moins de {{count}}\u00a0min',
  waitUnder_other: 'Attente : moins de {{count}}\u00a0min',
  waitAbout_one: 'Attente : environ {{count}}\u00a0min',
  waitAbout_many: 'Attente : environ {{count}}\u00a0min',
  waitAbout_other: 'Attente : environ {{count}}\u00a0min',
  waitBetween_one: 'Attente : environ {{low}} à {{count}}\u00a0min',
  waitBetween_many: 'Attente : environ {{low}} à {{count}}\u00a0min',
  waitBetween_other: 'Attente : environ {{low}} à {{count}}\u00a0min',
  thenSame: 'Ensuite, avec le même numéro :',
  code: 'Le code de votre ticket',
  offline: 'Imprimé hors connexion : ce ticket est valable et votre place est gardée.',
  keep: 'Gardez ce ticket jusqu’à votre passage.',
}

const en: typeof fr = {
  copy: 'COPY {{copyNumber}}',
  copyNote: 'The number is called only once.',
  yourNumber: 'Your number',
  ahead_zero: 'Nobody ahead of you',
  ahead_one: '{{count}} person ahead of you',
  ahead_many: '{{count}} people ahead of you',
  ahead_other: '{{count}} people ahead of you',
  waitUnder_one: 'Expected wait: less than {{count}}\u00a0min',
  waitUnder_many: 'Expected wait: less than {{count}}\u00a0min',
  waitUnder_other: 'Expected wait: less than {{count}}\u00a0min',
  waitAbout_one: 'Expected wait: about {{count}}\u00a0min',
  waitAbout_many: 'Expected wait: about {{count}}\u00a0min',
  waitAbout_other: 'Expected wait: about {{count}}\u00a0min',
  waitBetween_one: 'Expected wait: about {{low}}-{{count}}\u00a0min',
  waitBetween_many: 'Expected wait: about {{low}}-{{count}}\u00a0min',
  waitBetween_other: 'Expected wait: about {{low}}-{{count}}\u00a0min',
  thenSame: 'Then, with the same number:',
  code: 'The code of your ticket',
  offline: 'Printed while offline: this ticket is valid and your place is kept.',
  keep: 'Please keep this ticket until you are served.',
}

type Counted = 'ahead' | 'waitUnder' | 'waitAbout' | 'waitBetween'

const ar: typeof fr & { readonly [name in `${Counted}_${'two' | 'few'}`]: string } = {
  copy: 'نسخة {{copyNumber}}',
  copyNote: 'يُنادى على الرقم مرة واحدة فقط.',
  yourNumber: 'رقمك',
  ahead_zero: 'لا أحد قبلك',
  ahead_one: 'شخص واحد قبلك',
  ahead_two: 'شخصان قبلك',
  ahead_few: '{{count}} أشخاص قبلك',
  ahead_many: '{{count}} شخصًا قبلك',
  ahead_other: '{{count}} شخص قبلك',
  waitUnder_one: 'الانتظار: أقل من دقيقة',
  waitUnder_two: 'الانتظار: أقل من دقيقتين',
  waitUnder_few: 'الانتظار: أقل من {{count}}\u00a0دقائق',
  waitUnder_many: 'الانتظار: أقل من {{count}}\u00a0دقيقة',
  waitUnder_other: 'الانتظار: أقل من {{count}}\u00a0دقيقة',
  waitAbout_one: 'الانتظار: نحو دقيقة',
  waitAbout_two: 'الانتظار: نحو دقيقتين',
  waitAbout_few: 'الانتظار: نحو {{count}}\u00a0دقائق',
  waitAbout_many: 'الانتظار: نحو {{count}}\u00a0دقيقة',
  waitAbout_other: 'الانتظار: نحو {{count}}\u00a0دقيقة',
  waitBetween_one: 'الانتظار: من {{low}} إلى {{count}}\u00a0دقيقة',
  waitBetween_two: 'الانتظار: من {{low}} إلى {{count}}\u00a0دقيقة',
  waitBetween_few: 'الانتظار: من {{low}} إلى {{count}}\u00a0دقائق',
  waitBetween_many: 'الانتظار: من {{low}} إلى {{count}}\u00a0دقيقة',
  waitBetween_other: 'الانتظار: من {{low}} إلى {{count}}\u00a0دقيقة',
  thenSame: 'بعد ذلك، بالرقم نفسه:',
  code: 'رمز تذكرتك',
  offline: 'طُبعت هذه التذكرة دون اتصال: هي صالحة ودورك محفوظ.',
  keep: 'يرجى الاحتفاظ بالتذكرة حتى يحين دورك.',
}

const i18n = createInstance()
// Resources are bundled and the start is synchronous: a slip never waits for its words.
void i18n.init({
  initAsync: false,
  lng: 'fr',
  fallbackLng: false,
  resources: { fr: { slip: fr }, en: { slip: en }, ar: { slip: ar } },
  defaultNS: 'slip',
  interpolation: { escapeValue: false },
})

const PLURAL = /_(zero|one|two|few|many|other)$/

/** The slip's texts in one language, plural forms chosen by count. Counts are whole and not negative. */
export interface SlipWords {
  readonly copy: (copyNumber: number) => string
  readonly copyNote: string
  readonly yourNumber: string
  readonly ahead: (count: number) => string
  readonly waitUnder: (count: number) => string
  readonly waitAbout: (count: number) => string
  readonly waitBetween: (low: number, count: number) => string
  readonly thenSame: string
  readonly code: string
  readonly offline: string
  readonly keep: string
}

/** Texts of the printed slip. */
export function slipWords(language: Language): SlipWords {
  const say = i18n.getFixedT(language, 'slip')
  return {
    copy: (copyNumber) => say('copy', { copyNumber }),
    copyNote: say('copyNote'),
    yourNumber: say('yourNumber'),
    ahead: (count) => say('ahead', { count }),
    waitUnder: (count) => say('waitUnder', { count }),
    waitAbout: (count) => say('waitAbout', { count }),
    waitBetween: (low, count) => say('waitBetween', { low, count }),
    thenSame: say('thenSame'),
    code: say('code'),
    offline: say('offline'),
    keep: say('keep'),
  }
}

/** Names of the texts a language has, plural endings left off; a test holds the languages together with it. */
export function slipTextNames(language: Language): readonly string[] {
  const texts = { fr, en, ar }[language]
  return [...new Set(Object.keys(texts).map((name) => name.replace(PLURAL, '')))].sort()
}

/**
 * A moment as people of that language write it, in the branch's zone: `23 novembre 2026 à 10:42`.
 * Digits are Latin in all three languages, as on the region's banknotes and screens.
 * @param atMs - epoch milliseconds
 */
export function slipMoment(language: Language, atMs: number, timezone: string): string {
  const locale = { fr: 'fr', en: 'en-GB', ar: 'ar-u-nu-latn' }[language]
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: timezone,
  }).format(atMs)
}
