import type { Language } from '../domain/ids.ts'

/** What the printed waiting list says. */
export interface ListWords {
  readonly title: string
  readonly page: (page: number, count: number) => string
  readonly help: string
  readonly called: string
  readonly nobody: string
  readonly more: (count: number) => string
  readonly end: (count: number) => string
}

const LISTS: Record<Language, ListWords> = {
  fr: {
    title: 'Liste d’attente',
    page: (page, count) => `Feuille ${page} sur ${count}`,
    help: 'Appelez dans cet ordre. Dans la case : S servi, A absent, P parti. * prioritaire',
    called: 'Déjà appelés',
    nobody: 'Personne n’attend.',
    more: (count) => `Encore ${count} qui ne tiennent pas sur le papier`,
    end: (count) => `En tout : ${count}`,
  },
  en: {
    title: 'Waiting list',
    page: (page, count) => `Sheet ${page} of ${count}`,
    help: 'Call in this order. In the box: S served, N no-show, L left. * priority',
    called: 'Already called',
    nobody: 'Nobody is waiting.',
    more: (count) => `${count} more do not fit on the paper`,
    end: (count) => `In all: ${count}`,
  },
  ar: {
    title: 'قائمة الانتظار',
    page: (page, count) => `ورقة ${page} من ${count}`,
    help: 'نادوا بهذا الترتيب. في الخانة: خ تمت خدمته، غ غائب، ر غادر. * أولوية',
    called: 'نودي عليهم من قبل',
    nobody: 'لا أحد ينتظر.',
    more: (count) => `${count} آخرون لا تتسع لهم الورقة`,
    end: (count) => `المجموع: ${count}`,
  },
}

export const listWords = (language: Language): ListWords => LISTS[language]
