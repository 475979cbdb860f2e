import auth from './auth'
import duty from './duty'
import form from './form'
import people from './people'
import problem from './problem'
import shell from './shell'
import table from './table'
import time from './time'

export default { ...shell, ...auth, ...problem, ...time, ...table, ...form, ...duty, ...people }
