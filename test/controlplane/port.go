package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// listenForAPIServer opens the API server's port and keeps it open until the API server takes it over, so that no
// other process can come between. Port 0: the one of the directory's last run, or else a free one.
func listenForAPIServer(dir *dataDir, port int) (net.Listener, error) {
	if port == 0 {
		port = rememberedPort(dir)
	}
	listener, err := listenOnLoopback(port)
	// The process that stands for the same cluster may still be about to end.
	for attempt := 0; err != nil && attempt < 20; attempt++ {
		time.Sleep(100 * time.Millisecond)
		listener, err = listenOnLoopback(port)
	}
	if err != nil {
		return nil, fmt.Errorf("port %d: %w", port, err)
	}
	return listener, os.WriteFile(dir.file("port"), []byte(strconv.Itoa(portOf(listener))), 0o600)
}

func rememberedPort(dir *dataDir) int {
	kept, err := os.ReadFile(dir.file("port"))
	if err != nil {
		return 0
	}
	port, _ := strconv.Atoi(string(kept))
	return port
}

func listenOnLoopback(port int) (net.Listener, error) {
	return net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
}

func portOf(listener net.Listener) int { return listener.Addr().(*net.TCPAddr).Port }
