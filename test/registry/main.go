// A real OCI registry in one binary: distribution's own, with the parts that tests use. Everything is in memory.
//
//	registry serve CONFIG              serves
//	registry htpasswd USER PASSWORD    prints a line for its htpasswd file
package main

import (
	"fmt"
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"golang.org/x/crypto/bcrypt"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 3 || arguments[0] != "htpasswd" {
		return registry.RootCmd.Execute()
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(arguments[2]), bcrypt.MinCost)
	if err != nil {
		return err
	}
	fmt.Printf("%s:%s\n", arguments[1], hash)
	return nil
}
