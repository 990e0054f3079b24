package main

import "syscall"

// childAttributes lets the kernel end a child, also one that hangs, when its parent is gone. A group of its own keeps
// Ctrl-C away from it: the parent decides when it ends.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
