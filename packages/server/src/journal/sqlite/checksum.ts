import { crc32 } from 'node:zlib'

/** Over everything that a row says: SQLite itself doesn't notice a flipped byte of content. */
export function checksum(searched: readonly (string | number | null)[], record: string): number {
  return crc32(`${searched.join('\0')}\0${record}`)
}

/** Over the raw bytes of a delivery. */
export function bodyChecksum(body: Uint8Array): number {
  return crc32(body)
}
