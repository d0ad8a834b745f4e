import { expect, test } from 'vitest'
import { type CatchUpFacts, decideCatchUp } from '../../src/catch-up/decide-catch-up.ts'

const tip = 'b'.repeat(40)
const facts: CatchUpFacts = {
  tip,
  deployed: 'a'.repeat(40),
  everDeployed: true,
  ended: false,
  underWay: false,
  failedByOutage: false,
  dockerCameBack: false,
  held: false,
  halfway: false,
  kept: false,
}

test.each<[string, Partial<CatchUpFacts>, string | undefined]>([
  ['a tip that no deployment ended for', {}, 'missed while down'],
  ['one of an app whose journal was lost', { everDeployed: false }, 'missed while down'],
  ['one of an app whose record in git was lost', { deployed: undefined }, 'missed while down'],
  ['a tip that failed, was skipped, cancelled or taken back', { ended: true }, undefined],
  ['the deployed tip', { deployed: tip, ended: true }, undefined],
  ['the deployed tip after the journal was lost', { deployed: tip }, undefined],
  ['an app that was never deployed here', { deployed: undefined, everDeployed: false }, undefined],
  ['an app whose deployment waits or runs', { underWay: true }, undefined],
  ['the same after an outage', { underWay: true, failedByOutage: true, dockerCameBack: true }, undefined],
  [
    'what failed during an outage',
    { ended: true, failedByOutage: true },
    'failed during an outage that is over',
  ],
  [
    'what failed so as its first deployment',
    { deployed: undefined, everDeployed: false, ended: true, failedByOutage: true },
    'failed during an outage that is over',
  ],
  [
    'the deployed tip when Docker came back',
    { deployed: tip, ended: true, dockerCameBack: true },
    'brought up again after Docker was away',
  ],
  ['a tip that nobody has tried when Docker came back', { dockerCameBack: true }, 'missed while down'],
  [
    'a tip that failed when Docker came back, and is kept so',
    { ended: true, dockerCameBack: true, kept: true },
    undefined,
  ],
])('%s', (_, given, reason) => {
  const decision = decideCatchUp({ ...facts, ...given })
  expect(decision.needed ? decision.reason : undefined).toBe(reason)
})

const broughtUp = 'brought up again after Docker was away'
test.each<[string, Partial<CatchUpFacts>, string | undefined]>([
  ['when Docker came back and the tip was rolled back', { ended: true, dockerCameBack: true }, broughtUp],
  ['when Docker came back and the tip would be held', { held: true, dockerCameBack: true }, broughtUp],
  [
    'when Docker came back and the app is held at its tip',
    { deployed: tip, held: true, dockerCameBack: true },
    broughtUp,
  ],
  ['where a way back was broken off', { ended: true, halfway: true }, 'its way back was not finished'],
  ['but not where one is under way', { halfway: true, underWay: true }, undefined],
  ['but not where there was none', { deployed: undefined, halfway: true }, undefined],
  ['but not where Docker was here all the time', { ended: true, held: true }, undefined],
])('the last success is brought up again %s', (_, given, reason) => {
  const decision = decideCatchUp({ ...facts, ...given })
  expect(decision.needed && decision.again ? decision.reason : undefined).toBe(reason)
})
