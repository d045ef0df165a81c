/** Nothing was restored; the message is one sentence for the person who asked. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError'
}

/** There is no log to be brought back: the branch begins. */
export class NothingHeldError extends RestoreError {}
