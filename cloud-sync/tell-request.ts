import type { FastifyRequest } from 'fastify'

/** Who has read the log must not be able to go where a link leads that works once, nor to finish somebody's sign-in. */
const LINK = /^(\/(?:first|join|reset)\/).+/
const WITH_SECRETS = /^(\/(?:oauth|elsewhere)\/[^?]*)\?.*/

/** A request as the log tells it. */
export const tellRequest = ({ method, url, host, ip, socket }: FastifyRequest): object => ({
  ...{ method, host, remoteAddress: ip, remotePort: socket?.remotePort },
  url: url.replace(LINK, '$1…').replace(WITH_SECRETS, '$1?…'),
})
