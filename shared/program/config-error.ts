/** The environment cannot be used; the message is one sentence for the installer, naming the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** @returns 0 to 65535, 0 for any that is free @throws ConfigError */
export function portOf(name: string, text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new ConfigError(`${name} must be a whole number from 0 to 65535, not "${text}".`)
  return port
}
