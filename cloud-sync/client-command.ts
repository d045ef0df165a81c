import { ConfigError } from '#shared/program/config-error.ts'
import type { Config } from './config.ts'
import { addClient, CLIENTS_MAX, clientFault, listClients, removeClient } from './identity/provider/clients.ts'
import { runningPostgres } from './postgres/own-postgres.ts'

const USAGE = 'usage: npm run cloud -- add-client NAME REDIRECT | -- clients | -- remove-client CLIENT'

/**
 * `add-client`, `clients`, `remove-client`: which programs of others people may sign in through, as whoever runs the cloud
 * has it.
 * @returns what to print
 * @throws ConfigError in one sentence
 */
export async function runClientCommand(words: readonly string[], config: Config, nowMs: number): Promise<string> {
  const [command, ...rest] = words
  const counts: Readonly<Record<string, number>> = { 'add-client': 2, clients: 0, 'remove-client': 1 }
  if (rest.length !== counts[command ?? '']) throw new ConfigError(USAGE)
  const [first = '', redirectUri = ''] = rest
  const fault = command === 'add-client' ? clientFault({ name: first, redirectUri }) : null
  if (fault !== null) throw new ConfigError(fault)
  const url = config.databaseUrl ?? (await runningPostgres(config.folder))
  if (url === null) throw new ConfigError(`No cloud runs on CLOUD_DATA_DIR (${config.folder}): start it first.`)
  if (command === 'clients')
    return (await listClients(url)).map((it) => `${it.clientId} ${it.redirectUri} ${it.name}`).join('\n')
  if (command === 'add-client') {
    const clientId = await addClient(url, { name: first, redirectUri }, nowMs)
    if (clientId === null)
      throw new ConfigError(`There are ${CLIENTS_MAX} clients already: take one away by remove-client first.`)
    return clientId
  }
  if (!(await removeClient(url, first, nowMs)))
    throw new ConfigError(`There is no client ${first}: "npm run cloud -- clients" lists them.`)
  return `${first} is no client any more.`
}
