/** What a host tells whoever reads its log. */
export interface HostLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
