import AjvCompiler, { type BuildCompilerFromPool } from '@fastify/ajv-compiler'

/**
 * Fastify's own validators, each compiled when its route is asked the first time, which takes some milliseconds: all of
 * them ahead were half of a branch server's start, and most are not asked all day.
 */
export function lazyValidators(): BuildCompilerFromPool {
  const build = AjvCompiler()
  return (...made) => {
    const compile = build(...made)
    return ((route) => {
      let validate: ReturnType<typeof compile> | undefined
      const lazy = Object.assign(
        (data: unknown) => {
          validate ??= compile(route)
          const isValid = validate(data)
          lazy.errors = validate.errors
          return isValid
        },
        { errors: undefined as ReturnType<typeof compile>['errors'] },
      )
      return lazy
    }) as typeof compile
  }
}
