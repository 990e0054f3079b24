package main

import "syscall"

// dieWithParent lets the kernel end a child, also one that hangs, when its parent is gone.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
