import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Plant, stillFits } from './plant.ts'

const isPlant = (it: unknown): it is Plant => typeof it === 'object' && it !== null && 'find' in it && 'replace' in it

// Most are sown by command only: one that no longer fits must not wait for that day.
test('every plant still fits its source', async () => {
  const here = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(
    here.map(async (name) => Object.values((await import(join(import.meta.dirname, name))) as Record<string, unknown>)),
  )
  const plants = modules.flat(2).filter(isPlant)
  expect(plants.length).toBeGreaterThan(80)
  expect(plants.filter((plant) => !stillFits(plant)).map(({ name }) => name)).toEqual([])
})
