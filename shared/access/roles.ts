/** What may be done in a tenant; a token bears some of them. */
export const SCOPES = [
  ...['read:queue', 'write:queue', 'manage:queue', 'read:ticket', 'write:ticket', 'manage:ticket', 'read:agent'],
  ...['manage:agent', 'read:customer', 'write:customer', 'read:reports', 'manage:settings', 'send:notification'],
  'read:feedback',
] as const
export type Scope = (typeof SCOPES)[number]

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)

/** What somebody is in one tenant. */
export const ROLES = ['admin', 'manager', 'agent'] as const
export type Role = (typeof ROLES)[number]

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text)

const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  admin: SCOPES,
  manager: SCOPES.filter((scope) => scope !== 'manage:settings'),
  agent: ['read:queue', 'read:ticket', 'write:ticket', 'read:customer', 'write:customer'],
}

/** All that somebody of this role may be given. */
export const scopesOf = (role: Role): readonly Scope[] => scopesOfRole[role]
