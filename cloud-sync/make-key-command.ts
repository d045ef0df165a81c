import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from './config.ts'
import { runningPostgres } from './postgres/own-postgres.ts'
import { type KeyPurpose, makePlatformKey } from './store/platform-keys.ts'

const USAGE =
  'usage: npm run cloud [-- make-key setup | -- make-key metrics | -- recover EMAIL | -- add-client … | -- audit …]'
const PURPOSES: readonly KeyPurpose[] = ['setup', 'metrics']

/**
 * `make-key`: whoever may read the cloud's data folder, or has its database, may do everything with it anyway; so nothing
 * but that is asked of her.
 * @returns the key, which nobody can show again
 * @throws ConfigError in one sentence
 */
export async function runMakeKey(words: readonly string[], config: Config, nowMs: number): Promise<string> {
  const purpose = PURPOSES.find((it) => it === words[1])
  if (words[0] !== 'make-key' || purpose === undefined || words.length > 2) throw new ConfigError(USAGE)
  const url = config.databaseUrl ?? (await runningPostgres(config.folder))
  if (url === null) throw new ConfigError(`No cloud runs on CLOUD_DATA_DIR (${config.folder}): start it first.`)
  return makePlatformKey(url, purpose, nowMs)
}
