/**
 * Doubles of every executor, contract suites for executors of your own, and pushes that are only told, not done.
 *
 * @module @fairway/core/testing
 */

// Doubles
export { fakeClock } from './testing/fake-clock.ts'
export { fakeCommands } from './testing/fake-commands.ts'
export type { FakeCommands } from './testing/fake-commands.ts'
export { fakeCompose } from './testing/fake-compose.ts'
export type { FakeCompose } from './testing/fake-compose.ts'
export { fakeContainer, fakeEngine } from './testing/fake-engine.ts'
export type { FakeEngine } from './testing/fake-engine.ts'
export { fakeFiles } from './testing/fake-files.ts'
export type { FakeFiles } from './testing/fake-files.ts'
export { fakeFolders } from './testing/fake-folders.ts'
export type { FakeFolders } from './testing/fake-folders.ts'
export { fakeGit } from './testing/fake-git.ts'
export type { FakeGit } from './testing/fake-git.ts'
export type { FakeTree } from './testing/fake-repositories.ts'
export { fakeLocks } from './testing/fake-locks.ts'
export type { FakeLocks } from './testing/fake-locks.ts'
export type { FakeClock } from './testing/fake-clock.ts'
export { fakeProbe } from './testing/fake-probe.ts'
export type { FakeProbe } from './testing/fake-probe.ts'
export { fakeWorld } from './testing/fake-world.ts'
export type { FakeWorld } from './testing/fake-world.ts'
export { failAt } from './testing/fail-at.ts'
export type { FailingAt } from './testing/fail-at.ts'
export { simulatePush } from './testing/simulate-push.ts'
export type { SimulatePushOptions, Simulation } from './testing/simulate-push.ts'

// Contract suites, for any test runner
export type { ContractCase, Make } from './testing/contract.ts'
export { clockContract } from './testing/clock-contract.ts'
export { composeContract } from './testing/compose-contract.ts'
export type { ComposeUnderTest } from './testing/compose-contract.ts'
export { gitContract } from './testing/git-contract.ts'
export type { GitUnderTest } from './testing/git-contract.ts'
export { engineContract } from './testing/engine-contract.ts'
export type { EngineUnderTest } from './testing/engine-contract.ts'
export { filesContract } from './testing/files-contract.ts'
export type { FilesUnderTest } from './testing/files-contract.ts'
export { commandsContract } from './testing/commands-contract.ts'
export type { CommandsUnderTest } from './testing/commands-contract.ts'
export { probeContract } from './testing/probe-contract.ts'
export type { ProbeUnderTest } from './testing/probe-contract.ts'
export { locksContract } from './testing/locks-contract.ts'

// Deliveries
export { pushPayload, signedDelivery } from './testing/signed-delivery.ts'
export type { PushPayload, PushPayloadOptions, SignedDeliveryOptions } from './testing/signed-delivery.ts'
