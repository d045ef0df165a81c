/** Postgres cannot be had; the message is one sentence for the person who started the cloud. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'
}
