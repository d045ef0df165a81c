import { expect, test } from 'vitest'
import { initialsOf } from './initials.ts'

test('whoever works here knows herself by her initials', () => {
  expect(initialsOf(['Awa Ndiaye', 'Ibrahima Fall', 'محمد علي', 'Zoé'])).toEqual(['A. N.', 'I. F.', 'م. ع.', 'Z.'])
})

test('two with the same initials are told apart by no more letters than that takes', () => {
  expect(initialsOf(['Awa Ndiaye', 'Aminata Niang', 'Moussa Diop'])).toEqual(['Aw. Nd.', 'Am. Ni.', 'M. D.'])
  expect(initialsOf(['Awa Ndiaye', 'Awa Ndiaga'])).toEqual(['Awa Ndiay.', 'Awa Ndiag.'])
})

test('two of one name stay two', () => {
  expect(initialsOf(['Awa', 'Awa'])).toEqual(['Awa', 'Awa'])
})
