import auth from './auth'
import duty from './duty'
import problem from './problem'
import shell from './shell'
import table from './table'
import time from './time'

export default { ...shell, ...auth, ...problem, ...time, ...table, ...duty }
