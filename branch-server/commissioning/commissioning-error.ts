/** Why a commissioning cannot go on, in one sentence for whoever does it. */
export class CommissioningError extends Error {
  override readonly name = 'CommissioningError'
}
