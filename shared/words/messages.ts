import type { Language } from '../domain/ids.ts'
import type { MessageEvent } from '../wire/messages.ts'

/** What customers are told where a tenant has no text of its own; names in braces are filled in. */
interface MessageWords {
  readonly subject: string
  readonly text: string
}

export const messageWords: Readonly<Record<MessageEvent, Readonly<Record<Language, MessageWords>>>> = {
  called: {
    fr: {
      subject: 'Ticket {number} : c’est à vous',
      text: '{tenant}, {branch} : le ticket {number} est appelé, {counter}.',
    },
    en: {
      subject: 'Ticket {number}: it is your turn',
      text: '{tenant}, {branch}: ticket {number} is called, {counter}.',
    },
    ar: { subject: 'التذكرة {number}: حان دورك', text: '{tenant}، {branch}: يُنادى على التذكرة {number}، {counter}.' },
  },
  ahead: {
    fr: {
      subject: 'Ticket {number} : bientôt à vous',
      text: '{tenant}, {branch} : ticket {number}, {ahead} devant vous. Approchez-vous.',
    },
    en: {
      subject: 'Ticket {number}: soon your turn',
      text: '{tenant}, {branch}: ticket {number}, {ahead} ahead of you. Please come closer.',
    },
    ar: {
      subject: 'التذكرة {number}: اقترب دورك',
      text: '{tenant}، {branch}: التذكرة {number}، أمامك {ahead}. يُرجى الاقتراب.',
    },
  },
}

/** By way of example. */
export const messageExample: Readonly<Record<Language, Readonly<Record<'service' | 'counter', string>>>> = {
  fr: { service: 'Caisse', counter: 'guichet 3' },
  en: { service: 'Cash desk', counter: 'counter 3' },
  ar: { service: 'الصندوق', counter: 'الشباك 3' },
}
