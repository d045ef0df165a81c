import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, type Reply } from '../ask.ts'
import { useSession } from '../here.tsx'

interface List<Item> {
  readonly items: readonly Item[]
  readonly next?: string | null
}

/** Pages of a list that are read at most. */
const PAGES_MAX = 20

/** A whole list of the tenant, and the cloud's time at which it was so. */
export function useList<Item>(path: string) {
  const session = useSession()
  return useQuery({
    queryKey: ['list', session.slug, path],
    async queryFn() {
      const first = await ask<List<Item>>(session, 'GET', path)
      const items = [...first.body.items]
      let next = first.body.next ?? null
      for (let pages = 1; next !== null && pages < PAGES_MAX; pages += 1) {
        const { body } = await ask<List<Item>>(session, 'GET', `${path}?after=${next}`)
        items.push(...body.items)
        next = body.next ?? null
      }
      return { items, nowMs: first.nowMs }
    },
  })
}

interface Act {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object
}

/** Changes something of the tenant, after which its lists are read anew. */
export function useAct<Answer = unknown>() {
  const session = useSession()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ method, path, body }: Act): Promise<Reply<Answer>> => ask<Answer>(session, method, path, body),
    onSettled: () => client.invalidateQueries({ queryKey: ['list', session.slug] }),
  })
}
