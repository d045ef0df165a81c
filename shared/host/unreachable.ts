/** The branch did not answer, or not in time, or it is not our branch: nothing is known of what it did. */
export class UnreachableError extends Error {
  override readonly name: string = 'UnreachableError'
}

/** Another device with this one's identity is heard by the branch: this one is not taken for it. */
export class TwinError extends UnreachableError {
  override readonly name = 'TwinError'
}

/** Somebody answers there, but with another key than that of our branch. */
export class OtherBranchError extends UnreachableError {
  override readonly name = 'OtherBranchError'
}
