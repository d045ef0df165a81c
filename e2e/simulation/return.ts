import { parseArgs } from 'node:util'
import { openTestDatabase } from '../../cloud-sync/testing/test-database.ts'
import { returnPlants } from '../plants/return.ts'
import { runPlanted } from './cloud/planted.ts'
import { comeBack } from './return/come-back.ts'
import { measureCapacity } from './return/measure-capacity.ts'
import { QUICK, QUICK_WORDS } from './return/quick.ts'

const tell = (what: string): void => console.error(what)

async function runPlant(name: string): Promise<boolean> {
  const plant = returnPlants.find((it) => it.name === name)
  if (plant === undefined) {
    tell(`There is no plant ${name}; there are ${returnPlants.map((it) => it.name).join(', ')}`)
    return false
  }
  const { exitCode, output } = await runPlanted(plant, QUICK_WORDS, {}, 'return')
  console.info(output)
  return exitCode === 0
}

/**
 * `npm run simulate -- return [--branches N] [--events N] [--seed S] [--quick | --real] [--plant NAME]`: so many branches, each with so
 * many events behind, find their cloud again after days. The branches' code, the cloud's and its database are real; time is
 * simulated, and what the cloud can do in it is measured first. Quick: a cloud that can do little, with a narrow door.
 * Real: in our own time, which only a machine with nothing else to do can bear.
 * @returns whether all was as it must be
 */
export async function simulate(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      branches: { type: 'string', default: '5000' },
      events: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      real: { type: 'boolean', default: false },
      plant: { type: 'string' },
    },
  })
  if (values.plant !== undefined) return runPlant(values.plant)
  const server = await openTestDatabase(process.env['TEST_DATABASE_URL'])
  const { administratorUrl } = server
  try {
    const measured = values.quick || values.real ? null : await measureCapacity(administratorUrl)
    if (measured !== null) tell(`measured, in ms of a processor: ${JSON.stringify(measured)}`)
    const { faults, figures, progressSeconds } = await comeBack({
      ...{ administratorUrl, admission: null, capacity: measured, onProgress: tell },
      ...{ branchCount: Number(values.branches), eventCount: Number(values.events), seed: Number(values.seed) },
      ...(values.quick && QUICK),
    })
    for (const [name, value] of Object.entries(figures)) console.info(`${name}: ${Math.round(value * 10) / 10}`)
    console.info(`a tenth, half and all of it after ${progressSeconds.map((it) => it?.toFixed(0)).join(', ')} s`)
    for (const fault of faults) console.error(`AT FAULT: ${fault}`)
    return faults.length === 0
  } finally {
    await server.close()
  }
}
