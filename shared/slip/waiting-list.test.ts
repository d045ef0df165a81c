import { expect, test } from 'vitest'
import { amadou, bank, cards, cash, counter1, senior } from '../domain/testing/bank.ts'
import { busyBranch } from '../domain/testing/busy-branch.ts'
import { openBranch } from '../domain/testing/story.ts'
import { PAPER_ROWS_MAX, paperList } from '../project/paper-list.ts'
import { composePaper } from './compose-list.ts'
import { type ProfileName, profileNamed } from './profile.ts'
import { SHEET_NUMBERS_MAX, SHEETS_MAX, waitingListSheets } from './waiting-list.ts'

const textOf = (
  sheet: ReturnType<typeof waitingListSheets>[number] | undefined,
  profile: ProfileName = 'paper-80',
): string => {
  if (sheet === undefined) throw new Error('There is no such sheet')
  return composePaper(sheet, profileNamed(profile))
    .lines.flatMap((line) => (line.type === 'text' ? [line.text] : []))
    .join('\n')
}

test('everybody who waits is on the list, in the order of each queue, and whoever was called before them', () => {
  const story = openBranch(bank, [[counter1, amadou]])
  for (const service of [cash, cash, cards]) story.takes(service)
  story.takes(cash, senior)
  story.callsNext(counter1)
  const [sheet, ...more] = waitingListSheets(story.state())
  expect(more).toEqual([])
  const numbers = textOf(sheet).match(/[A-Z]\d{3}/g)
  expect(numbers).toEqual(paperList(story.state(), null).flatMap(({ rows }) => rows.map(({ number }) => number)))
  expect(numbers).toHaveLength(4)
  expect(textOf(sheet)).toContain('23 novembre 2026')
})

test('a long line goes on over sheets, each of which says whose numbers it bears, and there is an end to them', () => {
  const story = busyBranch(bank, [])
  const people = SHEET_NUMBERS_MAX * SHEETS_MAX + 3
  for (let count = 0; count < people; count += 1) story.takes(cash)
  const sheets = waitingListSheets(story.state())
  expect(sheets).toHaveLength(SHEETS_MAX)
  for (const sheet of sheets) expect(sheet.lines[0]?.type).toBe('queue')
  expect(textOf(sheets.at(-1))).toContain(`En tout : ${people}`)
  expect(textOf(sheets.at(-1))).toContain('Encore 3 ')
  expect(textOf(sheets[0])).not.toContain('En tout')
})

test('each number and its time stand in one line, on narrow paper, too; an empty branch says so', () => {
  const story = openBranch(bank)
  expect(textOf(waitingListSheets(story.state())[0])).toContain('Personne')
  story.takes(cash)
  expect(textOf(waitingListSheets(story.state())[0], 'paper-58')).toMatch(/^\[ \] A001 +09:00$/m)
})

test('whoever stands beyond the longest line that is listed is counted all the same', () => {
  const story = busyBranch(bank, [])
  for (let count = 0; count < PAPER_ROWS_MAX + 3; count += 1) story.takes(cash)
  const last = textOf(waitingListSheets(story.state()).at(-1))
  expect(last).toContain(`En tout : ${PAPER_ROWS_MAX + 3}`)
  expect(last).toContain(`Encore ${PAPER_ROWS_MAX + 3 - SHEET_NUMBERS_MAX * SHEETS_MAX} `)
})

test('whoever came after the sheet has a list of as much room as those who were there', () => {
  const story = busyBranch(bank, [])
  story.takes(cash)
  const sheetMs = story.state().now.steadyMs
  story.clock.pass(60_000)
  for (let count = 0; count < PAPER_ROWS_MAX; count += 1) story.takes(cash, count % 2 === 0 ? senior : null)
  const [line, later] = paperList(story.state(), null, sheetMs)
  expect([line?.rows.length, later?.kind, later?.rows.length]).toEqual([1, 'later', PAPER_ROWS_MAX])
})
