import { randomInt } from 'node:crypto'
import { createInterface } from 'node:readline'
import { TRIAL_CODE_DIGITS } from '#shared/wire/trials.ts'
import type { CommissioningText, SayCommissioning } from '#shared/words/commissioning.ts'
import type { Values } from './finding.ts'

/** What leaves a step out. */
const SKIP = '-'
const TRIES_MAX = 3
const DIGITS: Readonly<Record<string, string>> = Object.fromEntries(
  ['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'].flatMap((digits) => [...digits].map((digit, value) => [digit, String(value)])),
)

/** Digits as each of our keyboards writes them. */
export const plainDigits = (text: string): string => [...text].map((letter) => DIGITS[letter] ?? letter).join('')

/** The person who commissions the branch, at a terminal. */
export interface Person {
  tell(text: CommissioningText, values?: Values): void
  line(text: string): void
  /** @returns what was typed; null = the step is to be left out @throws when there is no more input */
  ask(text: CommissioningText, values?: Values): Promise<string | null>
  /** Asks for what only she who looks can know; no yes is taken for it. */
  askCode(text: CommissioningText, values: Values, code: string): Promise<'right' | 'wrong' | 'skipped'>
  close(): void
}

/** Four digits that nobody can guess more than once in ten thousand. */
export const makeCode = (): string => String(randomInt(10 ** TRIAL_CODE_DIGITS)).padStart(TRIAL_CODE_DIGITS, '0')

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** @param ended - made when there is no more input */
export function openPerson({ input, output }: Terminal, say: SayCommissioning, ended: () => Error): Person {
  const reader = createInterface({ input, terminal: false })
  const lines = reader[Symbol.asyncIterator]()
  const line = (text: string): void => void output.write(`${text}\n`)
  async function ask(text: CommissioningText, values: Values = {}): Promise<string | null> {
    output.write(`${say(text, values)}\n> `)
    const { value, done } = await lines.next()
    if (done === true) throw ended()
    const typed = String(value).trim()
    return typed === SKIP ? null : typed
  }
  return {
    tell: (text, values = {}) => line(say(text, values)),
    line,
    ask,
    async askCode(text, values, code) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const typed = await ask(text, values)
        if (typed === null) return 'skipped'
        if (plainDigits(typed) === code) return 'right'
        line(say('wrongCode'))
      }
      return 'wrong'
    },
    close: () => reader.close(),
  }
}
