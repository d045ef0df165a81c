import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder, writeWhole } from '#shared/disk/write-whole.ts'
import { POSTGRES_MAJOR, postgresFolder, postgresProgram, postgresVersion } from './binaries.ts'
import { PostgresError } from './postgres-error.ts'
import { barredFolder, type SystemUser, unprivilegedUser } from './unprivileged.ts'

/** The files of our own Postgres, and what is needed to start it. */
export interface Cluster {
  /** Postgres' data. */
  readonly data: string
  /** The program that serves it. */
  readonly program: string
  /** Of its administrator. */
  readonly password: string
  /** As whom it runs; null: as whoever we are. */
  readonly user: SystemUser | null
}

export const ADMINISTRATOR = 'smartqueue_admin'

const PASSWORD_BYTES = 24
const INIT_MS_MAX = 120_000
/** Where root lays the programs that Postgres' user could not reach where npm laid them. */
const COPY_FOLDER = '/var/lib/smartqueue'

const passwordFileIn = (folder: string): string => join(folder, 'postgres-password')

/** Where the data of a cloud's folder lies, and its administrator's password; null: no cloud has been there. */
export function clusterKeys(folder: string): Pick<Cluster, 'data' | 'password'> | null {
  const file = passwordFileIn(folder)
  return existsSync(file) ? { data: join(folder, 'postgres'), password: readFileSync(file, 'utf8').trim() } : null
}

function passwordOf(folder: string): string {
  const file = passwordFileIn(folder)
  if (!existsSync(file)) writeWhole(file, randomBytes(PASSWORD_BYTES).toString('base64url'))
  return readFileSync(file, 'utf8').trim()
}

/** Npm may have laid it into a home that only its owner enters. */
function reachableFolder(folder: string, user: SystemUser | null): string {
  if (user === null || barredFolder(join(folder, 'bin/postgres'), user) === null) return folder
  return copiedPrograms(folder, COPY_FOLDER)
}

/** @returns where the programs of this version lie, as whole as they came */
export function copiedPrograms(folder: string, into: string): string {
  const copy = join(into, `postgres-${postgresVersion(folder)}`)
  if (existsSync(copy)) return copy
  mkdirSync(into, { recursive: true, mode: 0o755 })
  // Whole or not at all, whoever else does the same at this moment.
  const beside = `${copy}.${process.pid}`
  cpSync(folder, beside, { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'go+rX', beside])
  try {
    renameSync(beside, copy)
  } catch (error) {
    // Another start was first, and its copy is as good.
    rmSync(beside, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}

function openWay(folder: string, data: string, user: SystemUser | null): void {
  if (user === null) return
  // Through, not in: what else lies there is for its owner alone.
  chmodSync(folder, 0o711)
  const barred = barredFolder(data, user)
  if (barred !== null)
    throw new PostgresError(
      `Postgres runs as the user ${user.name}, who may not pass ${barred}; start the cloud as an ordinary user, or set CLOUD_DATA_DIR to a folder whose way is open.`,
    )
}

/** Of all that it says the line that names the fault; the last are of its tidying up. */
function whyOf(said: string): string {
  const lines = said.trim().split('\n')
  return lines.find((line) => /(FATAL|PANIC|error):/.test(line)) ?? lines.at(-1) ?? ''
}

/** Into a folder beside, which takes its place whole: a cut leaves no half of a database. */
function initialise(cluster: Cluster, initdb: string): void {
  const { data, password, user } = cluster
  const beside = `${data}.new`
  const passwordFile = `${data}.password`
  rmSync(beside, { recursive: true, force: true })
  mkdirSync(beside, { mode: 0o700 })
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user !== null) for (const path of [beside, passwordFile]) chownSync(path, user.uid, user.gid)
  const words = [
    ...['-D', beside, `--username=${ADMINISTRATOR}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    // Its own rules of order: they do not change with the system's library under an index.
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
  ]
  const { status, stderr, error } = spawnSync(initdb, words, {
    ...asUser(user),
    encoding: 'utf8',
    timeout: INIT_MS_MAX,
  })
  rmSync(passwordFile)
  if (status !== 0)
    throw new PostgresError(
      `The database could not be made in ${dirname(data)}: ${error?.message ?? whyOf(stderr)}; check CLOUD_DATA_DIR and the room on its disk.`,
    )
  renameSync(beside, data)
  syncFolder(dirname(data))
}

/** How a child process becomes the user. */
export const asUser = (user: SystemUser | null): { uid?: number; gid?: number; cwd: string } =>
  user === null ? { cwd: '/' } : { uid: user.uid, gid: user.gid, cwd: '/' }

/**
 * @param folder - of the cloud's data; must be there, and held by this process alone
 * @throws PostgresError
 */
export function openCluster(folder: string): Cluster {
  const user = unprivilegedUser()
  const data = join(folder, 'postgres')
  const programs = reachableFolder(postgresFolder(), user)
  openWay(folder, data, user)
  const cluster: Cluster = {
    data,
    password: passwordOf(folder),
    program: postgresProgram(programs, 'postgres'),
    user,
  }
  const versionFile = join(data, 'PG_VERSION')
  if (!existsSync(versionFile)) initialise(cluster, postgresProgram(programs, 'initdb'))
  const major = readFileSync(versionFile, 'utf8').trim()
  if (major !== String(POSTGRES_MAJOR))
    throw new PostgresError(
      `The database in ${data} is of Postgres ${major}, and this program brings ${POSTGRES_MAJOR}: dump it with the old one and load it into a new CLOUD_DATA_DIR.`,
    )
  return cluster
}
