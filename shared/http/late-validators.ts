import buildAjv from '@fastify/ajv-compiler'
import type { FastifyServerOptions } from 'fastify'

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>
type BuildCompile = ReturnType<typeof buildAjv>
type Compile = ReturnType<BuildCompile>

/**
 * For Fastify's `ajv.customOptions`. What a schema must look like is a schema, too, and takes as long to compile as a
 * dozen others: ours are made by TypeBox, and a test compares all of the branch's with it.
 */
export const PROVEN_SCHEMAS = { meta: false, validateSchema: false } as const

/** One Ajv for whatever is asked of it alike: what it has compiled it knows again by the schema itself. */
const buildCompile = buildAjv()

/** Compiles a schema when the first request comes that it must check, and keeps what it made. */
function buildValidator(...how: Parameters<BuildCompile>): Compile {
  let compile: Compile | null = null
  return (schema) => {
    let made: ReturnType<Compile> | null = null
    const validate = (data: unknown) => {
      compile ??= buildCompile(...how)
      made ??= compile(schema)
      const isValid = made(data)
      validate.errors = made.errors ?? null
      return isValid
    }
    validate.errors = null as ReturnType<Compile>['errors']
    // Fastify calls it and reads its errors; the rest of what Ajv gives is for Ajv itself.
    return validate as ReturnType<Compile>
  }
}

/**
 * For Fastify's `schemaController`. Compiling the schemas of all routes was half of a start, and most of them are asked
 * for seldom. No route of ours has a schema for its answers: those are written as JSON is.
 */
export const lateValidators: Compilers = {
  buildValidator,
  buildSerializer: () => () => (answer: unknown) => JSON.stringify(answer),
}
