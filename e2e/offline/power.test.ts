import { expect, test } from 'vitest'
import { cutWhilePairing, cutWhilePrinting } from './kiosk-power.ts'

/** The long form: OFFLINE_CUTS=each meets every storage operation in turn; a number, so many drawn from the seed. */
const CUTS = process.env['OFFLINE_CUTS'] ?? '10'
const SEED = Number(process.env['OFFLINE_SEED'] ?? 20_261_123)
/** Of the first boot and the pairing; every so many, in the long form each. */
const FIRST_BOOT_OPERATIONS = 90
const STRIDE = CUTS === 'each' ? 1 : 30

test('a kiosk whose plug is pulled while it prints alone loses no number and gives none twice', async () => {
  const { failures, ...figures } = await cutWhilePrinting(SEED, CUTS === 'each' ? CUTS : Number(CUTS))
  console.log('cuts while printing:', JSON.stringify({ seed: SEED, ...figures }))
  expect(failures).toEqual([])
  expect(figures.cuts).toBeGreaterThan(0)
})

test('a kiosk whose plug is pulled at its first boot or in its pairing can be paired and used', async () => {
  let cuts = 0
  for (let at = 1; at <= FIRST_BOOT_OPERATIONS; at += STRIDE) {
    const { failures, ...outcome } = await cutWhilePairing(SEED, at)
    cuts += outcome.cuts
    expect(failures).toEqual([])
  }
  console.log('cuts at a first boot:', cuts)
  expect(cuts).toBeGreaterThan(0)
})
