//! Opens one WebSocket with tungstenite, closes it, and reports what the library saw.
//!
//! usage: client --version
//!        client [--origin ORIGIN] [--text TEXT --hex HEX] URL [SUBPROTOCOL...]
//!
//! With --text and --hex it sends a text and a binary message and waits for an answer to each.
//! Prints one JSON line {"open", "protocol", "clean", "error", "text", "hex"}; see ../clients.py.

use std::env;
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::CloseFrame;
use tungstenite::stream::MaybeTlsStream;
use tungstenite::{Error, Message, WebSocket};

const PATIENCE: Duration = Duration::from_secs(10);
const LOCK: &str = include_str!("../Cargo.lock");

type Socket = WebSocket<MaybeTlsStream<TcpStream>>;

#[derive(Default)]
struct Options {
    origin: Option<String>,
    text: Option<String>,
    hex: Option<String>,
    words: Vec<String>,
}

#[derive(Default)]
struct Report {
    open: bool,
    protocol: String,
    clean: bool,
    error: String,
    text: Option<String>,
    hex: Option<String>,
}

/// A JSON string. What is reported is mostly ASCII; anything else is escaped as UTF-16.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(c @ 0x20..=0x7e) if c != b'"' && c != b'\\' => out.push(c as char),
            _ => out.push_str(&format!("\\u{unit:04x}")),
        }
    }
    out.push('"');
    out
}

fn quoted_or_null(text: &Option<String>) -> String {
    text.as_deref().map_or_else(|| "null".to_owned(), quoted)
}

fn print(report: &Report) {
    println!(
        "{{\"open\": {}, \"protocol\": {}, \"clean\": {}, \"error\": {}, \
         \"text\": {}, \"hex\": {}}}",
        report.open,
        quoted(&report.protocol),
        report.clean,
        quoted(&report.error),
        quoted_or_null(&report.text),
        quoted_or_null(&report.hex)
    );
}

fn octets_of(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().collect();
    let value = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16);
    digits
        .chunks(2)
        .filter_map(|pair| value(pair).ok())
        .collect()
}

/// The next message that carries data; tungstenite answers the others.
fn receive(socket: &mut Socket, report: &mut Report) -> Result<(), Error> {
    loop {
        match socket.read()? {
            Message::Text(text) => report.text = Some(text),
            Message::Binary(octets) => {
                report.hex = Some(octets.iter().map(|o| format!("{o:02x}")).collect());
            }
            Message::Close(_) => return Err(Error::ConnectionClosed),
            _ => continue,
        }
        return Ok(());
    }
}

/// Sends Close 1000; true if the server answers with the same and then ends.
fn close_cleanly(socket: &mut Socket) -> Result<bool, Error> {
    let goodbye = CloseFrame {
        code: CloseCode::Normal,
        reason: "".into(),
    };
    socket.close(Some(goodbye))?;
    let mut normal = false;
    loop {
        match socket.read() {
            Ok(Message::Close(frame)) => {
                normal = frame.map_or(false, |frame| frame.code == CloseCode::Normal);
            }
            Ok(_) => {}
            Err(Error::ConnectionClosed) => return Ok(normal),
            Err(error) => return Err(error),
        }
    }
}

fn converse(options: &Options, report: &mut Report) -> Result<(), Error> {
    let mut request = options.words[0].as_str().into_client_request()?;
    let headers = request.headers_mut();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|e| Error::HttpFormat(e.into()));
    if let Some(origin) = &options.origin {
        headers.insert("Origin", value(origin)?);
    }
    if options.words.len() > 1 {
        // Without spaces: tungstenite looks for the answer in what stands between the commas.
        headers.insert(
            "Sec-WebSocket-Protocol",
            value(&options.words[1..].join(","))?,
        );
    }
    let (mut socket, response) = tungstenite::connect(request)?;
    report.open = true;
    if let Some(protocol) = response.headers().get("Sec-WebSocket-Protocol") {
        report.protocol = String::from_utf8_lossy(protocol.as_bytes()).into_owned();
    }
    if let MaybeTlsStream::Plain(stream) = socket.get_ref() {
        stream.set_read_timeout(Some(PATIENCE))?;
    }
    if let (Some(text), Some(hex)) = (&options.text, &options.hex) {
        socket.send(Message::Text(text.clone()))?;
        receive(&mut socket, report)?;
        socket.send(Message::Binary(octets_of(hex)))?;
        receive(&mut socket, report)?;
    }
    report.clean = close_cleanly(&mut socket)?;
    Ok(())
}

/// The version in the lock file, and the compiler's that build() hands over.
fn version() -> String {
    let mut lines = LOCK
        .lines()
        .skip_while(|line| *line != "name = \"tungstenite\"");
    let line = lines.nth(1).unwrap_or("unknown");
    let number = line.split('"').nth(1).unwrap_or(line);
    format!("{number} ({})", option_env!("TOOLCHAIN").unwrap_or("rustc"))
}

fn options(mut words: impl Iterator<Item = String>) -> Option<Options> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--origin" => options.origin = Some(words.next()?),
            "--text" => options.text = Some(words.next()?),
            "--hex" => options.hex = Some(words.next()?),
            _ => options.words.push(word),
        }
    }
    let both = options.text.is_some() == options.hex.is_some();
    (both && !options.words.is_empty()).then_some(options)
}

fn main() -> ExitCode {
    if env::args().skip(1).eq(["--version"]) {
        println!("{}", version());
        return ExitCode::SUCCESS;
    }
    let options = if let Some(options) = options(env::args().skip(1)) {
        options
    } else {
        eprintln!("usage: client [--text TEXT --hex HEX] URL [SUBPROTOCOL...]");
        return ExitCode::from(2);
    };
    let mut report = Report::default();
    if let Err(error) = converse(&options, &mut report) {
        report.error = error.to_string();
    }
    print(&report);
    ExitCode::SUCCESS
}
