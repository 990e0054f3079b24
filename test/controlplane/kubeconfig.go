package main

import (
	"os"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// writeAdminKubeconfig writes the file for people and tests: context `name` with a token, `name`-cert with a client
// certificate. Everything is inline, so that the file can be copied.
func writeAdminKubeconfig(dir *dataDir, path, name, server, token string) error {
	config, err := newKubeconfig(dir, name, server, token)
	if err != nil {
		return err
	}
	certificate, err := os.ReadFile(dir.file("admin.crt"))
	if err != nil {
		return err
	}
	key, err := os.ReadFile(dir.file("admin.key"))
	if err != nil {
		return err
	}
	config.AuthInfos[name+"-cert"] = &clientcmdapi.AuthInfo{ClientCertificateData: certificate, ClientKeyData: key}
	config.Contexts[name+"-cert"] = &clientcmdapi.Context{Cluster: name, AuthInfo: name + "-cert"}
	return clientcmd.WriteToFile(*config, path)
}

// writeComponentKubeconfig writes the file that one of the cluster's own parts reads.
func writeComponentKubeconfig(dir *dataDir, path, server, token string) error {
	config, err := newKubeconfig(dir, "local", server, token)
	if err != nil {
		return err
	}
	return clientcmd.WriteToFile(*config, path)
}

func newKubeconfig(dir *dataDir, name, server, token string) (*clientcmdapi.Config, error) {
	ca, err := os.ReadFile(dir.file("ca.crt"))
	if err != nil {
		return nil, err
	}
	config := clientcmdapi.NewConfig()
	config.Clusters[name] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	return config, nil
}
