/** The audit is not as it was written. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
}
