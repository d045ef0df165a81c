import { isAlive, type SlowBranch, type SlowCounter, type SlowTicket } from './slow-branch.ts'

/** Counters close, and the breaks that run at them are over. */
export function closeCounters(branch: SlowBranch, closing: readonly SlowCounter[]): void {
  for (const counter of closing) endBreak(branch, counter)
  branch.open = branch.open.filter((counter) => !closing.includes(counter))
  if (closing.length > 0) branch.news += 1
}

export function endBreak(branch: SlowBranch, counter: SlowCounter): void {
  if (counter.breakSince === null) return
  branch.told.push(`the break at ${counter.id} took ${branch.steady - counter.breakSince}`)
  counter.breakSince = null
}

/** Whoever could call what is kept so: the counter itself, or the one its agent sits at; and learning like the ticket. */
export function holderOf(branch: SlowBranch, ticket: SlowTicket): SlowCounter | undefined {
  const { keptFor, isTraining } = ticket
  return branch.open.find(
    (counter) =>
      counter.isTraining === isTraining &&
      (keptFor?.kind === 'counter' ? counter.id === keptFor.id : counter.agent === keptFor?.id),
  )
}

/** What is kept for somebody who has left is its queue's again. */
function lapse(branch: SlowBranch): void {
  for (const ticket of branch.tickets) {
    if (ticket.keptFor === null || !isAlive(ticket) || holderOf(branch, ticket) !== undefined) continue
    ticket.keptFor = null
    branch.told.push(`${ticket.id} is kept for nobody any more`)
    branch.news += 1
  }
}

export function closeTheRetired(branch: SlowBranch): void {
  const { counters, agents } = branch.gone
  const isRetired = ({ id, agent }: SlowCounter): boolean =>
    counters.some((counter) => counter.id === id) || agents.some((it) => it.id === agent)
  closeCounters(
    branch,
    branch.open.filter((counter) => counter.ticket === null && isRetired(counter)),
  )
  lapse(branch)
}
