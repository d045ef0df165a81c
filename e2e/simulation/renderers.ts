import { parseArgs } from 'node:util'
import { random } from '../power/clients.ts'
import { killRenderers, percentile } from '../shell/kill-renderers.ts'
import { openScreenBox } from '../shell/screen-box.ts'

const SEED_MAX = 1_000_000_000
/** What a kiosk was promised: its page is back by then, 99 times of 100. */
const BACK_MS_P99_MAX = 3_000

/** Kills what draws the kiosk's page N times. @returns whether it was back in time */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  await using box = await openScreenBox()
  const awayMs = await killRenderers(box, Number(values.kills), random(seed)).finally(() => {
    for (const what of box.said.filter((it) => !it.includes('loaded again'))) console.info(what)
  })
  const [half, most, worst] = [0.5, 0.99, 1].map((share) => Math.round(percentile(awayMs, share)))
  const anew = box.said.filter((what) => what.includes('opened again')).length
  console.info(
    `${awayMs.length} renderer kills, seed ${seed}: back after ${half} ms (p50), ${most} ms (p99, at most ${BACK_MS_P99_MAX}), ${worst} ms (worst); the whole browser opened again ${anew} times`,
  )
  return most !== undefined && most <= BACK_MS_P99_MAX
}
