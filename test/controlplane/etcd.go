package main

import (
	"net/url"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdEndpoint is a socket in the working directory, which is the data directory: no port that could collide or that
// others could reach, and no path that could be too long for a socket.
const etcdEndpoint = "unix://etcd.sock"

// startEtcd starts etcd inside this process. It does not wait for the disk: a crash of the machine may lose data, a
// crash of the process may not.
func startEtcd(dir *dataDir) (*embed.Etcd, error) {
	peer := url.URL{Scheme: "unix", Host: "etcd-peer.sock"}
	client := url.URL{Scheme: "unix", Host: "etcd.sock"}
	config := embed.NewConfig()
	config.Dir = dir.file("etcd")
	// The advertised addresses stay etcd's defaults. Nobody listens there, and no one asks: it is the only member.
	config.ListenPeerUrls, config.ListenClientUrls = []url.URL{peer}, []url.URL{client}
	config.UnsafeNoFsync = true
	config.TickMs, config.ElectionMs = 10, 100
	config.LogOutputs = []string{dir.file("etcd.log")}
	config.LogLevel = "error"
	return embed.StartEtcd(config)
}
