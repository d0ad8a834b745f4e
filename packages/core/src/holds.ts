/**
 * Holding an app and ending its holds, without the rest of a deployment; `@fairway/core` exports it, too.
 *
 * @module @fairway/core/holds
 */

export { holdApp, unholdApp } from './hold-app.ts'
