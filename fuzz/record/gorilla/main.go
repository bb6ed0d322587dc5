// Opens one WebSocket with gorilla/websocket, closes it, and reports what the library saw; or
// serves an echo with it, see serve.go.
//
// usage: gorilla --version
//
//	gorilla [--ca FILE] [--origin ORIGIN] [--text TEXT --hex HEX] URL [SUBPROTOCOL...]
//	gorilla --serve [--cert FILE --key FILE] [SUBPROTOCOL...]
//
// With --text and --hex it sends a text and a binary message and waits for an answer to each.
// Prints one JSON line {"open", "protocol", "clean", "error", "text", "hex"}; see ../clients.py.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"
)

const patience = 10 * time.Second

type options struct {
	version, serve                   bool
	ca, origin, text, hex, cert, key string
}

type report struct {
	Open     bool    `json:"open"`
	Protocol string  `json:"protocol"`
	Clean    bool    `json:"clean"`
	Error    string  `json:"error"`
	Text     *string `json:"text"`
	Hex      *string `json:"hex"`
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, module := range info.Deps {
			if module.Path == "github.com/gorilla/websocket" {
				return fmt.Sprintf("%s (%s)", module.Version, runtime.Version())
			}
		}
	}
	return "unknown"
}

// closeCleanly sends Close 1000 and reports whether the server answered with the same.
func closeCleanly(conn *websocket.Conn) bool {
	deadline := time.Now().Add(patience)
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	if conn.WriteControl(websocket.CloseMessage, goodbye, deadline) != nil {
		return false
	}
	if conn.SetReadDeadline(deadline) != nil {
		return false
	}
	_, _, err := conn.ReadMessage()
	return websocket.IsCloseError(err, websocket.CloseNormalClosure)
}

// send sends one message and notes the answer.
func (seen *report) send(conn *websocket.Conn, kind int, message []byte) error {
	if err := conn.WriteMessage(kind, message); err != nil {
		return err
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	kind, answer, err := conn.ReadMessage()
	if err != nil {
		return err
	}
	if kind == websocket.TextMessage {
		text := string(answer)
		seen.Text = &text
	} else {
		octets := hex.EncodeToString(answer)
		seen.Hex = &octets
	}
	return nil
}

func exchange(conn *websocket.Conn, words options, seen *report) error {
	octets, err := hex.DecodeString(words.hex)
	if err != nil {
		return err
	}
	if err := seen.send(conn, websocket.TextMessage, []byte(words.text)); err != nil {
		return err
	}
	return seen.send(conn, websocket.BinaryMessage, octets)
}

func trusting(ca string) (*tls.Config, error) {
	if ca == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate", ca)
	}
	return &tls.Config{RootCAs: pool}, nil
}

func open(words options, url string, subprotocols []string) report {
	config, err := trusting(words.ca)
	if err != nil {
		return report{Error: err.Error()}
	}
	dialer := websocket.Dialer{
		HandshakeTimeout: patience, Subprotocols: subprotocols, TLSClientConfig: config}
	header := http.Header{}
	if words.origin != "" {
		header.Set("Origin", words.origin)
	}
	conn, response, err := dialer.Dial(url, header)
	if err != nil {
		if errors.Is(err, websocket.ErrBadHandshake) && response != nil {
			return report{Error: fmt.Sprintf("%v (status %d)", err, response.StatusCode)}
		}
		return report{Error: err.Error()}
	}
	defer conn.Close()
	seen := report{Open: true, Protocol: conn.Subprotocol()}
	if words.text != "" {
		if err := exchange(conn, words, &seen); err != nil {
			seen.Error = err.Error()
			return seen
		}
	}
	seen.Clean = closeCleanly(conn)
	return seen
}

func main() {
	var words options
	flag.BoolVar(&words.version, "version", false, "print the versions")
	flag.BoolVar(&words.serve, "serve", false, "serve an echo")
	flag.StringVar(&words.ca, "ca", "", "CA certificates, PEM")
	flag.StringVar(&words.origin, "origin", "", "Origin to send")
	flag.StringVar(&words.text, "text", "", "text message to send")
	flag.StringVar(&words.hex, "hex", "", "binary message to send")
	flag.StringVar(&words.cert, "cert", "", "certificate of the server, PEM")
	flag.StringVar(&words.key, "key", "", "its key, PEM")
	flag.Parse()
	var err error
	switch {
	case words.version:
		fmt.Println(version())
	case words.serve:
		err = serve(words, flag.Args())
	case flag.NArg() > 0 && (words.text == "") == (words.hex == ""):
		err = json.NewEncoder(os.Stdout).Encode(open(words, flag.Arg(0), flag.Args()[1:]))
	default:
		fmt.Fprintln(os.Stderr, "usage: gorilla [--text TEXT --hex HEX] URL [SUBPROTOCOL...]")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
