import type { Plan } from '../domain/plan.ts'

/** Whether a plan leaves every service as it is. */
export function keepsAll({ services }: Pick<Plan, 'services'>): boolean {
  return services.every(({ action }) => action === 'keep')
}
