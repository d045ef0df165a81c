// A fault at the first storage operation, then at the second, and so on, until none is met any more. Any program that
// runs under the shim can be driven through it.
import { type FailureOrder, OPERATION_KINDS, type OperationKind } from './shim.ts'

/** What a disk says when it fails, and the operations it says it of. */
export interface Ailment {
  readonly errno: FailureOrder['errno']
  readonly kinds: readonly OperationKind[]
}

export const AILMENTS: readonly Ailment[] = [
  { errno: 'EIO', kinds: OPERATION_KINDS },
  { errno: 'ENOSPC', kinds: ['write', 'fsync', 'rename', 'create'] },
  { errno: 'EROFS', kinds: ['write', 'rename', 'unlink', 'create'] },
]

/** For acts that cost a start of the program each: 1 in the long form, with POWER_STRIDE=1. */
export const STRIDE = Number(process.env['POWER_STRIDE'] ?? 30)

/** An act with so many operations never comes to its end. */
const OPERATIONS_MAX = 5_000

/**
 * Runs an act with its k-th operation failing, for every k.
 * @param act - runs once under the order; judges what it finds; @returns how many operations were made to fail
 * @param stride - 1 meets every operation; else every so many-th, from a random first one on
 * @returns the number of operations that were made to fail
 */
export async function everyFault(
  { errno, kinds }: Ailment,
  act: (order: FailureOrder) => Promise<number>,
  stride = 1,
): Promise<number> {
  const first = 1 + Math.floor(Math.random() * stride)
  for (let at = first, met = 0; at <= OPERATIONS_MAX; at += stride, met += 1)
    if ((await act({ errno, kinds, at })) === 0) return met
  throw new Error(`Still operations after ${OPERATIONS_MAX}`)
}
