// A planted bug: the sources are copied to a folder of their own, one text is replaced there, and the program under test
// is started from the copy. Production code holds no switch.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Plant {
  readonly name: string
  readonly file: string
  /** Must be there exactly once: a plant that no longer fits its source is a failure, not a test that passes. */
  readonly find: string
  readonly replace: string
}

/** `PLANTS=all` sows every bug. Each costs a run of what must see it, so a usual run sows some of each list. */
export const isEveryPlantSown = process.env['PLANTS'] === 'all'

const SOWN_EACH = 6

/** Of a list the first, and then each sixth, unless all are sown. */
export const sownNow = <Sown>(plants: readonly Sown[]): readonly Sown[] =>
  plants.filter((_, at) => isEveryPlantSown || at % SOWN_EACH === 0)

export const CHECKOUT = resolve(import.meta.dirname, '../..')

/** What the program is made of; the programs that drive it come along, so that they drive the copy. */
const COPIED = [
  'shared',
  'branch-server',
  'cloud-sync',
  'e2e/power',
  'vite.programs.ts',
  'package.json',
  'tsconfig.json',
] as const

/**
 * Copies the program and plants bugs in the copy.
 * @param more - what else of the checkout is needed
 * @returns the folder to start it from
 */
export function plantedCopy(into: string, plants: readonly Plant[], more: readonly string[] = []): string {
  for (const name of [...COPIED, ...more]) {
    mkdirSync(join(into, name, '..'), { recursive: true })
    cpSync(join(CHECKOUT, name), join(into, name), { recursive: true })
  }
  symlinkSync(join(CHECKOUT, 'node_modules'), join(into, 'node_modules'))
  for (const plant of plants) sow(into, plant)
  return into
}

const fits = (source: string, { find }: Plant): boolean => source.split(find).length === 2

/** Whether its text is there once in the checkout, as it must be for the plant to be worth something. */
export const stillFits = (plant: Plant): boolean => fits(readFileSync(join(CHECKOUT, plant.file), 'utf8'), plant)

let sown = 0
/** How often a bug was planted in, or taken out of, a copy: what was built before that is of other sources. */
export const sownCount = (): number => sown

/**
 * Plants one bug in a copy. Where several are planted in turn, the copy stays the same: what the test runner has made of
 * its other files is made once.
 * @returns takes it out again
 */
export function sow(root: string, plant: Plant): Disposable {
  const path = join(root, plant.file)
  const source = readFileSync(path, 'utf8')
  if (!fits(source, plant)) throw new Error(`The plant "${plant.name}" no longer fits ${plant.file}`)
  const write = (text: string): void => {
    sown += 1
    writeFileSync(path, text)
  }
  write(source.replace(plant.find, () => plant.replace))
  return { [Symbol.dispose]: () => write(source) }
}
