import type { Catalogue } from './catalogue.ts'
import type { CatalogueFault } from './catalogue-faults.ts'
import type { AgentId } from './ids.ts'

/** Nobody serves it: there are agents, and each has a list of skills without it. */
function skillsNobodyHas({ services, agents }: Catalogue): CatalogueFault[] {
  const serves = (skill: string): boolean => agents.some(({ skills }) => skills?.some((it) => it === skill) ?? true)
  return services.flatMap(({ skill }, index) =>
    skill === null || agents.length === 0 || serves(skill)
      ? []
      : [{ path: `/services/${index}/skill`, rule: 'SkillOfNobody', message: `no agent has the skill ${skill}` }],
  )
}

function queuesNobodyCalls({ queues, counters, workProfiles }: Catalogue): CatalogueFault[] {
  const called = new Set([
    ...counters.flatMap(({ queueIds }) => queueIds),
    ...workProfiles.flatMap(({ rules }) => rules.flatMap(({ queueIds }) => queueIds)),
  ])
  return queues.flatMap(({ id }, index) =>
    counters.length === 0 || called.has(id)
      ? []
      : [{ path: `/queues/${index}`, rule: 'QueueCalledByNobody', message: `no counter calls from the queue ${id}` }],
  )
}

function pinsOfSeveral(pins: ReadonlyMap<AgentId, string>): CatalogueFault[] {
  const sharing = [...Map.groupBy(pins.keys(), (agentId) => pins.get(agentId)).values()].filter((ids) => ids.length > 1)
  return sharing.map((ids) => ({ path: '/agents', rule: 'PinShared', message: `${ids.join(', ')} have the same PIN` }))
}

/**
 * What can be meant, and seldom is: told to whoever sends a catalogue, which is applied all the same.
 * @param pins - those that were sent with it, by agent
 */
export function catalogueDoubts(catalogue: Catalogue, pins: ReadonlyMap<AgentId, string>): CatalogueFault[] {
  const { agents, counters } = catalogue
  const doubts: CatalogueFault[] = [
    ...skillsNobodyHas(catalogue),
    ...queuesNobodyCalls(catalogue),
    ...counters.flatMap(({ id, queueIds, profileId }, index) =>
      queueIds.length > 0 || profileId !== null
        ? []
        : [
            {
              path: `/counters/${index}/queueIds`,
              rule: 'CounterCallsNothing' as const,
              message: `${id} calls from no queue`,
            },
          ],
    ),
    ...pinsOfSeveral(pins),
  ]
  if (agents.length > 0 && !agents.some(({ role }) => role === 'manager'))
    doubts.push({
      ...{ path: '/agents', rule: 'NobodyManages' },
      message: 'nobody is a manager, so nobody can close a queue or see the figures',
    })
  return doubts
}
