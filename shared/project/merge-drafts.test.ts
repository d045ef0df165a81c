import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draftDifferences } from './draft-diff.ts'
import { mergeDrafts, putAt } from './merge-drafts.ts'

const base = {
  branch: { name: 'Plateau', recallMax: 3 },
  services: [
    { id: 'cash', name: { fr: 'Caisse', en: 'Cash' }, slaSeconds: 600 },
    { id: 'loan', name: { fr: 'Crédit' } },
  ],
}
const [cash, loan] = base.services

test('what two people have changed in other fields is all there, and nobody is asked', () => {
  const mine = { ...base, services: [{ ...cash, name: { fr: 'Caisses', en: 'Cash' } }, loan] }
  const theirs = {
    branch: { ...base.branch, recallMax: 5 },
    services: [{ ...cash, slaSeconds: 300, name: { fr: 'Caisse', en: 'Tills' } }, loan, { id: 'card', name: 'Carte' }],
  }
  const { value, conflicts } = mergeDrafts(base, mine, theirs)
  expect(conflicts).toEqual([])
  expect(value).toEqual({
    branch: { name: 'Plateau', recallMax: 5 },
    services: [
      { id: 'cash', name: { fr: 'Caisses', en: 'Tills' }, slaSeconds: 300 },
      loan,
      { id: 'card', name: 'Carte' },
    ],
  })
})

test('what both have changed is asked, and either answer stands where it belongs', () => {
  const mine = { ...base, services: [{ ...cash, slaSeconds: 60 }, loan] }
  const theirs = { ...base, services: [{ ...cash, slaSeconds: 90 }] }
  const { value, conflicts } = mergeDrafts(base, mine, theirs)
  expect(conflicts).toEqual([{ path: ['services', 'cash', 'slaSeconds'], base: 600, mine: 60, theirs: 90 }])
  expect(value).toMatchObject({ services: [{ id: 'cash', slaSeconds: 60 }] })
  expect(putAt(value, ['services', 'cash', 'slaSeconds'], 90)).toMatchObject({ services: [{ slaSeconds: 90 }] })
  const gone = mergeDrafts(base, { ...base, services: [loan] }, theirs)
  expect(gone.conflicts).toMatchObject([{ path: ['services', 'cash'], mine: undefined }])
  expect(putAt(gone.value, ['services', 'cash'], theirs.services[0])).toMatchObject({ services: [{ slaSeconds: 90 }] })
})

const field = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.record({ fr: fc.constantFrom('a', 'b'), en: fc.constantFrom('c', 'd') }),
)
const entries = fc.uniqueArray(fc.record({ id: fc.constantFrom('a', 'b', 'c'), name: field, place: field }), {
  selector: ({ id }) => id,
})
const draft = fc.record({ branch: fc.record({ name: field, zone: field }), services: entries })

test('nothing of either is lost: without a conflict whatever one of them has changed is as she made it', () => {
  fc.assert(
    fc.property(draft, draft, draft, (before, mine, theirs) => {
      expect(mergeDrafts(before, mine, before).value).toEqual(mine)
      expect(mergeDrafts(before, before, theirs).value).toEqual(theirs)
      const { value, conflicts } = mergeDrafts(before, mine, theirs)
      const asked = new Set(conflicts.map(({ path }) => path.slice(0, 2).join('/')))
      for (const [own, other] of [
        [mine, theirs],
        [theirs, mine],
      ] as const)
        for (const { list, place, kind, entry } of draftDifferences(before, own)) {
          const isTouchedByOther = draftDifferences(before, other).some((it) => it.list === list && it.place === place)
          if (isTouchedByOther || list === 'branch' || asked.has(`${list}/${place}`)) continue
          const there = (value as typeof mine).services.find(({ id }) => id === place)
          expect(there).toEqual(kind === 'removed' ? undefined : entry)
        }
    }),
  )
})

test('a difference names its entry and its fields', () => {
  const after = {
    branch: base.branch,
    services: [
      { ...cash, slaSeconds: 60 },
      { id: 'card', name: 'Carte' },
    ],
  }
  expect(
    draftDifferences(base, after).map(({ kind, place, fields }) => [kind, place, fields.map((it) => it.field)]),
  ).toEqual([
    ['changed', 'cash', ['slaSeconds']],
    ['added', 'card', []],
    ['removed', 'loan', []],
  ])
  expect(draftDifferences(null, after)).toHaveLength(3)
})
