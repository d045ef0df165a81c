import { useEffect, useState } from 'react'
import { getJson } from './get-json.ts'

/**
 * Does something now and then again and again; a turn is left out while the one before is still under way.
 * @returns a function that ends it
 */
export function repeat(everyMs: number, ask: () => Promise<void>): () => void {
  let isUnderWay = false
  const turn = async (): Promise<void> => {
    if (isUnderWay) return
    isUnderWay = true
    await ask().finally(() => {
      isUnderWay = false
    })
  }
  void turn()
  const timer = setInterval(() => void turn(), everyMs)
  return () => clearInterval(timer)
}

/**
 * The last good answer of a path, asked for again and again.
 * @param read - must be the same function each time; null = not what was expected
 */
export function usePolled<Value>(path: string, everyMs: number, read: (json: unknown) => Value | null): Value | null {
  const [value, setValue] = useState<Value | null>(null)
  useEffect(() => {
    let text = ''
    const ask = async (): Promise<void> => {
      const fresh = read(await getJson(path))
      const freshText = JSON.stringify(fresh)
      if (fresh === null || freshText === text) return
      text = freshText
      setValue(fresh)
    }
    return repeat(everyMs, ask)
  }, [path, everyMs, read])
  return value
}
