import type { Agent, Catalogue } from '#shared/domain/catalogue.ts'
import { PLAIN_AGENT, PLAIN_COUNTER } from '#shared/domain/catalogue-defaults.ts'
import type { AgentId, CounterId } from '#shared/domain/ids.ts'
import { bank } from '#shared/domain/testing/bank.ts'

/** A catalogue as its installer sends it. */
export type SentCatalogue = Catalogue & { readonly agents: readonly (Agent & { readonly pin?: string })[] }

/** Every agent's PIN; twelve digits, so that a search for it finds it and nothing else. */
export const PIN = '860915724403'

/** A catalogue of the core with a PIN for each agent. */
export const withPins = (catalogue: Catalogue): SentCatalogue => ({
  ...catalogue,
  agents: catalogue.agents.map((agent) => ({ ...agent, pin: PIN })),
})

/** The bank that the core's tests tell about. */
export const sentBank = withPins(bank)

/** The bank with one line for all services and any number of counters: `counter-1` with `agent-1`, and so on. */
export function longLine(counterCount: number): SentCatalogue {
  const queues = bank.queues.slice(0, 1)
  const queueIds = queues.map(({ id }) => id)
  const names = Array.from({ length: counterCount }, (_, index) => String(index + 1))
  return withPins({
    ...bank,
    services: bank.services.filter(({ queueId }) => queueIds.includes(queueId)),
    queues,
    counters: names.map((name) => ({
      ...PLAIN_COUNTER,
      id: `counter-${name}` as CounterId,
      name: { fr: name },
      queueIds,
    })),
    agents: names.map((name) => ({ ...PLAIN_AGENT, id: `agent-${name}` as AgentId, name })),
  })
}
