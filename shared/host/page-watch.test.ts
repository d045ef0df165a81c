import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type PageWatch, watchPages } from './page-watch.ts'

const LOOK_MS = 10
const log = { info: () => {}, warn: () => {}, error: () => {} }
let watch: PageWatch
let noted = 0
let reloads = 0

const begin = (hadPage: boolean): void => {
  watch = watchPages({ log, hadPage, notePage: () => (noted += 1), lookMs: LOOK_MS })
}
const look = (times: number): void => void vi.advanceTimersByTime(times * LOOK_MS)
const open = () => watch.opened(() => (reloads += 1))

beforeEach(() => {
  vi.useFakeTimers()
  noted = 0
  reloads = 0
})
afterEach(() => {
  watch.close()
  vi.useRealTimers()
})

test('a page that draws is shown, one that stops is frozen and loaded anew, again and again', () => {
  begin(false)
  const heard: (string | null)[] = []
  watch.onState(() => heard.push(watch.state()))
  const page = open()
  for (let count = 0; count < 9; count += 1) {
    look(2)
    page.beat()
  }
  expect([watch.state(), reloads, noted]).toEqual(['shown', 0, 1])
  look(3)
  expect([watch.state(), reloads]).toEqual(['frozen', 1])
  look(6)
  expect(reloads).toBe(2)
  page.gone()
  open().beat()
  expect(watch.state()).toBe('shown')
  expect(heard).toEqual(['shown', 'frozen', 'shown'])
})

test('a page that loads anew for a moment is not missing, one that stays away is', () => {
  begin(true)
  const page = open()
  page.beat()
  page.gone()
  look(2)
  expect(watch.state()).toBe('shown')
  look(1)
  expect(watch.state()).toBe('missing')
})

test('a host that never had a window is no dead screen; one that had one before is', () => {
  begin(false)
  look(100)
  expect(watch.state()).toBeNull()
  watch.close()
  begin(true)
  look(3)
  expect(watch.state()).toBe('missing')
})
