// Opens one WebSocket with the npm package ws, closes it, and reports what the library saw.
//
// usage: node node-ws.js --version | node node-ws.js URL [SUBPROTOCOL...]
//
// Prints one JSON line {"open", "protocol", "clean", "error"}; see ../clients.py.
'use strict';

const WebSocket = require('ws');

const PATIENCE_MS = 10000;

function open(url, subprotocols) {
  const report = { open: false, protocol: '', clean: false, error: '' };
  const socket = new WebSocket(url, subprotocols, { handshakeTimeout: PATIENCE_MS });
  socket.on('open', () => {
    report.open = true;
    report.protocol = socket.protocol;
    socket.close(1000);
  });
  socket.on('error', (error) => {
    report.error = error.message;
  });
  // Follows 'error' too, so one line is printed in every case.
  socket.on('close', (code) => {
    report.clean = report.open && code === 1000;
    console.log(JSON.stringify(report));
  });
}

const words = process.argv.slice(2);
if (words.length === 0) {
  console.error('usage: node node-ws.js --version | node node-ws.js URL [SUBPROTOCOL...]');
  process.exitCode = 2;
} else if (words[0] === '--version') {
  console.log(`${require('ws/package.json').version} (node ${process.version})`);
} else {
  open(words[0], words.slice(1));
}
