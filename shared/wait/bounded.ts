/** The entry of a key, made on first use; undefined once there are as many as there may be. */
export function entryOf<Value>(
  all: Record<string, Value>,
  key: string,
  countMax: number,
  make: () => Value,
): Value | undefined {
  const known = all[key]
  if (known !== undefined) return known
  if (Object.keys(all).length >= countMax) return undefined
  const made = make()
  all[key] = made
  return made
}
