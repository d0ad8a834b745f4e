import { run } from './run.ts'

/** Removes every container, image and network of a Compose project, whether or not its files are still there. */
export async function removeProject(project: string): Promise<void> {
  const label = `label=com.docker.compose.project=${project}`
  const remove = async (
    list: readonly string[],
    command: readonly string[],
    filter = label,
  ): Promise<void> => {
    const listed = await run('docker', [...list, '--filter', filter, '--quiet'])
    const ids = new Set(listed.split('\n').filter((id) => id !== ''))
    if (ids.size > 0) await run('docker', [...command, ...ids])
  }
  await remove(['ps', '--all'], ['rm', '--force', '--volumes'])
  await remove(['images', '--all'], ['rmi', '--force'])
  // Those that Fairway built without Compose.
  await remove(['images'], ['rmi', '--force'], `reference=${project}-*`)
  await remove(['network', 'ls'], ['network', 'rm'])
}
