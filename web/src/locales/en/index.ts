import auth from './auth'
import problem from './problem'
import shell from './shell'
import time from './time'

export default { ...shell, ...auth, ...problem, ...time }
