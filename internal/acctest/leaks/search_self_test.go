package leaks

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clarifai/terraform-provider-clarifai/internal/apitest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// TestSearchFinds puts a secret into a log and a saved plan in every form: the
// search must find it, and report its fingerprint and not the secret.
func TestSearchFinds(t *testing.T) {
	t.Parallel()
	secret := emulator.NewSecret()
	encode := base64.StdEncoding.EncodeToString
	forms := map[string]string{
		"plain":             "DELETE /v2/users/u/keys/" + secret,
		"capitals":          strings.ToUpper(secret),
		"cut short":         "cannot read `" + secret[:12] + "...`",
		"its end":           "…" + secret[20:],
		"hex":               hex.EncodeToString([]byte(secret)),
		"base64":            encode([]byte(secret)),
		"base64, shifted 1": encode([]byte("x" + secret)),
		"base64, shifted 2": encode([]byte("Key " + secret + ":")),
		"base64 in JSON":    encode([]byte(`{"keys":[{"id":"` + secret + `"}]}`)),
		"base64url":         base64.RawURLEncoding.EncodeToString([]byte("??" + secret)),
		"JSON escapes":      fmt.Sprintf(`"\u%04x\u%04x%s"`, secret[0], secret[1], secret[2:]),
	}
	var percent strings.Builder
	for _, c := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", c)
	}
	forms["percent"] = percent.String()
	for name, text := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			log := "2026-01-02T03:04:05Z [TRACE] provider: a line\n2026-01-02T03:04:05Z [DEBUG] provider: url=" + text + "\n"
			for file, content := range map[string][]byte{"trace.log": []byte(log), "saved.plan": zipped(t, "tfplan", log)} {
				apitest.Must(t, os.WriteFile(filepath.Join(dir, file), content, 0o600))
			}
			for _, s := range []secrets{{tokens: []string{secret}, stored: true}, {keys: []string{secret}, stored: true}, {keys: []string{secret}}} {
				found := s.searchDir(t, dir)
				files := map[string]bool{}
				for _, l := range found {
					files[l.file] = true
					if strings.Contains(l.String(), secret) || !strings.Contains(l.String(), clarifai.Secret(secret).Fingerprint()) {
						t.Error("the report repeats the secret, or does not name it")
					}
				}
				if !files["trace.log"] || !files["saved.plan/tfplan"] {
					t.Errorf("found only in %v", files)
				}
			}
			clean := secrets{keys: []string{emulator.NewSecret()}}
			if found := clean.searchDir(t, dir); len(found) > 0 {
				t.Errorf("another secret was found: %v", found)
			}
		})
	}
}

func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	apitest.Must(t, err)
	return b.Bytes()
}

// TestSearchAllows checks that the search allows a stored key in its one place and
// nowhere around it.
func TestSearchAllows(t *testing.T) {
	t.Parallel()
	secret := emulator.NewSecret()
	state := func(kind, attributes, marks string) string {
		return fmt.Sprintf(`{"version": 4, "resources": [{"mode": "managed", "type": %q, "instances": [{"attributes": {%s}, "sensitive_attributes": [%s]}]}]}`, kind, attributes, marks)
	}
	const marked = `[{"type":"get_attr","value":"key"}]`
	shown := func(change string) string {
		return `{"resource_changes": [{"type": "clarifai_app_key", "change": {` + change + `}}]}`
	}
	for name, c := range map[string]struct {
		file, text string
		allowed    bool
	}{
		"key in state":               {"terraform.tfstate", state("clarifai_app_key", `"key": "`+secret+`", "store_key": true`, marked), true},
		"key in a backup":            {"terraform.tfstate.backup", state("clarifai_app_key", `"key": "`+secret+`", "store_key": true`, marked), true},
		"key of the data source":     {"terraform.tfstate", state("clarifai_app_key", `"key": "`+secret+`"`, marked), true},
		"previous key, unmarked":     {"terraform.tfstate", state("clarifai_rotating_app_key", `"previous_key": "`+secret+`", "store_key": true`, marked), false},
		"not to be stored":           {"terraform.tfstate", state("clarifai_app_key", `"key": "`+secret+`", "store_key": false`, marked), false},
		"not marked":                 {"terraform.tfstate", state("clarifai_app_key", `"key": "`+secret+`", "store_key": true`, ""), false},
		"of a data source, unmarked": {"terraform.tfstate", strings.Replace(state("clarifai_app_key", `"key": "`+secret+`"`, ""), "managed", "data", 1), true},
		"in the id":                  {"terraform.tfstate", state("clarifai_app_key", `"id": "u/a/`+secret+`", "key": "x"`, marked), false},
		"of another resource":        {"terraform.tfstate", state("clarifai_app", `"key": "`+secret+`"`, marked), false},
		"private":                    {"terraform.tfstate", `{"resources": [{"type": "clarifai_app_key", "instances": [{"private": "` + base64.StdEncoding.EncodeToString([]byte(`{"k":"`+secret+`"}`)) + `"}]}]}`, false},
		"sensitive output":           {"terraform.tfstate", `{"outputs": {"o": {"sensitive": true, "value": "` + secret + `"}}}`, true},
		"plain output":               {"terraform.tfstate", `{"outputs": {"o": {"value": "` + secret + `"}}}`, false},
		"a state in the log":         {"trace.log", state("clarifai_app_key", `"key": "`+secret+`", "store_key": true`, marked), false},
		"a stream":                   {"003-apply.out", `{"type": "outputs", "outputs": {"o": {"sensitive": true, "value": "` + secret + `"}}}`, false},
		"change, marked":             {"004-show.json", shown(`"before": null, "after": {"key": "` + secret + `"}, "after_sensitive": {"key": true}`), true},
		"change, not marked":         {"004-show.json", shown(`"before": {"key": "` + secret + `"}, "after": {}, "after_sensitive": {"key": true}`), false},
		"key in a saved plan":        {"p.plan/tfplan", "\xa3key\xd9 " + secret, true},
		"elsewhere in a saved plan":  {"p.plan/tfplan", "\xabdescription\xd9 " + secret, false},
		"configuration in a plan":    {"p.plan/tfconfig/m-/main.tf", `pat = "` + secret + `"`, false},
		"file name of another state": {"terraform.tfstate.lock.info", `{"Info": "` + secret + `"}`, false},
	} {
		found := secrets{keys: []string{secret}, stored: true}.search(c.file, []byte(c.text))
		apitest.Equal(t, len(found) == 0, c.allowed, name, "allowed; found:", len(found))
		if found := (secrets{keys: []string{secret}}).search(c.file, []byte(c.text)); len(found) == 0 {
			t.Errorf("%s: not found where nothing is stored", name)
		}
		if found := (secrets{tokens: []string{secret}, stored: true}).search(c.file, []byte(c.text)); len(found) == 0 {
			t.Errorf("%s: the search allows a token there", name)
		}
	}
}
