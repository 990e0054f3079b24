package main

import (
	"context"
	_ "embed"
	"net"
	"os"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/rest"
	basecompatibility "k8s.io/component-base/compatibility"
	logsapi "k8s.io/component-base/logs/api/v1"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

//go:embed audit-policy.yaml
var auditPolicy []byte

// runAPIServer runs kube-apiserver inside this process, on a port that is open already, until the context ends.
// It does what app.NewAPIServerCommand does; only the command has no way to be given an open port.
func runAPIServer(ctx context.Context, dir *dataDir, listener net.Listener, chosen startOptions) error {
	flags, err := apiServerFlags(dir, chosen)
	if err != nil {
		return err
	}
	server := options.NewServerRunOptions()
	flagSet := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, part := range server.Flags().FlagSets {
		flagSet.AddFlagSet(part)
	}
	if err := flagSet.Parse(flags); err != nil {
		return err
	}
	registry := server.GenericServerRunOptions.ComponentGlobalsRegistry
	if err := registry.Set(); err != nil {
		return err
	}
	if err := logsapi.ValidateAndApply(server.Logs, registry.FeatureGateFor(basecompatibility.DefaultKubeComponent)); err != nil {
		return err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	server.SecureServing.Listener = listener
	server.SecureServing.BindPort = portOf(listener)
	completed, err := server.Complete(ctx)
	if err != nil {
		return err
	}
	if invalid := completed.Validate(); len(invalid) > 0 {
		return utilerrors.NewAggregate(invalid)
	}
	return apiserver.Run(ctx, completed)
}

func apiServerFlags(dir *dataDir, chosen startOptions) ([]string, error) {
	if err := os.WriteFile(dir.file("audit-policy.yaml"), auditPolicy, 0o600); err != nil {
		return nil, err
	}
	flags := []string{
		"--etcd-servers=" + etcdEndpoint,
		"--bind-address=127.0.0.1",
		// An address that leads nowhere (RFC 5737): the API refuses endpoints on loopback, and a machine may have no other.
		"--advertise-address=192.0.2.1",
		"--tls-cert-file=" + dir.file("server.crt"),
		"--tls-private-key-file=" + dir.file("server.key"),
		"--client-ca-file=" + dir.file("ca.crt"),
		"--token-auth-file=" + dir.file("tokens.csv"),
		"--authorization-mode=RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + dir.file("service-account.key"),
		"--service-account-signing-key-file=" + dir.file("service-account.key"),
		"--service-cluster-ip-range=10.0.0.0/16",
		"--allow-privileged=true",
		"--audit-policy-file=" + dir.file("audit-policy.yaml"),
		"--audit-log-path=" + dir.file("audit.log"),
		"--audit-log-mode=blocking",
		"--audit-log-maxsize=100000",
	}
	if !chosen.controllers {
		// Nobody makes the ServiceAccounts that this plugin wants Pods to have.
		flags = append(flags, "--disable-admission-plugins=ServiceAccount")
	}
	return append(flags, chosen.apiserverFlags...), nil
}
