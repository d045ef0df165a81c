import { hash } from 'node:crypto'
import type { Language } from '#shared/domain/ids.ts'
import type { ClipShelf } from '#shared/speech/clip-shelf.ts'
import type { Speech, SpeechRefusal } from '#shared/speech/espeak.ts'
import { trimmed } from '#shared/speech/wav.ts'

/** Sentences of the branch as sound, each made once and kept. */
export type SayPhrase = (text: string, language: Language) => Promise<Buffer | SpeechRefusal>

/** Another maker, speed or trimming: another name. */
const MAKING = 'espeak-ng 150 1'

export function createPhrases(shelf: ClipShelf, speech: () => Speech): SayPhrase {
  /** Displays of one lobby ask for the same at the same instant. */
  const underWay = new Map<string, Promise<Buffer | SpeechRefusal>>()

  async function make(name: string, text: string, language: Language): Promise<Buffer | SpeechRefusal> {
    const kept = await shelf.get(name)
    if (kept !== null) return kept
    const made = await speech().say(text, language)
    if (typeof made === 'string') return made
    const clip = trimmed(made)
    await shelf.put(name, clip)
    return clip
  }

  return (text, language) => {
    const name = hash('sha256', `${MAKING}\n${language}\n${text}`)
    const making = underWay.get(name) ?? make(name, text, language).finally(() => underWay.delete(name))
    underWay.set(name, making)
    return making
  }
}
