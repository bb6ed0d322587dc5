package main

import (
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
)

// echo sends every message back until the client closes; gorilla answers that itself.
func echo(conn *websocket.Conn) {
	defer conn.Close()
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if conn.WriteMessage(kind, message) != nil {
			return
		}
	}
}

// serve is an echo server on a free port of loopback; it prints "listening on PORT".
func serve(words options, subprotocols []string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	upgrader := websocket.Upgrader{HandshakeTimeout: patience, Subprotocols: subprotocols}
	handler := http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		conn, err := upgrader.Upgrade(writer, request, nil)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
		echo(conn)
	})
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	if words.cert != "" {
		return server.ServeTLS(listener, words.cert, words.key)
	}
	return server.Serve(listener)
}
