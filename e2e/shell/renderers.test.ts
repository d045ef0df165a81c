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
