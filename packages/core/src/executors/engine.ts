import type { Container } from '../domain/container.ts'
import type { Image } from '../domain/image.ts'
import type { Leftover } from '../domain/leftover.ts'
import type { Build } from '../domain/project.ts'
import type { Call } from '../run.ts'

/** The Docker engine, over its API. */
export interface Engine {
  /** The engine's version; rejects with `docker_unavailable` when it doesn't answer. */
  version(call?: Call): Promise<string>
  /** Every container of a Compose project, running or not; one-off containers (`compose run`) left out. */
  containers(project: string, call?: Call): Promise<readonly Container[]>
  /** The last lines that a container wrote, oldest first. */
  logs(container: string, lines: number, call?: Call): Promise<readonly string[]>
  /** Clears up after an interrupted recreate, which leaves what makes Compose's next `up` fail; gives what it removed or renamed. */
  removeLeftovers(project: string, call?: Call): Promise<readonly Leftover[]>
  /** Images with one of these names or ids, and every image that has the label `fairway.app` with this app, dangling ones too. */
  images(
    wanted: { readonly app: string; readonly names: readonly string[] },
    call?: Call,
  ): Promise<readonly Image[]>
  /** Gives an image one more name (`name:tag`; without a tag `latest`); another image loses it. */
  tag(image: string, name: string, call?: Call): Promise<void>
  /** Takes names away from images; an image that loses its last one and that no container uses is removed. A name that isn't there is no error. */
  untag(names: readonly string[], call?: Call): Promise<void>
  /**
   * Removes images by their ids; one that is gone, that any container uses or that has several names is left. Gives those that it
   * removed.
   */
  removeImages(ids: readonly string[], call?: Call): Promise<readonly string[]>
  /** Stops containers as they ask to be stopped, and removes them; never a volume. */
  removeContainers(ids: readonly string[], call?: Call): Promise<void>
  /** Folder of the engine's machine that it keeps images and containers in. */
  storage(call?: Call): Promise<string>
  /**
   * Builds an image in one request, where that is enough for what the build asks for; false where it isn't: then it is for Compose.
   * `timeout` in milliseconds.
   */
  build(build: ImageBuild, options: { readonly timeout: number }, call?: Call): Promise<boolean>
}

/** An image to be built. */
export interface ImageBuild {
  /** As the project names it; also what messages call it. */
  readonly service: string
  readonly build: Build
  readonly platform?: string
  /** Names that it gets. */
  readonly names: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}
