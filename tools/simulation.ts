import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `npm start` was asked for. */
export interface Simulation {
  readonly speed: number
  readonly seed: number
  readonly load: number
}

const USAGE = 'usage: npm start [-- [--no-cloud] [--simulate [--speed 1..60] [--seed N] [--load 0.1..3]]]'
const OTHERWISE: Simulation = { speed: 1, seed: 1, load: 0.9 }
const RANGES = {
  '--speed': { name: 'speed', from: 1, to: 60, isWhole: false },
  '--seed': { name: 'seed', from: 0, to: 4_294_967_295, isWhole: true },
  '--load': { name: 'load', from: 0.1, to: 3, isWhole: false },
} as const

const isRange = (word: string): word is keyof typeof RANGES => word in RANGES

/** @returns null without `--simulate`; a sentence that names the argument when one is wrong */
export function readArguments(words: readonly string[]): Simulation | string | null {
  let wanted = OTHERWISE
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--simulate') continue
    if (!isRange(word)) return `There is no argument ${word}; ${USAGE}`
    if (!words.includes('--simulate')) return `${word} goes with --simulate; ${USAGE}`
    const { name, from, to, isWhole } = RANGES[word]
    const text = words[at + 1] ?? ''
    const value = Number(text)
    const isGood = /^\d+(\.\d+)?$/.test(text) && value >= from && value <= to && (!isWhole || Number.isInteger(value))
    if (!isGood) return `${word} must be a ${isWhole ? 'whole ' : ''}number from ${from} to ${to}, not "${text}".`
    wanted = { ...wanted, [name]: value }
    at += 1
  }
  return words.includes('--simulate') ? wanted : null
}

export interface Bank {
  readonly counters: readonly { readonly id: string }[]
  readonly branch: { readonly name: string; readonly timezone: string; readonly defaultLanguage: string }
  readonly agents: readonly {
    readonly id: string
    readonly name: string
    readonly role: string
    readonly pin: string
  }[]
}

export const readBank = (root: string): Bank =>
  JSON.parse(readFileSync(join(root, 'tools/demo/bank.json'), 'utf8')) as Bank

/** Writes what the simulated people must know; it holds PINs, so only its owner may read it. @returns the file */
export function writeSettings(
  folder: string,
  { speed, seed, load }: Simulation,
  { counters, agents }: Bank,
  urls: { readonly kiosk: string; readonly callers: readonly string[] },
): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'settings.json')
  const posts = counters.flatMap(({ id }, at) => {
    const url = urls.callers[at]
    return url === undefined ? [] : [{ counterId: id, url }]
  })
  const pins = Object.fromEntries(agents.map(({ id, pin }) => [id, pin]))
  const settings = { speed, seed, load, kioskUrl: urls.kiosk, counters: posts, pins }
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 })
  return file
}
