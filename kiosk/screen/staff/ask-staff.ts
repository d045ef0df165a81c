import { getJson } from '#shared/client/get-json.ts'
import { type Answer, type SendCommand, unread } from '#shared/client/send-command.ts'
import type { AgentId, Language } from '#shared/domain/ids.ts'
import type { PrinterProfile } from '#shared/slip/profile.ts'
import type { PRINTER_PLACES, SetUpTask, StaffAnswer, StaffJob, StaffOverview } from '#shared/wire/staff.ts'

const TASK_POLL_MS = 500
/** Longer than a serial printer takes for its page at the slowest speed, searched at each of them. */
const TASK_MS_MAX = 120_000

/** What the staff menu asks of the kiosk's host; who is there is in a cookie that no script reads. */
export interface AskStaff {
  enter(agentId: AgentId, pin: string): Promise<Answer<StaffAnswer>>
  leave(): void
  /** She is still there, although she asks for nothing. */
  touch(): void
  /** null when the session is over. */
  overview(): Promise<StaffOverview | null>
  reprint(jobId: string): Promise<Answer<true>>
  judge(jobId: string, judgement: NonNullable<StaffJob['judgement']>): Promise<Answer<true>>
  search(): Promise<Answer<SetUpTask>>
  testPage(place: TriedPlace): Promise<Answer<SetUpTask>>
  codePages(place: TriedPlace): Promise<Answer<SetUpTask>>
  choose(printer: Choice): Promise<Answer<true>>
}

/** Alone, or as the second, which takes over from the first. */
export type Stands = (typeof PRINTER_PLACES)[number]

export interface TriedPlace {
  readonly address: string
  readonly paperMm: PrinterProfile['paperMm']
  readonly language: Language
}

/** `codePages`: places among the candidates. */
export interface Choice
  extends Omit<TriedPlace, 'language'>,
    Pick<PrinterProfile, 'qr' | 'receipt' | 'automaticStatus'> {
  readonly codePages: readonly number[]
  readonly stands: Stands
}

const isFields = (json: unknown): json is object => typeof json === 'object' && json !== null

const readWho = (json: unknown): StaffAnswer | null =>
  isFields(json) && 'agentId' in json && 'role' in json ? (json as StaffAnswer) : null
const readOverview = (json: unknown): StaffOverview | null =>
  readWho(json) !== null && isFields(json) && 'jobs' in json && Array.isArray(json.jobs)
    ? (json as StaffOverview)
    : null
const readTask = (json: unknown): SetUpTask | null => (isFields(json) && 'type' in json ? (json as SetUpTask) : null)

export function askStaff(send: SendCommand): AskStaff {
  /** Starts something that takes its time, and asks until it is done. */
  async function doTask(path: string, body: object): Promise<Answer<SetUpTask>> {
    const started = await send(`/local/v1/staff/set-up/${path}`, body, readTask)
    if (!started.ok) return started
    for (let passedMs = 0; passedMs < TASK_MS_MAX; passedMs += TASK_POLL_MS) {
      const task = readTask(await getJson('/local/v1/staff/set-up'))
      if (task === null) return { ok: false, code: 'HostUnreachable' }
      if (task.type === 'idle') return { ok: false, code: 'other' }
      if (task.type !== 'running') return { ok: true, value: task }
      await new Promise((resolve) => setTimeout(resolve, TASK_POLL_MS))
    }
    return { ok: false, code: 'HostUnreachable' }
  }
  const job = (id: string, act: string, body: object) => send(`/local/v1/staff/print-jobs/${id}/${act}`, body, unread)
  return {
    enter: (agentId, pin) => send('/local/v1/staff/session', { agentId, pin }, readWho),
    leave: () => void send('/local/v1/staff/session', {}, unread, 'DELETE'),
    touch: () => void send('/local/v1/staff/session/touch', {}, unread),
    overview: async () => readOverview(await getJson('/local/v1/staff/overview')),
    reprint: (id) => job(id, 'reprint', {}),
    judge: (id, judgement) => job(id, 'judge', { judgement }),
    search: () => doTask('search', {}),
    testPage: (place) => doTask('test-page', place),
    codePages: (place) => doTask('code-pages', place),
    choose: (printer) => send('/local/v1/staff/set-up/printer', printer, unread),
  }
}
