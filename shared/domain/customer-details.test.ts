import { expect, test } from 'vitest'
import { asksOf, keptDetails } from './customer-details.ts'
import type { ServiceId } from './ids.ts'
import { bank, cash } from './testing/bank.ts'

const [first, second] = bank.services.map(({ id }) => id)
const asking = {
  ...bank,
  services: bank.services.map((service) => ({
    ...service,
    asks: service.id === first ? (['name'] as const) : service.id === second ? (['phone', 'name'] as const) : [],
  })),
}
const consent = { version: 3, language: 'fr' } as const

test('a visit asks what any of its services asks, each thing once', () => {
  expect(asksOf(asking.services, [first as ServiceId])).toEqual(['name'])
  expect(asksOf(asking.services, [second as ServiceId, first as ServiceId])).toEqual(['name', 'phone'])
  expect(asksOf(bank.services, [cash])).toEqual([])
})

test('only what is asked for is kept, in one line, and nothing of a customer who typed nothing', () => {
  const typed = { name: ' Awa \u202eNdiaye\n ', phone: '+221771234567', consent }
  expect(keptDetails(asking, [first as ServiceId], typed)).toEqual({ name: 'Awa Ndiaye', phone: null, consent })
  expect(keptDetails(asking, [second as ServiceId], typed)?.phone).toBe('+221771234567')
  expect(keptDetails(asking, [second as ServiceId], { name: ' \u200f ', consent })).toBeNull()
  expect(keptDetails(bank, [cash], typed)).toBeNull()
  expect(keptDetails(undefined, [cash], typed)).toBeNull()
})
