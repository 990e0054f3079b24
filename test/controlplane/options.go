package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/pflag"
)

// startOptions are the flags of `controlplane start`.
type startOptions struct {
	name           string
	controllers    bool
	nodes          int
	port           int
	dataDir        string
	tokens         []tokenUser
	apiserverFlags []string
}

// tokenUser is one line of the API server's static token file.
type tokenUser struct {
	user   string
	token  string
	groups []string
}

var validName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

func parseStartOptions(args []string) (startOptions, error) {
	var options startOptions
	var tokens []string
	flags := pflag.NewFlagSet("controlplane start", pflag.ContinueOnError)
	flags.StringVar(&options.name, "name", "plumbline-test", "name of the cluster and of its kubeconfig context")
	flags.BoolVar(&options.controllers, "controllers", true, "run the controller manager, the scheduler and the nodes")
	flags.IntVar(&options.nodes, "nodes", 1, "number of nodes")
	flags.IntVar(&options.port, "port", 0, "port of the API server (0: the one that the data directory was used with, or a free one)")
	flags.StringVar(&options.dataDir, "data-dir", "", "directory to keep: the same cluster comes back from it (default: a temporary one, removed at the end)")
	flags.StringArrayVar(&tokens, "token", nil, "a further user, NAME=TOKEN[:GROUP[,GROUP]] (repeatable)")
	flags.StringArrayVar(&options.apiserverFlags, "apiserver-flag", nil, "a further flag for kube-apiserver (repeatable)")
	if err := flags.Parse(args); err != nil {
		return options, err
	}
	if flags.NArg() > 0 {
		return options, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if !validName.MatchString(options.name) {
		return options, fmt.Errorf("--name %q: lower-case letters, digits and - are allowed, 63 at most", options.name)
	}
	if !options.controllers {
		options.nodes = 0
	}
	for _, text := range tokens {
		user, err := parseTokenUser(text)
		if err != nil {
			return options, err
		}
		options.tokens = append(options.tokens, user)
	}
	return options, nil
}

func parseTokenUser(text string) (tokenUser, error) {
	name, rest, found := strings.Cut(text, "=")
	token, groups, hasGroups := strings.Cut(rest, ":")
	if !found || name == "" || token == "" {
		return tokenUser{}, errors.New("--token: NAME=TOKEN[:GROUP[,GROUP]] is expected")
	}
	user := tokenUser{user: name, token: token}
	if hasGroups {
		user.groups = strings.Split(groups, ",")
	}
	return user, nil
}
