import type { ReportOf, TrialAnswer, TrialOrder } from '#shared/wire/trials.ts'
import type { Config } from '../config.ts'
import { openOwnBranch, StrangerError } from '../own-branch.ts'
import type { NoReport } from './trials.ts'

/** The branch server does not answer. */
export class BranchAwayError extends Error {
  override readonly name = 'BranchAwayError'
}

export interface ApiAnswer<Body> {
  readonly status: number
  readonly body: Body
}

/** The branch server of this machine, asked with the installer's token. */
export interface BranchApi {
  readonly url: string
  /** @throws BranchAwayError, StrangerError when somebody else has the port */
  ask<Body>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<ApiAnswer<Body>>
  /** Has a device do something. @throws BranchAwayError */
  order<Kind extends TrialOrder['kind']>(
    deviceId: string,
    order: Extract<TrialOrder, { kind: Kind }>,
  ): Promise<TrialAnswer<ReportOf<Kind>> | NoReport>
}

/** Longer than the branch waits for any device, and than it takes to read a long log through. */
const ANSWER_MS_MAX = 120_000
const WHY: Readonly<Record<string, NoReport>> = { DeviceAway: 'away', TooBusy: 'busy' }

/** @param token - the installer's */
export function openBranchApi(config: Config, token: string): BranchApi {
  const branch = openOwnBranch(config, token)

  async function ask<Body>(method: string, path: string, body?: object): Promise<ApiAnswer<Body>> {
    try {
      const { status, text } = await branch.ask(method, path, body, ANSWER_MS_MAX)
      return { status, body: JSON.parse(text) as Body }
    } catch (error) {
      if (error instanceof StrangerError) throw error
      throw new BranchAwayError(`${branch.url}${path}: ${String(error)}`, { cause: error })
    }
  }

  return {
    url: branch.url,
    ask,
    async order(deviceId, order) {
      const { status, body } = await ask<{ code?: string }>('POST', `/api/v1/devices/${deviceId}/trials`, order)
      if (status === 200) return body as never
      return WHY[body.code ?? ''] ?? 'silent'
    },
  }
}
