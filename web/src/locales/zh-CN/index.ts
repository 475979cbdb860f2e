import auth from './auth'
import cases from './cases'
import drill from './drill'
import duty from './duty'
import exchange from './exchange'
import form from './form'
import intake from './intake'
import orders from './orders'
import oversight from './oversight'
import people from './people'
import policy from './policy'
import problem from './problem'
import restitution from './restitution'
import shell from './shell'
import table from './table'
import time from './time'
import traces from './traces'
import tracing from './tracing'
import twin from './twin'

export default {
  ...shell,
  ...auth,
  ...problem,
  ...time,
  ...table,
  ...form,
  ...drill,
  ...duty,
  ...intake,
  ...cases,
  ...people,
  ...policy,
  ...orders,
  ...oversight,
  ...exchange,
  ...tracing,
  ...traces,
  ...twin,
  ...restitution,
}
