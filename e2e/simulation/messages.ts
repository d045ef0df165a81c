import { parseArgs } from 'node:util'
import { sendMany } from '../messages/send-many.ts'

const SEED_MAX = 1_000_000_000

/** Messages to a provider on a bad day. @returns whether nobody was written to twice and every state is true */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { count: { type: 'string', default: '10000' }, seed: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Math.random() * SEED_MAX))
  const { untrue, wrongSums, ...figures } = await sendMany(Number(values.count), seed)
  const { messages, seconds, duplicates, unsettled } = figures
  console.info(`${messages} messages in ${seconds} s, seed ${seed}: ${duplicates} twice, ${unsettled} without a state`)
  console.info(JSON.stringify(figures))
  for (const one of [...untrue, ...wrongSums]) console.error(one)
  return duplicates + unsettled + untrue.length + wrongSums.length === 0
}
