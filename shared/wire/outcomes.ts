/** What a branch says became of a message: done as it was asked; otherwise the code of a refusal, or one of the other two. */
export const APPLIED = 'Applied'
export const EXPIRED = 'Expired'
export const NOT_UNDERSTOOD = 'NotUnderstood'
/** The branch has it, and says later what came of it. */
export const TAKEN = 'Taken'
