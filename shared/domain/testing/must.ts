/** A rule that no branch may ever break; numbered as in shared/README.md. */
export class BrokenInvariant extends Error {}

/** @throws BrokenInvariant */
export function must(holds: boolean, invariant: string, about: () => string): void {
  if (!holds) throw new BrokenInvariant(`${invariant}: ${about()}`)
}
