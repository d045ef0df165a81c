import { networkInterfaces } from 'node:os'
import { isLoopback } from '../http/is-loopback.ts'

/** This machine's IPv4 addresses that others can reach it at, as they are now. */
export const ownAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((found = []) =>
    found.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  )

/** Whether an address leads to this very machine, by whatever name. */
export const isThisMachine = (host: string): boolean => isLoopback(host) || ownAddresses().includes(host)
