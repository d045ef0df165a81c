import { isIPv4 } from 'node:net'

/** Whether a host name, as people write it or as a URL has it, leads back to this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
