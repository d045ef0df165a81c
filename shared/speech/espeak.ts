import { spawn } from 'node:child_process'
import { LANGUAGES, type Language } from '../domain/ids.ts'
import { loudness, wholeWav } from './wav.ts'

/** Sentences are short; a whole screen is said in several. */
export const SPOKEN_LENGTH_MAX = 600
const RENDER_MS_MAX = 5_000
/** Some sixty seconds of speech. */
const WAV_BYTES_MAX = 4 * 1024 * 1024
const RUNNING_MAX = 2
const WAITING_MAX = 8
/** A machine that cannot speak looks again this often: somebody may have installed what is missing. */
const LOOK_AGAIN_MS = 60_000
const WORDS_PER_MINUTE = 150
/** Quieter than this is nothing that anybody could hear. */
const SILENCE = 0.005

const VOICES: Record<Language, { readonly voice: string; readonly sample: string }> = {
  fr: { voice: 'fr-fr', sample: 'Bonjour' },
  en: { voice: 'en-gb', sample: 'Hello' },
  ar: { voice: 'ar', sample: 'مرحبا' },
}

/** Whoever is told of a voice that comes or goes. */
export interface SpeechLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
}

/** `missing`: espeak-ng is not installed. `failing`: it is, and does not speak every language. */
export type SpeechState = 'starting' | 'ready' | 'missing' | 'failing'
export type SpeechRefusal = 'SpeechUnavailable' | 'TooBusy'

/** A voice: sentences become sound on this box, without any network, and nothing of them is kept. */
export interface Speech {
  state(): SpeechState
  onState(listener: (state: SpeechState) => void): void
  /** @returns a WAV file, or why there is none */
  say(text: string, language: Language): Promise<Buffer | SpeechRefusal>
  close(): void
}

class NoVoiceError extends Error {
  readonly isMissing: boolean
  constructor(message: string, isMissing = false) {
    super(message)
    this.isMissing = isMissing
  }
}

/** Two brackets begin phonemes, and control characters mean nothing to an ear. */
const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').replaceAll(/\[\[|\]\]/g, ' ')

/** One sentence through one short-lived process: no shell, the text on its input alone, bounded in time and in size. */
function render(program: string, text: string, language: Language): Promise<Buffer> {
  const options = ['-v', VOICES[language].voice, '-s', String(WORDS_PER_MINUTE), '-b', '1', '--stdin', '--stdout']
  return new Promise((resolve, reject) => {
    const child = spawn(program, options, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: RENDER_MS_MAX,
      killSignal: 'SIGKILL',
    })
    const parts: Buffer[] = []
    let byteCount = 0
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new NoVoiceError(`${program} cannot be started: ${error.message}`, error.code === 'ENOENT')),
    )
    child.stdout.on('data', (part: Buffer) => {
      byteCount += part.length
      if (byteCount > WAV_BYTES_MAX) child.kill('SIGKILL')
      else parts.push(part)
    })
    child.once('close', (code, signal) => {
      const wav = wholeWav(Buffer.concat(parts))
      if (code === 0 && wav !== null && loudness(wav) > SILENCE) resolve(wav)
      else reject(new NoVoiceError(`${program} ended with ${signal ?? code} and ${byteCount} bytes`))
    })
    // A process that is gone before it has read shows itself by how it ends.
    child.stdin.once('error', () => {})
    child.stdin.end(plain(text))
  })
}

/** @param program - `espeak-ng`, wherever it is found */
export function openSpeech(program: string, log: SpeechLog): Speech {
  const listeners = new Set<(state: SpeechState) => void>()
  const waiting: (() => void)[] = []
  let state: SpeechState = 'starting'
  let runningCount = 0
  let isClosed = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function become(next: SpeechState): void {
    if (state === next || isClosed) return
    state = next
    if (next === 'ready') log.info({ speech: next }, 'this machine can speak')
    else log.warn({ speech: next }, 'this machine cannot speak: install espeak-ng')
    for (const listener of listeners) listener(next)
  }

  async function look(): Promise<void> {
    try {
      for (const language of LANGUAGES) await render(program, VOICES[language].sample, language)
      become('ready')
    } catch (error) {
      if (!(error instanceof NoVoiceError)) throw error
      lookLater(error.isMissing ? 'missing' : 'failing')
    }
  }
  function lookLater(why: SpeechState): void {
    become(why)
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void look(), LOOK_AGAIN_MS)
  }
  void look()

  async function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (runningCount >= RUNNING_MAX) await new Promise<void>((resolve) => waiting.push(resolve))
    else runningCount += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes this place over.
      const next = waiting.shift()
      if (next === undefined) runningCount -= 1
      else next()
    }
  }

  return {
    state: () => state,
    onState: (listener) => void listeners.add(listener),
    async say(text, language) {
      if (state === 'missing' || isClosed) return 'SpeechUnavailable'
      if (waiting.length >= WAITING_MAX) return 'TooBusy'
      try {
        return await inTurn(() => render(program, text.slice(0, SPOKEN_LENGTH_MAX), language))
      } catch (error) {
        if (!(error instanceof NoVoiceError)) throw error
        log.warn({ err: error }, 'a sentence was not spoken')
        // One sentence that fails may be its own fault; a program that says nothing any more is told at once.
        if (error.isMissing) lookLater('missing')
        else if (state === 'ready') void look()
        return 'SpeechUnavailable'
      }
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
