import { ok, type Result, refuse } from '#shared/domain/result.ts'
import { ACT_KEYS } from '../keys.ts'
import type { SideAct, Tool } from '../model.ts'

/** What a push-button, a keypad or a key of the whole machine can do: the acts of the desk, not the manager's pages. */
export type ButtonAct = 'primary' | SideAct | Exclude<Tool, 'setup'>

const NOT_ACTS: ReadonlySet<string> = new Set(['manage', 'setup'])
export const BUTTON_ACTS: readonly ButtonAct[] = [
  'primary',
  ...(Object.keys(ACT_KEYS).filter((act) => !NOT_ACTS.has(act)) as ButtonAct[]),
]

export const isButtonAct = (act: string): act is ButtonAct => BUTTON_ACTS.some((known) => known === act)

/** What a device sends, one letter for each byte, and what it means. */
export type ButtonTable = ReadonlyMap<string, ButtonAct>

/** A keypad's digits, and the words that a button's maker may set: enough for most without a table of their own. */
export const USUAL_BUTTONS: ButtonTable = new Map<string, ButtonAct>([
  ['1', 'primary'],
  ['2', 'recall'],
  ['3', 'hold'],
  ['4', 'no-show'],
  ['5', 'transfer'],
  ['6', 'return'],
  ['7', 'finish'],
  ['8', 'break'],
  ['9', 'issue'],
  ['NEXT', 'primary'],
  ['RECALL', 'recall'],
  ['HOLD', 'hold'],
  ['NOSHOW', 'no-show'],
  ['TRANSFER', 'transfer'],
  ['RETURN', 'return'],
  ['BREAK', 'break'],
])

export interface ButtonPlace {
  readonly path: string
  readonly baud: number
  readonly table: ButtonTable
}

const BAUD_DEFAULT = 9_600
const BAUDS: readonly number[] = [1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200]
const TOKEN_BYTES_MAX = 16
const TABLE_MAX = 32

const EXPECTED =
  'use serial:/dev/serial/by-id/…?baud=9600, and where the buttons send something else what each means, ' +
  `as ?baud=9600&N=primary&0x0d=recall, with ${BUTTON_ACTS.join(', ')}; none may begin as another does`

/** What a device sends, as it is written in an address: its letters, or its bytes as `0x0d0a`. */
function tokenOf(name: string): string | null {
  const hex = /^0x((?:[0-9a-f]{2})+)$/i.exec(name)?.[1]
  const token =
    hex === undefined ? name : hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  const isPlain = hex !== undefined || (/^[\x21-\x7e]+$/.test(name) && !/^0x/i.test(name))
  return isPlain && token.length <= TOKEN_BYTES_MAX ? token : null
}

/** An act is done as soon as it is heard: no token may be the beginning of another. */
const isAmbiguous = (tokens: readonly string[]): boolean =>
  tokens.some((token, at) => tokens.some((other, otherAt) => at !== otherAt && other.startsWith(token)))

function tableOf(entries: readonly (readonly [string, string])[]): ButtonTable | null {
  if (entries.length === 0) return USUAL_BUTTONS
  const table = new Map<string, ButtonAct>()
  for (const [name, act] of entries) {
    const token = tokenOf(name)
    if (token === null || token === '' || !isButtonAct(act) || table.has(token)) return null
    table.set(token, act)
  }
  return table.size > TABLE_MAX || isAmbiguous([...table.keys()]) ? null : table
}

/** Reads CALLER_BUTTONS. @returns where the buttons are and what they mean, or a sentence for whoever wrote it */
export function readButtonPlace(text: string): Result<ButtonPlace, string> {
  const wrong = refuse(`CALLER_BUTTONS is "${text}", which is no push-button: ${EXPECTED}.`)
  const [place = '', query = ''] = text.trim().split('?', 2)
  const path = /^serial:(\/[^\0]+|COM\d{1,3})$/.exec(place)?.[1]
  const entries = [...new URLSearchParams(query)]
  const bauds = entries.filter(([name]) => name === 'baud').map(([, value]) => Number(value))
  const [baud = BAUD_DEFAULT] = bauds
  const table = tableOf(entries.filter(([name]) => name !== 'baud'))
  if (path === undefined || bauds.length > 1 || !BAUDS.includes(baud) || table === null) return wrong
  return ok({ path, baud, table })
}

/** A contact that bounces, and a key that is held down, is one press. */
export const BOUNCE_MS = 250
/** Nobody presses more often; a line of another speed does. */
export const PRESSES_PER_SECOND_MAX = 4
const SECOND_MS = 1_000
/** A line that babbles presses nothing more until it has been still for so long. */
export const STILL_MS = 2_000

/** What is kept between two pieces of what a device sends. */
export interface ButtonInbox {
  /** What may become a token. */
  readonly begun: string
  readonly lastAct: ButtonAct | null
  /** When that was heard, each bounce anew. */
  readonly lastMs: number
  /** When the latest presses were taken. */
  readonly takenMs: readonly number[]
  /** It babbles: nothing is taken before then, and each byte puts that off. */
  readonly deafUntilMs: number
}

export const EMPTY_INBOX: ButtonInbox = {
  begun: '',
  lastAct: null,
  lastMs: Number.NEGATIVE_INFINITY,
  takenMs: [],
  deafUntilMs: 0,
}

function press(inbox: ButtonInbox, act: ButtonAct, nowMs: number): { inbox: ButtonInbox; isTaken: boolean } {
  const isBounce = act === inbox.lastAct && nowMs - inbox.lastMs < BOUNCE_MS
  const recent = inbox.takenMs.filter((atMs) => nowMs - atMs < SECOND_MS)
  const isBabble = !isBounce && recent.length >= PRESSES_PER_SECOND_MAX
  const isTaken = !isBounce && !isBabble
  const next = {
    ...{ begun: '', lastAct: act, lastMs: nowMs, takenMs: isTaken ? [...recent, nowMs] : recent },
    deafUntilMs: isBabble ? nowMs + STILL_MS : inbox.deafUntilMs,
  }
  return { inbox: next, isTaken }
}

/**
 * One piece of what a device sends. Pure. Bytes that begin nothing are passed over; a line's end begins anew. A line that
 * presses faster than hands do is of another speed, or broken: it would call and end customers for as long as it lasts.
 * @param nowMs - a steady clock
 */
export function hearButtons(
  table: ButtonTable,
  before: ButtonInbox,
  bytes: Uint8Array,
  nowMs: number,
): { readonly inbox: ButtonInbox; readonly acts: readonly ButtonAct[] } {
  const tokens = [...table.keys()]
  const acts: ButtonAct[] = []
  let inbox = before
  for (const byte of bytes) {
    if (nowMs < inbox.deafUntilMs) {
      inbox = { ...inbox, begun: '', deafUntilMs: nowMs + STILL_MS }
      continue
    }
    let begun = inbox.begun + String.fromCharCode(byte)
    while (begun !== '' && !tokens.some((token) => token.startsWith(begun))) begun = begun.slice(1)
    const act = table.get(begun)
    if (act === undefined) {
      inbox = { ...inbox, begun }
      continue
    }
    const pressed = press(inbox, act, nowMs)
    inbox = pressed.inbox
    if (pressed.isTaken) acts.push(act)
  }
  return { inbox, acts }
}
