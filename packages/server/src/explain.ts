/**
 * Where each value of a configuration comes from, and its schema, without a server; `@fairway/server` exports it, too.
 *
 * @module @fairway/server/explain
 */

export { configLines } from './config/explain/config-lines.ts'
export { explainConfig } from './config/explain/explain-config.ts'
export { configJsonSchema } from './config/json-schema.ts'
