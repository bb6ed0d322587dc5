// Echoes with the npm package ws on a free port of loopback.
//
// usage: node node-ws-server.js [--cert FILE --key FILE] [SUBPROTOCOL...]
//
// Prints `listening on PORT`; runs until it is killed.
'use strict';

const fs = require('fs');
const http = require('http');
const https = require('https');
const { parseArgs } = require('util');
const { WebSocketServer } = require('ws');

const string = { type: 'string' };
const { values, positionals } = parseArgs({
  options: { cert: string, key: string },
  allowPositionals: true,
});
const secure = values.cert !== undefined;
const server = secure
  ? https.createServer({ cert: fs.readFileSync(values.cert), key: fs.readFileSync(values.key) })
  : http.createServer();

// The library itself takes the first that is offered.
function handleProtocols(offered) {
  return [...offered].find((name) => positionals.includes(name)) ?? false;
}

new WebSocketServer({ server, handleProtocols }).on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
});
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
