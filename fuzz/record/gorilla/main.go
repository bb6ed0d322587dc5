// Opens one WebSocket with gorilla/websocket, closes it, and reports what the library saw.
//
// usage: gorilla --version | gorilla URL [SUBPROTOCOL...]
//
// Prints one JSON line {"open", "protocol", "clean", "error"}; see ../clients.py.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"
)

const patience = 10 * time.Second

type report struct {
	Open     bool   `json:"open"`
	Protocol string `json:"protocol"`
	Clean    bool   `json:"clean"`
	Error    string `json:"error"`
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

func open(url string, subprotocols []string) report {
	dialer := websocket.Dialer{HandshakeTimeout: patience, Subprotocols: subprotocols}
	conn, response, err := dialer.Dial(url, nil)
	if err != nil {
		if errors.Is(err, websocket.ErrBadHandshake) && response != nil {
			return report{Error: fmt.Sprintf("%v (status %d)", err, response.StatusCode)}
		}
		return report{Error: err.Error()}
	}
	defer conn.Close()
	return report{Open: true, Protocol: conn.Subprotocol(), Clean: closeCleanly(conn)}
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: gorilla --version | gorilla URL [SUBPROTOCOL...]")
		os.Exit(2)
	}
	if os.Args[1] == "--version" {
		fmt.Println(version())
		return
	}
	if err := json.NewEncoder(os.Stdout).Encode(open(os.Args[1], os.Args[2:])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
