import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enteredBeforeAnswered, keyMadeAnew } from '../plants/caller.ts'
import { plantedCopy } from '../plants/plant.ts'
import { noteThroughPannes } from './caller-power.ts'

/** The long form: MARK_ROUNDS=100; it sees the planted bugs, too, which `caller/enter-marks.test.ts` sees at once. */
const LONG = process.env['MARK_ROUNDS']
const ROUNDS = Number(LONG ?? 1)
const SEED = Number(process.env['OFFLINE_SEED'] ?? 20_261_127)

test('whatever is killed or cut off, what staff noted without the server is entered once each, in their order', async () => {
  const { failures, ...figures } = await noteThroughPannes(SEED, ROUNDS)
  console.log('marks:', JSON.stringify({ seed: SEED, ...figures }))
  expect(failures).toEqual([])
  expect(figures.rounds).toBe(ROUNDS)
})

let own = ''
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'smartqueue-plant-'))
})
afterEach(() => rmSync(own, { recursive: true, force: true }))

const seen = [
  [enteredBeforeAnswered, /was entered 0 times/],
  [keyMadeAnew, /the marks of A\d+ are refused/],
] as const
for (const [plant, complaint] of LONG === undefined ? [] : seen)
  test(`the rounds see: ${plant.name}`, async () => {
    const root = plantedCopy(join(own, 'copy'), [plant], ['caller'])
    expect((await noteThroughPannes(SEED, 4, root)).failures.join()).toMatch(complaint)
  })
