package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

// issuer signs the certificates of one cluster.
type issuer struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// ensureCertificates writes the cluster's certificates and keys into the directory, unless they stand there already.
func ensureCertificates(dir *dataDir) error {
	if _, err := os.Stat(dir.file("service-account.key")); err == nil {
		return nil
	}
	ca, err := newIssuer(dir)
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback, net.IPv4(10, 0, 0, 1)},
	}
	admin := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "admin-by-certificate", Organization: []string{"system:masters"}},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if err := ca.issue(dir, "server", server); err != nil {
		return err
	}
	if err := ca.issue(dir, "admin", admin); err != nil {
		return err
	}
	_, err = newKey(dir.file("service-account.key"))
	return err
}

func newIssuer(dir *dataDir) (*issuer, error) {
	key, err := newKey(dir.file("ca.key"))
	if err != nil {
		return nil, err
	}
	ca := &issuer{key: key, certificate: &x509.Certificate{
		Subject:               pkix.Name{CommonName: "plumbline test control plane"},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}}
	return ca, ca.sign(dir.file("ca.crt"), ca.certificate, key.Public())
}

func (i *issuer) issue(dir *dataDir, name string, template *x509.Certificate) error {
	key, err := newKey(dir.file(name + ".key"))
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	return i.sign(dir.file(name+".crt"), template, key.Public())
}

func (i *issuer) sign(path string, template *x509.Certificate, key crypto.PublicKey) error {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = template.NotBefore.AddDate(10, 0, 0)
	der, err := x509.CreateCertificate(rand.Reader, template, i.certificate, key, i.key)
	if err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", der)
}

func newKey(path string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(path, "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
