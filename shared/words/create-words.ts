import type { Language } from '../domain/ids.ts'
import { access } from './access.ts'
import { caller } from './caller.ts'
import { common } from './common.ts'
import { counter } from './counter.ts'
import { desk } from './desk.ts'
import { deskWindow } from './desk-window.ts'
import { display } from './display.ts'
import { doorProblems } from './door-problems.ts'
import { floor } from './floor.ts'
import { kiosk } from './kiosk.ts'
import { lobbyMedia } from './lobby-media.ts'
import { manager } from './manager.ts'
import { onPaper } from './on-paper.ts'
import { people } from './people.ts'
import { printer } from './printer.ts'
import { problems } from './problems.ts'
import { recording } from './recording.ts'
import { createSpeaker, type KeyOf, type Words } from './speaker.ts'
import { staff } from './staff.ts'
import { typing } from './typing.ts'

/** Every text of the faces, by language. */
export const TEXTS = {
  fr: {
    ...common.fr,
    ...kiosk.fr,
    ...typing.fr,
    ...access.fr,
    ...display.fr,
    ...caller.fr,
    ...counter.fr,
    ...desk.fr,
    ...deskWindow.fr,
    ...manager.fr,
    ...floor.fr,
    ...recording.fr,
    ...lobbyMedia.fr,
    ...printer.fr,
    ...staff.fr,
    ...onPaper.fr,
    ...people.fr,
    ...problems.fr,
    ...doorProblems.fr,
  },
  en: {
    ...common.en,
    ...kiosk.en,
    ...typing.en,
    ...access.en,
    ...display.en,
    ...caller.en,
    ...counter.en,
    ...desk.en,
    ...deskWindow.en,
    ...manager.en,
    ...floor.en,
    ...recording.en,
    ...lobbyMedia.en,
    ...printer.en,
    ...staff.en,
    ...onPaper.en,
    ...people.en,
    ...problems.en,
    ...doorProblems.en,
  },
  ar: {
    ...common.ar,
    ...kiosk.ar,
    ...typing.ar,
    ...access.ar,
    ...display.ar,
    ...caller.ar,
    ...counter.ar,
    ...desk.ar,
    ...deskWindow.ar,
    ...manager.ar,
    ...floor.ar,
    ...recording.ar,
    ...lobbyMedia.ar,
    ...printer.ar,
    ...staff.ar,
    ...onPaper.ar,
    ...people.ar,
    ...problems.ar,
    ...doorProblems.ar,
  },
} as const satisfies Record<Language, Record<string, string>>

/** What can be said, without its plural endings. */
export type WordKey = KeyOf<typeof TEXTS>

/** One language's words, ready to be said. */
export type FaceWords = Words<WordKey>

/** The words of one language; the same object each time, so that screens need not be drawn anew. */
export const createWords = createSpeaker(TEXTS)
