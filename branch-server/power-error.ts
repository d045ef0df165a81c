/** What a program of the operating system hands on cannot be told. */
export class PowerError extends Error {
  override readonly name = 'PowerError'
}
