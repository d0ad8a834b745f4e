import { afterEach } from 'vitest'
import { sqliteJournal } from '../../src/journal/sqlite-journal.ts'
import { journalContract } from './journal-contract.ts'
import { temporaryFolders } from './temporary-folders.ts'

const folders = temporaryFolders()
afterEach(() => folders.remove())

journalContract(({ clock }) => folders.close(sqliteJournal({ directory: folders.make(), clock })))
