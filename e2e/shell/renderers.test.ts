// What draws the kiosk's page is killed, and the page is there again: short form of `npm run simulate -- renderers`.
import { expect, test } from 'vitest'
import { random } from '../power/clients.ts'
import { killRenderers, percentile } from './kill-renderers.ts'
import { isDrawn, openScreenBox } from './screen-box.ts'

const KILLS = 10

test('a page whose process is killed is drawn again, and a browser that is killed is opened again', async () => {
  await using box = await openScreenBox()
  const awayMs = await killRenderers(box, KILLS, random(5))
  expect(awayMs.length).toBe(KILLS)
  console.info(
    `${KILLS} renderer kills: back after ${Math.round(percentile(awayMs, 0.5))} ms, at most ${Math.round(Math.max(...awayMs))} ms`,
  )
  // The keeper loaded it anew, and never had to open the whole browser again.
  expect(box.said).toEqual(Array.from({ length: KILLS }, () => 'the page crashed and is loaded again'))
  const before = box.pid()
  process.kill(before, 'SIGKILL')
  await expect.poll(() => box.pid(), { timeout: 60_000 }).not.toBe(before)
  const eyes = await box.lookAgain()
  await expect.poll(() => isDrawn(eyes), { timeout: 60_000 }).toBe(true)
})

test('the page of a display that never comes out of a loop is opened anew by itself', async () => {
  await using box = await openScreenBox({ face: 'display', askMs: 700 })
  const before = box.pid()
  const startedMs = performance.now()
  // Nobody waits for it: it has no end.
  void box.eyes.evaluate('for (;;);')
  await expect.poll(() => box.pid(), { timeout: 60_000 }).not.toBe(before)
  const eyes = await box.lookAgain()
  await expect.poll(() => isDrawn(eyes), { timeout: 60_000 }).toBe(true)
  expect(box.said).toEqual(['the page hangs: the browser is opened again'])
  console.info(
    `a page that hangs: another after ${Math.round(performance.now() - startedMs)} ms, looked at each 700 ms`,
  )
  eyes.close()
})
