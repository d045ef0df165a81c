import { expect, test } from 'vitest'
import type { TriedPrinter } from '#shared/wire/staff.ts'
import { canGoOn, choiceOf, goBack, goOn, START_SET_UP, withPicked, withPlace, withTask } from './set-up-steps.ts'

const TRIED: TriedPrinter = {
  address: 'serial:/dev/serial/by-id/x?baud=19200',
  outcome: 'sent',
  status: { capability: 'status-only', online: true, paper: 'ok', cover: 'closed', hint: 'ready' },
  receipt: 'none',
  automaticStatus: 'none',
}
const placed = withPlace(START_SET_UP, { address: 'serial:/dev/serial/by-id/x' })
const tested = withTask(goOn(placed), { type: 'tried', printer: TRIED })

test('nobody goes on without an answer to what the step asks', () => {
  expect(goOn(START_SET_UP)).toBe(START_SET_UP)
  expect(goOn(placed).step).toBe('test')
  expect(canGoOn(tested)).toBe(false)
  expect(canGoOn({ ...tested, isBarWhole: false, isCodeSeen: true })).toBe(false)
  const seen = { ...tested, isBarWhole: true, isCodeSeen: false }
  expect(goOn(seen).step).toBe('letters')
  expect(canGoOn({ ...seen, tried: { ...TRIED, outcome: 'failed' } })).toBe(false)
  expect(canGoOn(goOn(seen))).toBe(false)
  expect(canGoOn(withTask(goOn(seen), { type: 'lettered', outcome: 'failed' }))).toBe(false)
  expect(canGoOn(withTask(goOn(seen), { type: 'lettered', outcome: 'uncertain' }))).toBe(true)
})

test('another width or another printer is tried anew', () => {
  const answered = withPicked({ ...tested, isBarWhole: true, isCodeSeen: true, areLinesPrinted: true }, 2)
  expect(withPlace(answered, { paperMm: 58 })).toMatchObject({ paperMm: 58, tried: null, isBarWhole: null, picked: [] })
})

test('what is kept is what was seen: the speed that answered, the code as it came, the lines in their order', () => {
  const seen = { ...tested, isBarWhole: true, isCodeSeen: false }
  const picked = [2, 0, 5, 5].reduce(withPicked, seen)
  expect(choiceOf(picked)).toEqual({
    ...{ address: TRIED.address, paperMm: 80, codePages: [0, 2], qr: 'raster' },
    ...{ receipt: 'none', automaticStatus: 'none', stands: 'only' },
  })
  expect(choiceOf({ ...picked, stands: 'second' })?.stands).toBe('second')
  expect(choiceOf(placed)).toBeNull()
})

test('one goes back step by step, and from the first one to the menu', () => {
  expect(goBack(tested)?.step).toBe('find')
  expect(goBack(placed)).toBeNull()
})
