package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
)

// stopWithParentVariable, when set, makes a component end as soon as its standard input closes.
const stopWithParentVariable = "PLUMBLINE_STOP_WITH_PARENT"

// child is a component that runs as a process of its own.
type child struct {
	name    string
	process *os.Process
	// stdin is held open and never written to: the system closes it when this process ends, however it ends.
	stdin io.WriteCloser
}

// startChild starts this binary again as the named component. `ended` receives an error when the component ends.
func startChild(dir *dataDir, name string, flags []string, ended chan<- error) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(dir.file(name+".log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command := exec.Command(self, append([]string{name}, flags...)...)
	command.Env = append(os.Environ(), stopWithParentVariable+"=1")
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = childAttributes()
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	started := make(chan error)
	go func() {
		// The parent death signal of Linux belongs to the thread that started the child, so that thread has to stay.
		runtime.LockOSThread()
		started <- command.Start()
		ended <- fmt.Errorf("%s ended: %v", name, command.Wait())
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return &child{name: name, process: command.Process, stdin: stdin}, nil
}

// exitWhenStdinCloses ends this process together with the one that started it.
func exitWhenStdinCloses() {
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
}
