package main

import (
	"os"
	"strings"
)

const apiServerLog = "kube-apiserver.log"

// redirectStderr sends what the API server logs to a file; the returned function puts standard error back.
func redirectStderr(dir *dataDir) (restore func(), err error) {
	log, err := os.OpenFile(dir.file(apiServerLog), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	stderr := os.Stderr
	os.Stderr = log
	return func() { os.Stderr = stderr }, nil
}

// lastLogLines returns the end of the logs, for an error message: the files may be gone when someone reads it.
func lastLogLines(dir *dataDir) string {
	const wanted = 8
	var text strings.Builder
	for _, name := range []string{"etcd.log", apiServerLog, "kube-controller-manager.log", "kube-scheduler.log"} {
		content, err := os.ReadFile(dir.file(name))
		if err != nil || len(content) == 0 {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		lines = lines[max(0, len(lines)-wanted):]
		text.WriteString("\n" + name + ":\n  " + strings.Join(lines, "\n  "))
	}
	return text.String()
}
