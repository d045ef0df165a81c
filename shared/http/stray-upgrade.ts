import type { FastifyRequest } from 'fastify'

export const NO_UPGRADE = 'There is no WebSocket here'

/**
 * Whether it asks for an upgrade that there is not. Node hands over every such request, to whatever protocol and wherever
 * it goes, and the library of sockets would answer it past everything else.
 * @param socketUrl - of the only route that is a WebSocket
 */
export const isStrayUpgrade = ({ headers, ws, routeOptions }: FastifyRequest, socketUrl: string): boolean =>
  ws === true &&
  (routeOptions.url !== socketUrl ||
    headers.upgrade?.toLowerCase() !== 'websocket' ||
    headers['sec-websocket-version'] !== '13' ||
    !/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
