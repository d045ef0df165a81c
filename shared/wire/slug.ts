/** The short name of a tenant, as it stands in addresses: a page says of what is typed what the cloud would. */
export const SLUG_PATTERN = '^[a-z0-9](-?[a-z0-9]){1,62}$'
