/** Waits for all of them, also where one fails, so that none is left at work; rejects with what the first of them failed with. */
export async function allOf<T extends readonly unknown[]>(tasks: {
  readonly [K in keyof T]: Promise<T[K]>
}): Promise<T> {
  const ended = await Promise.allSettled(tasks)
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return Promise.all(tasks) as Promise<T>
}
