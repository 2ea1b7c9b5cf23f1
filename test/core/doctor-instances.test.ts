import { describe } from 'vitest'
import { itSays, type Case } from './doctor-lines.ts'
import { all, ID, inWorld, lost, outside, worldless } from './doctor-sample.ts'

const CASES: readonly Case[] = [
  [
    'gate.may.describe',
    inWorld('gate', { looks: { is: 'forbidden' } }),
    'wrong',
    /may not describe/,
    /ecs:DescribeInstances/,
  ],
  [
    'gate.may.describe',
    inWorld('gate', { looks: { is: 'other', code: 'Deadline' } }),
    'unknown',
    /Deadline/,
    /Look the code up/,
  ],
  [
    'starter.may.describe',
    inWorld('starter', { visible: [] }),
    'wrong',
    /does not see i-bp1reporting/,
    /ecs:DescribeInstances/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), inWorld('gate', { visible: [] })),
    'unknown',
    /sees no instance that the policy names/,
    /--instance/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), outside('gate', { answer: lost })),
    'unknown',
    /sees no instance that the policy names/,
    /--instance/,
  ],
  [
    'starter.may.describe',
    all(inWorld('starter', { visible: [] }), worldless('gate')),
    'unknown',
    /sees no instance that the policy names/,
    /--instance/,
  ],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'done' } } }),
    'wrong',
    /may start i-bp1reporting/,
    /Take ecs:StartInstance/,
  ],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'other' } } }),
    'unknown',
    /other/,
    /Look the code up/,
  ],
  ['gate.may-not.start', inWorld('gate', { starts: {} }), 'unknown', /No instance is known/, /--instance/],
  [
    'gate.may-not.start',
    inWorld('gate', { starts: { [ID]: { is: 'other', code: 'InvalidInstanceId.NotFound' } } }),
    'unknown',
    /No instance is known/,
    /--instance/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { [ID]: { is: 'forbidden' } } }),
    'wrong',
    /may not start i-bp1reporting/,
    /Tag the instance/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { [ID]: { is: 'other', code: 'ServiceUnavailable' } } }),
    'unknown',
    /ServiceUnavailable/,
    /Look the code up/,
  ],
  [
    'starter.may.start',
    inWorld('starter', { starts: { 'i-nobody': { is: 'forbidden' } } }),
    'unknown',
    /No instance is known/,
    /--instance/,
  ],
]

describe('the lines of instances', () => itSays(CASES))
