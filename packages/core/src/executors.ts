/**
 * The executors that touch the world, without the steps that use them; `@fairway/core` exports them, too.
 *
 * @module @fairway/core/executors
 */

export { composeCli } from './executors/compose-cli.ts'
export { dockerEngine } from './executors/docker-engine.ts'
export { fileLocks } from './executors/file-locks.ts'
export { lockHolder } from './executors/file-locks/lock-holder.ts'
export { hostCommands } from './executors/host-commands.ts'
export { networkProbe } from './executors/network-probe.ts'
export { nodeFiles } from './executors/node-files.ts'
export { simpleGit } from './executors/simple-git.ts'
export { systemClock } from './executors/system-clock.ts'
export { temporaryFolders } from './executors/temporary-folders.ts'
