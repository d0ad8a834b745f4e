#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { cacheFolder } from '../dist/cache-folder.js'

// Never fails: what can't be kept is compiled anew by each start.
const folder = cacheFolder(process.env)
if (folder !== undefined) enableCompileCache(folder)
await import('../dist/main.js')
