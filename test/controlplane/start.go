package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/component-base/version"

	"plumbline.dev/test/controlplane/nodes"
)

// readyLine is what `controlplane start` prints, as one line of JSON, once the cluster can be used.
type readyLine struct {
	Name       string `json:"name"`
	Kubeconfig string `json:"kubeconfig"`
	Context    string `json:"context"`
	Server     string `json:"server"`
	CAFile     string `json:"caFile"`
	Token      string `json:"token"`
	AuditLog   string `json:"auditLog"`
	DataDir    string `json:"dataDir"`
	PID        int    `json:"pid"`
	Version    string `json:"version"`
	Nodes      int    `json:"nodes"`
}

// errStopped says that the cluster was asked to stop.
var errStopped = errors.New("stopped")

// start runs a cluster until its standard input closes, a signal asks it to stop, or one of its parts ends.
func start(args []string) error {
	options, err := parseStartOptions(args)
	if errors.Is(err, pflag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	ended := make(chan error, 8)
	stopWhenAsked(ended)
	dir, err := openDataDir(options.dataDir, options.name)
	if err != nil {
		return err
	}
	defer dir.release()
	restoreStderr, err := redirectStderr(dir)
	if err != nil {
		return err
	}
	defer restoreStderr()
	err = runCluster(dir, options, ended)
	if errors.Is(err, errStopped) {
		return nil
	}
	return fmt.Errorf("control plane %s: %w%s", options.name, err, lastLogLines(dir))
}

// runCluster starts the parts, prints the ready line and returns why the cluster ended.
func runCluster(dir *dataDir, options startOptions, ended chan error) error {
	if err := ensureCertificates(dir); err != nil {
		return err
	}
	tokens, err := ensureTokens(dir, options.tokens)
	if err != nil {
		return err
	}
	listener, err := listenForAPIServer(dir, options.port)
	if err != nil {
		return err
	}
	line := readyLine{
		Name:       options.name,
		Kubeconfig: dir.file("kubeconfig"),
		Context:    options.name,
		Server:     fmt.Sprintf("https://127.0.0.1:%d", portOf(listener)),
		CAFile:     dir.file("ca.crt"),
		Token:      tokens[adminUser],
		AuditLog:   dir.file("audit.log"),
		DataDir:    dir.path,
		PID:        os.Getpid(),
		Version:    version.Get().GitVersion,
		Nodes:      options.nodes,
	}
	if err := writeAdminKubeconfig(dir, line.Kubeconfig, options.name, line.Server, line.Token); err != nil {
		return err
	}
	if err := os.Chdir(dir.path); err != nil {
		return err
	}
	etcd, err := startEtcd(dir)
	if err != nil {
		return err
	}
	// No farewell to the clients, all of them are ours. What was acknowledged is in the log on disk.
	defer etcd.Server.HardStop()
	go func() {
		ended <- fmt.Errorf("kube-apiserver ended: %v", runAPIServer(context.Background(), dir, listener, options))
	}()
	if options.controllers {
		stopControllers, err := startControllers(dir, line.Server, tokens, ended)
		if err != nil {
			return err
		}
		defer stopControllers()
	}
	config := &rest.Config{Host: line.Server, BearerToken: tokens[nodesUser], TLSClientConfig: rest.TLSClientConfig{CAFile: line.CAFile}}
	ready := make(chan error, 1)
	go func() { ready <- waitUntilReady(config, options.controllers) }()
	if options.controllers {
		go func() { ended <- nodes.Run(context.Background(), config, options.nodes) }()
	}
	select {
	case err := <-ended:
		return stopped(dir, err)
	case err := <-ready:
		if err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	return stopped(dir, <-ended)
}

// stopped removes a temporary directory as soon as a stop is asked for: while the parts end, one of them may end this
// process with a fatal error before anything else is done. After a failure its logs are still needed.
func stopped(dir *dataDir, err error) error {
	if errors.Is(err, errStopped) {
		dir.discard()
	}
	return err
}

// startControllers starts the controller manager and the scheduler, each a process of its own.
func startControllers(dir *dataDir, server string, tokens map[string]string, ended chan<- error) (stop func(), err error) {
	var running []*child
	stop = func() {
		for _, started := range running {
			started.process.Kill()
		}
	}
	for user, flags := range map[string][]string{
		controllerManagerUser: {
			"--leader-elect=false",
			"--secure-port=0",
			"--kube-api-qps=1000",
			"--kube-api-burst=2000",
			"--service-account-private-key-file=" + dir.file("service-account.key"),
			"--root-ca-file=" + dir.file("ca.crt"),
			"--cluster-signing-cert-file=" + dir.file("ca.crt"),
			"--cluster-signing-key-file=" + dir.file("ca.key"),
		},
		schedulerUser: {
			"--leader-elect=false",
			"--secure-port=0",
			"--kube-api-qps=1000",
			"--kube-api-burst=2000",
		},
	} {
		name := strings.TrimPrefix(user, "system:")
		kubeconfig := dir.file(name + ".kubeconfig")
		if err := writeComponentKubeconfig(dir, kubeconfig, server, tokens[user]); err != nil {
			stop()
			return nil, err
		}
		started, err := startChild(dir, name, append(flags, "--kubeconfig="+kubeconfig), ended)
		if err != nil {
			stop()
			return nil, err
		}
		running = append(running, started)
	}
	return stop, nil
}

// stopWhenAsked reports errStopped on SIGTERM, on SIGINT, and when standard input closes: then the process that
// started this one is gone.
func stopWhenAsked(ended chan<- error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		ended <- errStopped
	}()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		ended <- errStopped
	}()
}
