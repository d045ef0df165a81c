/** Either what was asked for, or the named reason why not. Bugs throw; expected refusals travel as this. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Failure }

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value })
export const refuse = <Failure>(refusal: Failure): { readonly ok: false; readonly refusal: Failure } => ({
  ok: false,
  refusal,
})

/** Makes a forgotten case a compile error, and a corrupt value a loud one. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`)
}
