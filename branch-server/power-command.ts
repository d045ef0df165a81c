import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from './config.ts'
import { openOwnBranch, StrangerError } from './own-branch.ts'
import { PowerError } from './power-error.ts'

const ASK_MS_MAX = 10_000
const USAGE = 'usage: npm run branch -- power low|back'
/** The branch knew already: a daemon that says so again is right. */
const KNOWN = new Set([200, 409])

/**
 * Tells the running branch what the operating system knows of its battery: the daemon of the battery calls it.
 * @returns what to tell the person who asked
 * @throws ConfigError, PowerError when the branch did not hear of it
 */
export async function tellPower(words: readonly string[], config: Config): Promise<string> {
  const [state, ...more] = words
  if ((state !== 'low' && state !== 'back') || more.length > 0) throw new ConfigError(USAGE)
  try {
    const token = config.installerToken ?? readFileSync(join(config.folder, 'installer-token'), 'utf8').trim()
    const branch = openOwnBranch(config, token)
    const { status } = await branch.ask('POST', '/api/v1/power', { isLow: state === 'low' }, ASK_MS_MAX)
    if (!KNOWN.has(status)) throw new PowerError(`The branch server answered ${status}.`)
    return state === 'low' ? 'The branch knows that its battery is low.' : 'The branch knows that the power is back.'
  } catch (error) {
    if (error instanceof PowerError) throw error
    if (error instanceof StrangerError) throw new PowerError(error.message, { cause: error })
    throw new PowerError(`The branch server did not hear of it: ${error instanceof Error ? error.message : error}.`)
  }
}
