import { expect, test } from 'vitest'
import type { Catalogue, Words } from '../domain/catalogue.ts'
import type { EpochMs, ServiceId } from '../domain/ids.ts'
import { kioskMenu } from './kiosk-menu.ts'
import { searchServices } from './kiosk-search.ts'
import { SAMPLE_CATALOGUE, SAMPLE_START_MS, sampleState } from './sample-branch.ts'

const [plain] = SAMPLE_CATALOGUE.services
if (plain === undefined) throw new Error('The sample has no service')
const service = (id: string, name: Words, category: Words | null = null) => ({
  ...plain,
  ...{ id: id as ServiceId, name, category },
})
const catalogue: Catalogue = {
  ...SAMPLE_CATALOGUE,
  services: [
    service('passport', { fr: 'Retrait de passeport', en: 'Passport collection', ar: 'استلام جواز السفر' }),
    service('birth', { fr: 'Extrait d’acte de naissance', en: 'Birth certificate', ar: 'مستخرج عقد الولادة' }),
    service('deposit', { fr: 'Dépôt d’espèces', en: 'Cash deposit', ar: 'إيداع نقدي' }),
    service('withdrawal', { fr: 'Retrait', en: 'Withdrawal', ar: 'سحب' }),
    service('heart', { fr: 'Cœur et vaisseaux', en: 'Heart', ar: 'القلب' }, { fr: 'Médecine', ar: 'الطبّ' }),
  ],
}
const menu = kioskMenu(sampleState([], catalogue), SAMPLE_START_MS as EpochMs)
const found = (typed: string): readonly string[] =>
  searchServices(menu.services, typed).map(({ serviceId }) => serviceId)

test('accents, ligatures, case, apostrophes and the turns of Arabic writing do not matter', () => {
  expect(found('depot')).toEqual(['deposit'])
  expect(found('DÉPÔT ESPECES')).toEqual(['deposit'])
  expect(found('coeur')).toEqual(['heart'])
  expect(found('acte')).toEqual(['birth'])
  expect(found('ايداع')).toEqual(['deposit'])
  expect(found('إيـداع')).toEqual(['deposit'])
  expect(found('ولاده')).toEqual(['birth'])
  expect(found('القلب')).toEqual(['heart'])
  expect(found('قلب')).toEqual(['heart'])
})

test('a word of another language finds it too, and what begins with it comes first', () => {
  expect(found('withdrawal')).toEqual(['withdrawal'])
  expect(found('جواز')).toEqual(['passport'])
  expect(found('retrait')).toEqual(['passport', 'withdrawal'])
  expect(found('pass')).toEqual(['passport'])
  expect(found('cash')).toEqual(['deposit'])
})

test('a category finds its services, nothing typed finds none, and nonsense neither', () => {
  expect(found('medecine')).toEqual(['heart'])
  expect(found('طب')).toEqual(['heart'])
  for (const typed of ['', '  ', '-', 'xyz', '(', '\u202e', 'a'.repeat(1_000)]) expect(found(typed)).toEqual([])
})
