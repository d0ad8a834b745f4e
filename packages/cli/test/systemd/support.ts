import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '@fairway/core'
import { onTestFinished } from 'vitest'
import type { Service } from '../../src/systemd/service.ts'

/** A service with as little as it needs. */
export function service(other: Partial<Service> = {}): Service {
  return {
    file: '/etc/fairway/fairway.yaml',
    user: 'ada',
    dockerGroup: 'docker',
    command: ['/usr/bin/env', 'fairway', '--config', '/etc/fairway/fairway.yaml', 'serve'],
    workingDirectory: '/etc',
    writable: ['/var/lib/fairway', '/srv/shop', '/run/lock'],
    missing: [],
    variables: {},
    credentials: [],
    secretsBeside: [],
    longest: 1_683_000,
    protectHome: 'yes',
    privateTmp: true,
    ...other,
  }
}

/** What systemd itself says of a unit: its complaints, and how exposed the service is (0 to 10). */
export async function judge(
  unit: string,
): Promise<{ complaints: string; exposure: number; passed: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-unit-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'fairway.service')
  await writeFile(file, unit)
  const analyze = (args: readonly string[]): ReturnType<typeof runCommand> =>
    runCommand({
      command: 'systemd-analyze',
      args,
      environment: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    })
  const verified = await analyze(['verify', '--man=no', file])
  const secure = await analyze(['security', '--offline=true', '--threshold=20', '--no-pager', file])
  const [, exposure] = /exposure level for \S+ (\d+\.\d+)/.exec(secure.stdout) ?? []
  const exit = verified.exitCode === 0 ? '' : `verify exited with ${verified.exitCode}\n`
  return {
    complaints: exit + verified.stdout + verified.stderr,
    exposure: Number(exposure),
    passed: secure.exitCode === 0,
  }
}
