// Fills in variables as Flux does: a JSON value a line in, one out. The oracle of shared/render/variables/.
package main

import (
	"bufio"
	"encoding/json"
	"os"

	"github.com/fluxcd/pkg/envsubst"
)

type question struct {
	Text   string            `json:"text"`
	Values map[string]string `json:"values"`
	Strict bool              `json:"strict"`
}

type answer struct {
	Text  string `json:"text"`
	Error string `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<24)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := answers.Encode(expand(asked)); err != nil {
			panic(err)
		}
	}
}

func expand(asked question) (result answer) {
	defer func() {
		if recover() != nil {
			result = answer{Error: "it panics"}
		}
	}()
	text, err := envsubst.Eval(asked.Text, func(name string) (string, bool) {
		value, isSet := asked.Values[name]
		return value, isSet || !asked.Strict
	})
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Text: text}
}
