import {
  adviceLine,
  amadou,
  binta,
  cardLine,
  counter1,
  counter2,
  counter3,
  djeneba,
} from '#shared/domain/testing/bank.ts'
import type { TicketJson } from '#shared/project/ticket-json.ts'
import type { Answer, DeviceClient } from './client.ts'
import { openTestBranch, type TestBranch, type TestBranchOptions } from './test-branch.ts'

/** The bank on a working day: a kiosk, an agent at counters 1 and 3, the manager at counter 2, a spare caller. */
export interface Desk extends AsyncDisposable {
  readonly branch: TestBranch
  readonly kiosk: DeviceClient
  readonly display: DeviceClient
  /** Amadou at counter 1. */
  readonly agent: DeviceClient
  /** Binta at counter 3, which gives advice. */
  readonly adviser: DeviceClient
  /** Djeneba at counter 2. */
  readonly manager: DeviceClient
  /** Paired, nobody signed in. */
  readonly spare: DeviceClient
  /** A ticket that waits. */
  waiting(serviceId: string, more?: object): Promise<TicketJson>
  /** A ticket called to Amadou's counter. */
  called(serviceId?: string): Promise<TicketJson>
  /** A ticket that Amadou serves. */
  serving(serviceId?: string): Promise<TicketJson>
  /** Ends everything that is going on; counters stay open. */
  clear(): Promise<void>
}

function accepted<Body>({ status, body }: Answer<Body>): Body {
  if (status >= 400) throw new Error(JSON.stringify(body))
  return body
}

export async function openDesk(options: TestBranchOptions = {}): Promise<Desk> {
  const branch = await openTestBranch(options)
  const kiosk = await branch.pair('kiosk')
  const agent = await branch.staff(counter1, amadou)
  const manager = await branch.staff(counter2, djeneba)
  const desk: Desk = {
    branch,
    kiosk,
    display: await branch.pair('display'),
    agent,
    adviser: await branch.staff(counter3, binta),
    manager,
    spare: await branch.pair('caller', 'spare caller'),
    waiting: async (serviceId, more) => accepted(await kiosk.issue(serviceId, more)),
    async called(serviceId = 'cash') {
      const { ticketId } = await desk.waiting(serviceId)
      return accepted(await agent.post<TicketJson>(`/api/v1/counters/${counter1}/call`, { ticketId }))
    },
    async serving(serviceId = 'cash') {
      const { ticketId } = await desk.called(serviceId)
      return accepted(await agent.act(ticketId, 'start'))
    },
    async clear() {
      const { body } = await kiosk.get<readonly TicketJson[]>('/api/v1/tickets')
      for (const { ticketId, status } of body) {
        if (status === 'waiting') accepted(await manager.act(ticketId, 'cancel'))
        else if (status !== 'completed' && status !== 'no_show' && status !== 'cancelled')
          accepted(await manager.act(ticketId, 'complete'))
      }
      for (const queueId of [cardLine, adviceLine])
        for (const act of ['resume', 'open']) await manager.post(`/api/v1/queues/${queueId}/${act}`)
    },
    [Symbol.asyncDispose]: () => branch[Symbol.asyncDispose](),
  }
  return desk
}
