package main

import (
	"crypto/rand"
	"encoding/csv"
	"encoding/hex"
	"os"
	"strings"
)

// systemMasters is the group that may do everything.
const systemMasters = "system:masters"

// The users of the cluster's own parts, all with every right. Their names tell them apart in the audit log.
const (
	adminUser             = "admin"
	controllerManagerUser = "system:kube-controller-manager"
	schedulerUser         = "system:kube-scheduler"
	nodesUser             = "plumbline:nodes"
)

// ensureTokens writes the API server's token file and returns the tokens by user. The random tokens of the cluster's
// own users are kept in the directory, so that a kubeconfig outlives a restart.
func ensureTokens(dir *dataDir, further []tokenUser) (map[string]string, error) {
	tokens := map[string]string{}
	var lines [][]string
	for _, user := range []string{adminUser, controllerManagerUser, schedulerUser, nodesUser} {
		token, err := ensureToken(dir.file("token-" + strings.ReplaceAll(user, ":", "-")))
		if err != nil {
			return nil, err
		}
		tokens[user] = token
		lines = append(lines, []string{token, user, user, systemMasters})
	}
	for _, user := range further {
		lines = append(lines, []string{user.token, user.user, user.user, strings.Join(user.groups, ",")})
	}
	file, err := os.OpenFile(dir.file("tokens.csv"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return tokens, csv.NewWriter(file).WriteAll(lines)
}

func ensureToken(path string) (string, error) {
	if kept, err := os.ReadFile(path); err == nil && len(kept) > 0 {
		return string(kept), nil
	}
	random := make([]byte, 24)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	token := hex.EncodeToString(random)
	return token, os.WriteFile(path, []byte(token), 0o600)
}
