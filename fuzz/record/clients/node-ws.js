// Opens one WebSocket with the npm package ws, closes it, and reports what the library saw.
//
// usage: node node-ws.js --version
//        node node-ws.js [--ca FILE] [--origin ORIGIN] [--text TEXT --hex HEX] URL [SUBPROTOCOL...]
//
// With --text and --hex it sends a text and a binary message and waits for an answer to each.
// Prints one JSON line {"open", "protocol", "clean", "error", "text", "hex"}; see ../clients.py.
'use strict';

const fs = require('fs');
const { parseArgs } = require('util');
const WebSocket = require('ws');

const PATIENCE_MS = 10000;
const USAGE = 'usage: node node-ws.js --version | [OPTION...] URL [SUBPROTOCOL...]';

function open(url, subprotocols, words) {
  const report = { open: false, protocol: '', clean: false, error: '', text: null, hex: null };
  const options = { handshakeTimeout: PATIENCE_MS, origin: words.origin };
  if (words.ca !== undefined) {
    options.ca = fs.readFileSync(words.ca);
  }
  const socket = new WebSocket(url, subprotocols, options);
  const late = setTimeout(() => {
    report.error = 'no end in time';
    socket.terminate();
  }, 2 * PATIENCE_MS);
  socket.on('open', () => {
    report.open = true;
    report.protocol = socket.protocol;
    if (words.text === undefined) {
      socket.close(1000);
    } else {
      socket.send(words.text);
    }
  });
  socket.on('message', (data, isBinary) => {
    report[isBinary ? 'hex' : 'text'] = data.toString(isBinary ? 'hex' : 'utf8');
    if (report.hex === null) {
      socket.send(Buffer.from(words.hex, 'hex'));
    } else {
      socket.close(1000);
    }
  });
  socket.on('error', (error) => {
    report.error = error.message;
  });
  // Follows 'error' too, so one line is printed in every case.
  socket.on('close', (code) => {
    clearTimeout(late);
    report.clean = report.open && code === 1000;
    console.log(JSON.stringify(report));
  });
}

function main() {
  const boolean = { type: 'boolean' };
  const string = { type: 'string' };
  const { values, positionals } = parseArgs({
    options: { version: boolean, ca: string, origin: string, text: string, hex: string },
    allowPositionals: true,
  });
  const paired = (values.text === undefined) === (values.hex === undefined);
  if (values.version) {
    console.log(`${require('ws/package.json').version} (node ${process.version})`);
  } else if (positionals.length === 0 || !paired) {
    console.error(USAGE);
    process.exitCode = 2;
  } else {
    open(positionals[0], positionals.slice(1), values);
  }
}

main();
