import { mkdirSync } from 'node:fs'
import { writeFiles } from '../support/repository.ts'
import { clone, inShop, type Place, type Shape, shop } from './shape.ts'

/** Checkouts that are like any other once a push was served. */
export const settlingShapes: readonly Shape[] = [
  { name: 'a clean clone', make: (place) => clone(place), alone: true },
  {
    name: 'F15: a detached HEAD',
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '--detach')
    },
  },
  {
    name: 'another branch checked out',
    configured: 'branch',
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '-b', 'feature')
      writeFiles(shop(place), { 'feature.txt': 'feature\n', 'app/main.txt': 'feature\n' })
      inShop(place, 'add', 'feature.txt', 'app')
      inShop(place, 'commit', '--quiet', '--message', 'feature')
    },
  },
  {
    name: 'F15: a branch that was made again with other history',
    make(place) {
      place.remote.publish('main', place.beginning.ancient)
      clone(place)
    },
  },
  {
    name: 'F15: a repository of one commit',
    make(place) {
      place.remote.publish('main', place.beginning.first)
      clone(place)
    },
  },
  {
    name: 'F14: diverged by a local commit',
    make(place) {
      clone(place)
      writeFiles(shop(place), { 'local.txt': 'local\n', 'app/main.txt': 'local\n', 'fresh/deep': 'local\n' })
      inShop(place, 'add', '--all')
      inShop(place, 'commit', '--quiet', '--message', 'local')
    },
  },
  {
    name: 'F13: a merge that stopped at conflicts',
    make(place) {
      clone(place)
      inShop(place, 'checkout', '--quiet', '-b', 'side')
      writeFiles(shop(place), { 'app/main.txt': 'side\n', 'docs/guide.txt': null, 'side.txt': 'side\n' })
      inShop(place, 'add', '--all')
      inShop(place, 'commit', '--quiet', '--message', 'side')
      inShop(place, 'checkout', '--quiet', 'main')
      writeFiles(shop(place), { 'app/main.txt': 'main\n', 'docs/guide.txt': 'main\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'main')
      attempt(place, 'merge', 'side')
    },
  },
  {
    name: 'F13: a rebase that stopped at conflicts',
    configured: 'branch',
    make(place) {
      clone(place)
      writeFiles(shop(place), { 'app/main.txt': 'local\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'local')
      inShop(place, 'branch', 'onto', 'HEAD~1')
      inShop(place, 'checkout', '--quiet', 'onto')
      writeFiles(shop(place), { 'app/main.txt': 'onto\n' })
      inShop(place, 'commit', '--quiet', '--all', '--message', 'onto')
      inShop(place, 'checkout', '--quiet', 'main')
      attempt(place, 'rebase', 'onto')
    },
  },
  { name: 'a clone of a single branch, another one', configured: 'branch', make: cloneSingle },
  {
    name: 'an unborn branch: git init and a remote',
    make(place) {
      mkdirSync(shop(place))
      inShop(place, 'init', '--quiet')
      inShop(place, 'remote', 'add', 'origin', place.remote.path)
    },
  },
  { name: 'nothing there yet, and a URL', configured: 'url', alone: true, make: () => {} },
]

function cloneSingle(place: Place): void {
  place.remote.publish('other', place.beginning.ancient)
  clone(place, '--single-branch', '--branch=other')
  place.remote.publish('other', undefined)
}

/** What a command may fail at, as a merge with conflicts does. */
function attempt(place: Place, ...args: readonly string[]): void {
  try {
    inShop(place, ...args)
  } catch {
    return
  }
  throw new Error(`git ${args.join(' ')} was to stop half-way`)
}
