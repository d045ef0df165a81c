import { Value } from 'typebox/value'
import type { Command } from '#shared/domain/commands.ts'
import type { AgentId, DeviceId, EventPlace, MessageId } from '#shared/domain/ids.ts'
import { CLOUD_ORIGIN } from '#shared/domain/step.ts'
import { APPLIED, DOCUMENT_VERSION, EXPIRED, InboxDocument, InboxMessage, NOT_UNDERSTOOD } from '#shared/wire/down.ts'
import type { KeptOrder, OrderMessage } from '#shared/wire/orders.ts'
import type { ProblemCode } from '#shared/wire/problem.ts'
import type { Roster } from '../access/roster.ts'
import type { Store } from '../store/store.ts'
import type { Reply } from '../waist/settle.ts'
import type { SinkParts } from './catalogue-sink.ts'
import { createOlderCloud } from './older-cloud.ts'
import type { OrderDesk } from './order-desk.ts'
import { readDocument } from './read-document.ts'
import type { ShapeRow, Sink } from './shape-follower.ts'

interface InboxSinkParts extends SinkParts {
  readonly write: (writes: (store: Store) => void) => Promise<boolean>
  /** By the cloud's clock; null: not known yet. */
  readonly cloudNowMs: () => number | null
  /** There is something to say of a message. */
  readonly wakeReceipts: () => void
  readonly desk: Pick<OrderDesk, 'refusal' | 'take' | 'wake'>
  /** Has a device removed, in one commit with what is said of it. */
  readonly remove: (deviceId: DeviceId, noting: (store: Store) => void) => Promise<Reply>
  readonly roster: Pick<Roster, 'find'>
}

function commandOf(message: Exclude<InboxMessage, OrderMessage>): Command {
  switch (message.type) {
    case 'ShowMessage':
      return { type: 'ShowMessage', messageId: message.messageId as MessageId, minutes: message.minutes }
    case 'ClearMessage':
      return { type: 'ClearMessage' }
    case 'SuspendAgent':
      return { type: 'SuspendAgent', agentId: message.agentId as AgentId }
    case 'RestoreAgent':
      return {
        type: 'RestoreAgent',
        agentId: message.agentId as AgentId,
        answers: message.answers as EventPlace | null,
      }
  }
}

const codeOf = ({ body }: Reply): string => (JSON.parse(body) as { code: string }).code

/** Does what head office asks, each message once, in the order of their numbers, and notes what became of it. */
export function createInboxSink(parts: InboxSinkParts): Sink {
  const { waist, write, owner, log, cloudNowMs, wakeReceipts, desk, remove, roster } = parts
  const told = new Map<number, InboxDocument>()
  /** Something was told that is not of our cloud: in whose place, nobody knows. */
  let isRefused = false

  const lastDone = (): number => waist.branch().store.cloud.stand('inbox', owner.branchId).place

  const older = createOlderCloud(log, 'inbox', lastDone)

  /** In the same commit as what it is the outcome of: no message is done twice, and none is forgotten. */
  const noting =
    (number: number, outcome: string) =>
    (store: Store): void => {
      store.cloud.move('inbox', owner.branchId, number)
      store.cloud.addReceipt({ number, outcome })
    }

  /** @returns whether it is done with; a refusal by name is noted */
  async function settled(number: number, reply: Reply): Promise<boolean> {
    if (reply.status === 200) return true
    return reply.status < 500 && (await refuse(number, codeOf(reply)))
  }

  function refuse(number: number, outcome: string): Promise<boolean> {
    log.warn({ number, outcome }, 'a message from the cloud is not done')
    return write(noting(number, outcome))
  }

  /** An order is kept until its device has done it; the inbox goes on. */
  async function take({ number, expiresAtMs }: InboxDocument, message: KeptOrder): Promise<boolean> {
    const refusal = desk.refusal(message)
    if (refusal !== null) return refuse(number, refusal)
    const isTaken = await write((store) => {
      store.cloud.move('inbox', owner.branchId, number)
      desk.take(store, { number, message, expiresAtMs })
    })
    desk.wake()
    return isTaken
  }

  /** @returns whether it is done with */
  async function doOne(told: InboxDocument): Promise<boolean> {
    const { v, number, expiresAtMs, message } = told
    if (expiresAtMs < (cloudNowMs() ?? 0)) return refuse(number, EXPIRED)
    if (v !== DOCUMENT_VERSION || !Value.Check(InboxMessage, message)) return refuse(number, NOT_UNDERSTOOD)
    if (message.type === 'OrderDevice' || message.type === 'SendDiagnostics') return take(told, message)
    if (message.type === 'RemoveDevice') {
      const deviceId = message.deviceId as DeviceId
      if (roster.find(deviceId) === undefined) return refuse(number, 'DeviceUnknown' satisfies ProblemCode)
      return settled(number, await remove(deviceId, noting(number, APPLIED)))
    }
    const reply = await waist.execute({
      origin: CLOUD_ORIGIN,
      command: commandOf(message),
      answer: () => ({ status: 200, body: {} }),
      idempotency: null,
      bookmark: null,
      writes: noting(number, APPLIED),
    })
    return settled(number, reply)
  }

  /** The next number, or the first that the cloud still keeps; null: it has not been told. */
  function next(): InboxDocument | null {
    const keptFrom = Math.max(0, ...[...told.values()].map((it) => it.keptFrom))
    return told.get(Math.max(lastDone() + 1, keptFrom)) ?? null
  }

  return {
    reset() {
      told.clear()
      isRefused = false
      older.reset()
    },
    note(row: ShapeRow) {
      const read = readDocument(InboxDocument, row, owner)
      if (typeof read === 'string') {
        isRefused = true
        log.error({ why: read }, 'a message from the cloud is not taken')
        return
      }
      older.note(read.number)
      if (read.number > lastDone()) told.set(read.number, read)
    },
    async settle() {
      older.settle()
      let isDone = true
      for (let message = next(); message !== null && isDone; message = next()) {
        isDone = await doOne(message)
        if (isDone) told.delete(message.number)
        wakeReceipts()
      }
      return told.size === 0 && !isRefused
    },
  }
}
