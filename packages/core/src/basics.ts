/**
 * What everything else stands on: errors, texts, an app and its defaults, the clock, processes. It loads no step, and nothing that
 * touches git or Docker; `@fairway/core` exports it, too.
 *
 * @module @fairway/core/basics
 */

export { DeployError, describeError, isDeployError } from './errors.ts'
export { shellWord } from './shell-word.ts'
export { cleanText } from './text.ts'
export { appDefaults, defineApp } from './domain/app.ts'
export { describeHeld, describeHold } from './decisions/hold-content.ts'
export { keepsAll } from './decisions/keeps-all.ts'
export { nearest } from './decisions/nearest.ts'
export { globProblem } from './decisions/match-paths.ts'
export { parseEnv } from './decisions/parse-env.ts'
export { parseProbe } from './decisions/parse-probe.ts'
export { projectName } from './decisions/select-project.ts'
export { isRefName } from './executors/git/ref-name.ts'
export { identify, isAlive } from './executors/process-group.ts'
export { systemClock } from './executors/system-clock.ts'
