import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type Conflict, mergeDrafts } from '#shared/project/merge-drafts.ts'
import type { CatalogueBody } from '#shared/wire/catalogue-body.ts'
import type { DraftAnswer, FleetBranch } from '#shared/wire/draft.ts'
import { ask, RefusedError } from './ask.ts'
import { useHere } from './here.tsx'
import { useFleet } from './queries.ts'

/** A draft as a form began with it: what is saved is told from this. */
export interface Opened {
  readonly version: number
  readonly body: CatalogueBody
}

export type Saved =
  | {
      readonly kind: 'saved'
      readonly answer: DraftAnswer /** Who has changed other fields meanwhile; null: nobody. */
      readonly mergedWith: string | null
    }
  | {
      readonly kind: 'conflicts'
      readonly conflicts: readonly Conflict[]
      readonly merged: unknown
      readonly theirs: DraftAnswer
    }

/** Others may come in between again and again. */
const TRIES_MAX = 4

const asPlace = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 40)

/** An id that people can read, and that nothing in the list has. */
export function newId(name: string, taken: readonly string[], otherwise: string): string {
  const wanted = asPlace(name) || otherwise
  const ids = Array.from({ length: taken.length + 1 }, (_, at) => (at === 0 ? wanted : `${wanted}-${at + 1}`))
  return ids.find((id) => !taken.includes(id)) ?? wanted
}

/** Of a branch for which nothing was ever set up. */
function plainBody({ branchId, name, timeZone }: FleetBranch, language: 'fr' | 'en' | 'ar'): CatalogueBody {
  const text = name[language] ?? Object.values(name)[0] ?? branchId
  return {
    branch: {
      ...{ id: newId(text, [], 'branch'), name: text, timezone: timeZone },
      ...{ languages: ['fr', 'en', 'ar'], defaultLanguage: language },
    },
    ...{ services: [], queues: [], counters: [], agents: [] },
  }
}

/** A branch's draft, and how it is changed so that nothing of anybody's is lost. */
export function useDraft(branchId: string) {
  const { session, language } = useHere()
  const client = useQueryClient()
  const path = `/branches/${branchId}/catalogues/draft`
  const key = ['draft', session.slug, branchId]
  const query = useQuery({ queryKey: key, queryFn: async () => (await ask<DraftAnswer>(session, 'GET', path)).body })
  const branch = useFleet().data?.items.find((it) => it.branchId === branchId)
  const answer = query.data
  const body =
    answer === undefined ? null : (answer.body ?? (branch === undefined ? null : plainBody(branch, language)))

  async function save(opened: Opened, mine: unknown): Promise<Saved> {
    let [version, wanted, mergedWith] = [opened.version, mine, null as string | null]
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      try {
        const saved = (await ask<DraftAnswer>(session, 'PUT', path, { version, body: wanted })).body
        client.setQueryData(key, saved)
        return { kind: 'saved', answer: saved, mergedWith }
      } catch (error) {
        if (!(error instanceof RefusedError) || error.draft === null) throw error
        const { draft } = error
        client.setQueryData(key, draft)
        const merged = mergeDrafts(opened.body, mine, draft.body ?? opened.body)
        if (merged.conflicts.length > 0)
          return { kind: 'conflicts', conflicts: merged.conflicts, merged: merged.value, theirs: draft }
        version = draft.version
        wanted = merged.value
        mergedWith = draft.changedBy ?? ''
      }
    }
    throw new RefusedError({ code: 'DraftChanged' })
  }

  const isReady = answer !== undefined && body !== null
  return {
    opened: isReady ? { version: answer.version, body } : null,
    ...{ answer, branch, save, error: query.error },
    reload: () => client.invalidateQueries({ queryKey: key }),
  }
}
