/**
 * Reading a configuration, without the server that runs with it; `@fairway/server` exports it, too.
 *
 * @module @fairway/server/config
 */

export { ConfigError } from './config/config-error.ts'
export { configFile } from './config/config-file.ts'
export { loadConfig } from './config/load-config.ts'
export { serveMistakes } from './config/serve-mistakes.ts'
