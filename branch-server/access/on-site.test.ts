import { expect, test } from 'vitest'
import type { Agent } from '#shared/domain/catalogue.ts'
import type { AgentId } from '#shared/domain/ids.ts'
import { amadou, bank, without } from '#shared/domain/testing/bank.ts'
import { openBranch } from '#shared/domain/testing/story.ts'
import { withThoseOfSite } from './on-site.ts'

const awa: Agent = { id: 'site-1' as AgentId, name: 'Awa', role: 'agent', skills: null, addedOnSite: true }
const { addedOnSite: _, ...taken } = awa

test('whoever was added at the branch stays until head office has named her, and goes when it leaves her out then', () => {
  const story = openBranch(bank, [])
  story.applies({ ...bank, agents: [...bank.agents, awa] })
  // Made without knowing of her: she stays, and everybody else is as head office says.
  const unknowing = withThoseOfSite(story.state(), without(bank, 'agents', amadou))
  expect(unknowing.agents).toEqual([...bank.agents.filter(({ id }) => id !== amadou), awa])
  story.applies(unknowing)
  const named = withThoseOfSite(story.state(), { ...bank, agents: [...bank.agents, taken] })
  expect(named.agents).toEqual([...bank.agents, taken])
  story.applies(named)
  expect(withThoseOfSite(story.state(), bank)).toBe(bank)
})
