import { wordsIn } from '../domain/catalogue.ts'
import type { Language } from '../domain/ids.ts'
import type { BranchState } from '../domain/state.ts'
import { paperList } from '../project/paper-list.ts'
import { listWords } from '../words/waiting-list.ts'

/** Numbers on one sheet, and sheets of one list: a printer's memory and its roll both end. */
export const SHEET_NUMBERS_MAX = 40
export const SHEETS_MAX = 8

/** A number to call, or the name of those that follow it. */
export type ListLine =
  | { readonly type: 'queue'; readonly name: string }
  | { readonly type: 'number'; readonly number: string; readonly issuedAtMs: number; readonly isPriority: boolean }

/** One sheet of the waiting list, as it is kept until it is on paper. */
export interface ListContent {
  readonly kind: 'waiting-list'
  readonly branchName: string
  readonly language: Language
  readonly timezone: string
  /** When the list was true. */
  readonly atMs: number
  readonly page: number
  readonly pageCount: number
  readonly lines: readonly ListLine[]
  /** How many are on all sheets, and how many found no room; told on the last one. */
  readonly count: number
  readonly leftOut: number
  readonly copyNumber: number
}

type NumberLine = Extract<ListLine, { type: 'number' }>

/** The name of a queue goes on with its numbers: a sheet that begins within one says whose they are. */
function sheetsOf(queues: readonly { readonly name: string; readonly numbers: readonly NumberLine[] }[]) {
  const sheets: ListLine[][] = []
  let room = 0
  for (const { name, numbers } of queues)
    for (const [index, line] of numbers.entries()) {
      const isFull = room === 0
      if (isFull) {
        if (sheets.length === SHEETS_MAX) return sheets
        sheets.push([])
        room = SHEET_NUMBERS_MAX
      }
      if (index === 0 || isFull) sheets.at(-1)?.push({ type: 'queue', name })
      sheets.at(-1)?.push(line)
      room -= 1
    }
  return sheets.length === 0 ? [[]] : sheets
}

/**
 * Everybody who waits, in the order in which they are to be called, as sheets to print; in the branch's own language.
 * @returns none before the first catalogue
 */
export function waitingListSheets(state: BranchState): readonly ListContent[] {
  const settings = state.catalogue?.body.branch
  if (settings === undefined) return []
  const { name: branchName, defaultLanguage: language, timezone } = settings
  const list = paperList(state, null)
  const queues = list.map(({ kind, name, rows }) => ({
    name: kind === 'called' ? listWords(language).called : wordsIn(name, language, language),
    numbers: rows.map(
      ({ number, issuedAtMs, isPriority }): NumberLine => ({ type: 'number', number, issuedAtMs, isPriority }),
    ),
  }))
  const count = list.reduce((sum, { rows, leftOut }) => sum + rows.length + leftOut, 0)
  const sheets = sheetsOf(queues)
  const printed = sheets.flat().filter(({ type }) => type === 'number').length
  return sheets.map((lines, index) => ({
    ...{ kind: 'waiting-list' as const, branchName, language, timezone, atMs: state.now.atMs },
    ...{ page: index + 1, pageCount: sheets.length, lines, count, leftOut: count - printed, copyNumber: 1 },
  }))
}
