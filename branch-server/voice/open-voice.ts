import { join } from 'node:path'
import { openClipShelf } from '#shared/speech/clip-shelf.ts'
import { openSpeech, type Speech, type SpeechState } from '#shared/speech/espeak.ts'
import { wholeWav } from '#shared/speech/wav.ts'
import type { Log } from '../log.ts'
import { PACKS_FOLDER } from './copy-packs.ts'
import { openPacks, type Packs } from './packs.ts'
import { createPhrases, type SayPhrase } from './phrases.ts'
import { createVoiceTurns, type TurnParts, type VoiceTurns } from './turns.ts'

/** Some four thousand phrases: every number of several days, in three languages. */
const PHRASE_BYTES_MAX = 256 * 1024 * 1024
/** It is looked whether the machine can speak once the start is over. */
const LOOK_AFTER_MS = 3_000

/** How a branch is heard: its own voice, recorded ones, and which display speaks. */
export interface Voice {
  readonly say: SayPhrase
  readonly packs: Packs
  readonly turns: VoiceTurns
  state(): SpeechState
  close(): void
}

export interface VoiceParts extends TurnParts {
  /** The branch's data folder. */
  readonly folder: string
  /** `espeak-ng`, wherever it is found. */
  readonly program: string
  readonly log: Log
}

export function openVoice({ folder, program, log, ...parts }: VoiceParts): Voice {
  const shelf = openClipShelf({
    folder: join(folder, 'voice', 'phrases'),
    bytesMax: PHRASE_BYTES_MAX,
    isWhole: (clip) => wholeWav(clip)?.equals(clip) === true,
    onFault: (error) => log.warn({ err: error }, 'a spoken phrase could not be kept or read; it is made again'),
  })
  let opened: Speech | null = null
  const speech = (): Speech => {
    opened ??= openSpeech(program, log)
    return opened
  }
  const looking = setTimeout(speech, LOOK_AFTER_MS)
  looking.unref()
  return {
    say: createPhrases(shelf, speech),
    packs: openPacks(join(folder, PACKS_FOLDER), log),
    turns: createVoiceTurns(parts),
    state: () => opened?.state() ?? 'starting',
    close() {
      clearTimeout(looking)
      opened?.close()
    },
  }
}
