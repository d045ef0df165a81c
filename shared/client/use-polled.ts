import { useEffect, useState } from 'react'
import { getJson } from './get-json.ts'

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
    void ask()
    const timer = setInterval(() => void ask(), everyMs)
    return () => clearInterval(timer)
  }, [path, everyMs, read])
  return value
}
