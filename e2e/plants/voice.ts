import type { ServerPlant } from './server.ts'

/** What would be heard wrong in a lobby; the whole lobby sees the first two as well, in e2e/lobby/voice.test.ts. */
export const voicePlants: readonly ServerPlant[] = [
  {
    name: 'two displays speak at once',
    file: 'shared/voice/zone-turn.ts',
    find: '  if (untilMs !== null) return nowMs < untilMs\n',
    replace: '  if (untilMs !== null) return false\n',
    testFile: 'shared/voice/zone-turn.test.ts',
    testName: 'two never may speak at once',
  },
  {
    name: 'nothing is left out of what is spoken',
    file: 'shared/voice/speech-backlog.ts',
    find: 'while (backlogMs(kept, tools) > limitMs) {',
    replace: 'while (backlogMs(kept, tools) > limitMs * 100) {',
    testFile: 'shared/voice/speech-backlog.test.ts',
    testName: 'whatever happens, everything is said within the limit',
  },
  {
    name: 'a display that is dead keeps its turn',
    file: 'shared/voice/zone-turn.ts',
    find: 'export const LEASE_MS = 1_500',
    replace: 'export const LEASE_MS = 15_000',
    testFile: 'shared/voice/zone-turn.test.ts',
    testName: 'a page that is killed is followed',
  },
]
