export default {
  problem: {
    network: 'The server cannot be reached',
    networkAction: 'Check the network and try again; what you entered is still here',
    unexpected: 'Something unexpected went wrong on this page',
    unexpectedAction: 'Try again; if it persists tell the administrator when and what you did',
    http: 'The server answered unexpectedly ({status})',
    httpAction: 'Try again in a moment; if it persists tell the administrator',
    basis: 'Basis',
    rule: 'Rule',
    fields: 'Check the {n} marked places',
  },
}
