import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { breakReasonNamed } from '../domain/catalogue-defaults.ts'
import type { ReasonId } from '../domain/ids.ts'
import { catalogueOf } from './catalogue.ts'
import { CatalogueBody } from './catalogue-body.ts'

const sent = {
  branch: { id: 'b', name: 'B', timezone: 'Africa/Dakar', languages: ['fr', 'ar'], defaultLanguage: 'fr' },
  services: [
    { id: 'cash', name: 'Espèces', prefix: 'A', queueId: 'q', category: 'Argent' },
    {
      id: 'card',
      name: { fr: 'Carte', ar: 'بطاقة' },
      prefix: 'B',
      queueId: 'q',
      category: { fr: 'Cartes', ar: 'بطاقات' },
    },
  ],
  queues: [{ id: 'q', name: 'Caisses' }],
  counters: [{ id: 'c', name: 'Guichet 1', queueIds: ['q'] }],
  agents: [],
  priorityClasses: [{ id: 'senior', name: 'Senior', value: 1, selfService: true, icon: 'senior' }],
  reasons: [{ id: 'copy', name: 'Photocopie' }],
  outcomes: [{ id: 'done', name: { fr: 'Réglé', ar: 'تم' } }],
} as const

test('a name is a text in the default language or one in each; a category stays as it was sent', () => {
  expect([...Value.Errors(CatalogueBody, sent)]).toEqual([])
  const { catalogue } = catalogueOf(sent as unknown as CatalogueBody)
  expect(catalogue.services.map(({ name, category }) => [name, category])).toEqual([
    [{ fr: 'Espèces' }, 'Argent'],
    [
      { fr: 'Carte', ar: 'بطاقة' },
      { fr: 'Cartes', ar: 'بطاقات' },
    ],
  ])
  const named = [catalogue.queues, catalogue.counters, catalogue.priorityClasses, catalogue.reasons, catalogue.outcomes]
  expect(named.map(([first]) => first?.name.fr)).toEqual(['Caisses', 'Guichet 1', 'Senior', 'Photocopie', 'Réglé'])
  expect(catalogue.branch.kioskPlans).toBe(false)
})

test('breaks have reasons of their own, the product’s where none are sent, and those of holds are understood', () => {
  const plain = catalogueOf(sent as unknown as CatalogueBody).catalogue
  const nameOf = (catalogue: typeof plain, id: string) => breakReasonNamed(catalogue, id as ReasonId)?.name.fr
  expect(['lunch', 'copy', 'mood'].map((id) => nameOf(plain, id))).toEqual(['Déjeuner', 'Photocopie', undefined])
  const own = { ...sent, breakReasons: [{ id: 'tea', name: 'Thé' }] } as unknown as CatalogueBody
  const { catalogue } = catalogueOf(own)
  expect(['lunch', 'tea'].map((id) => nameOf(catalogue, id))).toEqual([undefined, 'Thé'])
})

test('texts come in any language the branch writes, and what is no language is refused', () => {
  const tongue = { ...sent.branch, textLanguages: [{ tag: 'wo', name: 'Wolof' }] }
  const named = (name: object) => ({ ...sent, branch: tongue, queues: [{ id: 'q', name }] })
  expect([...Value.Errors(CatalogueBody, named({ fr: 'Caisses', wo: 'Kes yi' }))]).toEqual([])
  expect([...Value.Errors(CatalogueBody, named({ fr: 'Caisses', Wolof: 'Kes yi' }))]).not.toEqual([])
  expect([...Value.Errors(CatalogueBody, named({ fr: 'Caisses', wo: '' }))]).not.toEqual([])
  const { catalogue } = catalogueOf(named({ fr: 'Caisses', wo: 'Kes yi' }) as unknown as CatalogueBody)
  expect([catalogue.branch.textLanguages, catalogue.queues[0]?.name]).toEqual([
    [{ tag: 'wo', name: 'Wolof' }],
    { fr: 'Caisses', wo: 'Kes yi' },
  ])
})
