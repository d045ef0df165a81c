import type { Plant } from './plant.ts'

/** A bug planted in what a face shows or asks, and the test in a real browser that must see it. */
export interface FacePlant extends Plant {
  readonly testFile: string
  /** The beginning of the test's name, with that of its story. */
  readonly testName: string
  /** Half a minute and more, for much of the story comes before it: sown by `PLANTS=all`. */
  readonly isLong?: true
}

export const facePlants: readonly FacePlant[] = [
  {
    name: 'the desk does not count the service at hand',
    isLong: true,
    file: 'shared/project/desk-tickets.ts',
    find: '  const step = legs.length + 1\n',
    replace: '  const step = Math.max(1, legs.length)\n',
    testFile: 'e2e/desk/desk.test.ts',
    testName: 'a morning at the desks > a visit of three services',
  },
  {
    name: 'an emergency stands in one language alone',
    file: 'shared/ui/emergency.tsx',
    find: '{shown.map(',
    replace: '{shown.slice(0, 1).map(',
    testFile: 'e2e/lobby/notices.test.ts',
    testName: 'what the branch tells everybody > an emergency takes',
  },
  {
    name: 'a display leaves out each fifth call that comes in its feed',
    file: 'shared/client/follow-state.ts',
    find: "    return { view: { ...view, state: evolve(state, event, emptyShelf) }, next: 'go-on' }\n",
    replace:
      "    const isLost = event.type === 'TicketCalled' && event.seq % 5 === 0\n    return { view: { ...view, state: isLost ? { ...state, seq: event.seq } : evolve(state, event, emptyShelf) }, next: 'go-on' }\n",
    testFile: 'e2e/lobby/faults.test.ts',
    testName: 'through a bad network',
  },
  {
    name: 'the kiosk forgets the priority that was claimed',
    isLong: true,
    file: 'kiosk/app.tsx',
    find: '{ ...wanted, language }',
    replace: '{ ...wanted, priority: null, language }',
    testFile: 'e2e/kiosk/visit.test.ts',
    testName: 'one visit, several services > a customer chooses several',
  },
  {
    name: 'alone the kiosk forgets what is to follow',
    isLong: true,
    file: 'kiosk/take-ticket.ts',
    find: '    ...(tap.plan !== null && { plan: [...tap.plan] }),\n',
    replace: '',
    testFile: 'e2e/kiosk/visit.test.ts',
    testName: 'one visit, several services > alone the kiosk gives',
  },
  {
    name: 'a kiosk takes every class for one that may be claimed',
    file: 'shared/domain/decide-issue.ts',
    find: "origin.kind === 'kiosk' && !found.selfService ?",
    replace: "origin.kind === 'display' ?",
    testFile: 'e2e/kiosk/visit.test.ts',
    testName: 'one visit, several services > a kiosk gives no class',
  },
  {
    name: 'the kiosk speaks to whoever only wants it larger',
    file: 'kiosk/speech/guide.ts',
    find: '      if (!isHeard) return onSilenced(before)\n',
    replace: '      if (!now.model.access.isOn) return onSilenced(before)\n',
    testFile: 'e2e/kiosk/voice.test.ts',
    testName: 'a kiosk for everybody > nothing is said aloud',
  },
  {
    name: 'the language of a visit stays when it ends',
    file: 'kiosk/model.ts',
    find: '  ...startKiosk(model.defaultLanguage),\n',
    replace: '  ...startKiosk(model.defaultLanguage),\n  language: model.language,\n',
    testFile: 'e2e/kiosk/voice.test.ts',
    testName: 'a kiosk for everybody > in the usual mode a visit ends',
  },
  {
    name: 'what a scanner typed is forgotten with each key, which is a touch',
    isLong: true,
    file: 'kiosk/use-scanner.ts',
    find: '  }, [isOn, nowMs])\n',
    replace: '  }, [isOn, nowMs, onEvent])\n',
    testFile: 'e2e/kiosk/typing.test.ts',
    testName: 'a kiosk that is typed on > who has an appointment',
  },
  {
    name: 'what a key of the pad typed is said over by the key itself',
    isLong: true,
    file: 'kiosk/speech/guide.ts',
    find: 'sayStop(here, changed)',
    replace: 'sayStop(here)',
    testFile: 'e2e/kiosk/voice.test.ts',
    testName: 'a kiosk for everybody > a name is typed with four keys',
  },
  {
    name: 'the second question is not said, for its screen is the same',
    isLong: true,
    file: 'kiosk/speech/guide.ts',
    find: "shown.name === 'details' ? [shown.at] : []",
    replace: '[]',
    testFile: 'e2e/kiosk/voice.test.ts',
    testName: 'a kiosk for everybody > a name is typed with four keys',
  },
  {
    name: 'a touch that trembles presses what came in its place',
    file: 'kiosk/speech/guide.ts',
    find: 'if (isDoubleTouch(touch, next)) {',
    replace: 'if (isDoubleTouch(null, next)) {',
    testFile: 'e2e/kiosk/voice.test.ts',
    testName: 'a kiosk for everybody > a touch that trembles',
  },
  {
    name: 'a film is as loud as the call beside it',
    isLong: true,
    file: 'display/screen/side.tsx',
    find: 'video.current.volume = isSpeaking ? DUCKED_VOLUME : 1',
    replace: 'video.current.volume = isSpeaking ? 1 : 1',
    testFile: 'e2e/lobby/film.test.ts',
    testName: 'a film in a lobby',
  },
  {
    name: 'an emergency lies over the line that says since when there is no contact',
    isLong: true,
    file: 'display/screen/band.css',
    find: 'main:has(> .emergency) ~ .strip {',
    replace: '.emergency ~ .strip {',
    testFile: 'e2e/lobby/screens.test.ts',
    testName: 'every screen reads as it did',
  },
]
