import { pino } from 'pino'
import { startOwnPostgres } from '../postgres/own-postgres.ts'

// Holds a Postgres of its own until it is ended, for tests that end it without asking.

process.umask(0o077)
const { url } = await startOwnPostgres(process.argv[2] ?? '', pino({ level: 'silent' }))
console.log(url)
setInterval(() => {}, 60_000)
