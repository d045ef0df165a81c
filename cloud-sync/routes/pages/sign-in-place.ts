import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { strict } from '#shared/wire/schema.ts'
import { slugsOf, tenantName } from '../../identity/members/tenants.ts'
import type { Identity } from '../../identity/open-identity.ts'
import { tenantPage, type Workplace } from '../../identity/pages/account-pages.ts'
import { wordPage } from '../../identity/pages/sign-in-page.ts'
import { findPerson, membershipsOf } from '../../identity/people/people.ts'
import { tenantBound } from '../../identity/provider/bound-sessions.ts'
import { platformOf, resourceOf } from '../../identity/provider/resources.ts'
import type { App, Parts } from '../../parts.ts'
import type { Database } from '../../store/database.ts'
import { listTenants } from '../../store/listing.ts'
import { finish, sendEnded, sendPage, TRY, UidParams, type UnderWay, underWay } from './sign-in-pages.ts'

/** A tenant's name in addresses; nothing: the platform. */
const PlaceForm = Type.Object({ place: Type.String({ maxLength: 64 }) }, strict)

/** Of an application that asked for it: with no other is the platform a place to work. */
const asksForPlatform = ({ params }: UnderWay['interaction']): boolean =>
  typeof params['scope'] === 'string' && params['scope'].split(' ').includes('platform')

/**
 * Where she may work: each tenant in which she is a member; whoever runs the platform: there, where the application can,
 * and in every tenant.
 */
async function placesOf(
  { store }: Identity,
  database: Database,
  { interaction, language }: UnderWay,
): Promise<readonly Workplace[]> {
  const { accountId, acr } = interaction.session ?? {}
  const person = accountId === undefined ? null : await findPerson(store, accountId)
  if (person === null) return []
  const bound = tenantBound(acr)
  const all = await membershipsOf(store, person.personId)
  const memberships = bound === null ? all : all.filter(({ tenantId }) => tenantId === bound)
  const slugs = await slugsOf(database, memberships)
  const tenants = await Promise.all(
    memberships.map(async ({ tenantId, role }) => {
      const slug = slugs.get(tenantId) ?? ''
      return { slug, name: (await tenantName(database, tenantId, language)) ?? slug, role }
    }),
  )
  const byName = (some: readonly Workplace[]) => some.toSorted((a, b) => a.name.localeCompare(b.name, language))
  if (!person.isSuperAdmin || bound !== null) return byName(tenants)
  const known = new Set(memberships.map(({ tenantId }) => tenantId))
  const others = (await listTenants(database, '')).filter(({ tenantId }) => !known.has(tenantId))
  const entered = await Promise.all(
    others.map(async ({ tenantId, slug }) => {
      return { slug, name: (await tenantName(database, tenantId, language)) ?? slug, role: null }
    }),
  )
  const platform = asksForPlatform(interaction) ? [{ slug: null, name: '', role: null }] : []
  return [...platform, ...byName([...tenants, ...entered])]
}

/** The application goes on as if it had asked for that place. */
async function chosen(
  identity: Identity,
  request: FastifyRequest,
  reply: FastifyReply,
  { interaction }: UnderWay,
  { slug }: Workplace,
): Promise<FastifyReply> {
  const { publicUrl } = identity
  interaction.params['resource'] = slug === null ? platformOf(publicUrl) : resourceOf(publicUrl, slug)
  await interaction.persist()
  return finish(identity, request, reply, { place: {} })
}

/** Asks where she works; who works in one place alone is not asked. */
export async function askPlace(
  identity: Identity,
  database: Database,
  request: FastifyRequest,
  reply: FastifyReply,
  way: UnderWay,
): Promise<FastifyReply> {
  const { uid, language, leadsTo } = way
  const places = await placesOf(identity, database, way)
  const [first, second] = places
  if (first === undefined) return sendPage(reply.code(403), wordPage(language, 'noTenant', 'noTenantHelp'))
  if (second === undefined) return chosen(identity, request, reply, way, first)
  return sendPage(reply, tenantPage(language, { action: `/sign-in/${uid}/place`, places }), leadsTo)
}

export function registerPlace(pages: App, identity: Identity, { database }: Parts): void {
  pages.post(
    '/sign-in/:uid/place',
    {
      config: { ...TRY, audit: 'TenantSwitched' },
      schema: { hide: true, params: UidParams, body: PlaceForm },
    },
    async (request, reply) => {
      const way = await underWay(identity, request, reply)
      if (way === null) return reply
      const { place } = request.body
      const isAsked = way.interaction.prompt.name === 'place'
      const found = (await placesOf(identity, database, way)).find(({ slug }) => (slug ?? '') === place)
      if (!isAsked || found === undefined) return sendEnded(request, reply)
      const personId = way.interaction.session?.accountId ?? null
      request.audit.note({ actor: { kind: 'person', id: personId }, about: personId }, { slug: found.slug })
      return chosen(identity, request, reply, way, found)
    },
  )
}
