package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// workflow is what the test needs of a workflow of GitHub Actions.
type workflow struct {
	Jobs map[string]struct {
		Env   map[string]string
		Steps []struct{ Name, Uses, Run string }
	}
}

// TestTheWorkflowOfTheGuideReviewsAChange runs the steps as a runner does, in a
// repository whose policy was changed: lists are blocked from 5 people, not from 10.
func TestTheWorkflowOfTheGuideReviewsAChange(t *testing.T) {
	for _, program := range []string{"git", "bash"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") == "" {
			t.Skip(err)
		}
	}
	var w workflow
	if err := yaml.Unmarshal([]byte(examples(t, "workflow")[0].text), &w); err != nil {
		t.Fatal(err)
	}
	repository, outside := t.TempDir(), t.TempDir()
	summary := filepath.Join(outside, "summary.md")
	events := filepath.Join(outside, "events.jsonl")
	write(t, events, eventOfPeople(7))
	env := []string{"GITHUB_STEP_SUMMARY=" + summary, "GIT_CONFIG_GLOBAL=/dev/null", "HOME=" + outside}
	for key, value := range w.Jobs["review"].Env {
		env = append(env, key+"="+strings.ReplaceAll(value, "${{ github.base_ref }}", "main"))
	}
	env = append(env, "EVENTS="+events)

	git := "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false "
	write(t, filepath.Join(repository, "policy", "policy.yaml"), policyFrom(10))
	write(t, filepath.Join(repository, "policy", "policy_test.yaml"), policyTests)
	step(t, repository, env, "git init -q -b main && git add . && "+git+"commit -qm old && git update-ref refs/remotes/origin/main HEAD")
	write(t, filepath.Join(repository, "policy", "policy.yaml"), policyFrom(5))
	step(t, repository, env, git+"commit -qam new")

	ran := 0
	for _, s := range w.Jobs["review"].Steps {
		if s.Run != "" {
			ran++
			step(t, repository, env, s.Run)
		}
	}
	if ran < 4 {
		t.Errorf("only %d steps ran", ran)
	}
	told, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"lists stay home", "people from &gt;=10 to &gt;=5", "**Newly blocked** | 1 |"} {
		if !strings.Contains(string(told), want) {
			t.Errorf("the summary lacks %q:\n%s", want, told)
		}
	}

	write(t, filepath.Join(repository, "policy", "policy.yaml"), strings.Replace(policyFrom(5), "match:", "mach:", 1))
	out, err := shellStep(repository, env, w.Jobs["review"].Steps[1].Run)
	if err == nil || !strings.Contains(out, "::error file=policy/policy.yaml,line=4") {
		t.Errorf("a fault does not end the check: %v\n%s", err, out)
	}
}

func step(t *testing.T, folder string, env []string, script string) {
	t.Helper()
	if out, err := shellStep(folder, env, script); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

// shellStep runs a step with the shell that Actions takes for it.
func shellStep(folder string, env []string, script string) (string, error) {
	cmd := exec.Command("bash", "-e", "-c", script)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func policyFrom(people int) string {
	return fmt.Sprintf(`version: 1
rules:
  - name: lists stay home
    match: {data: {class: personal, people: ">=%d"}}
    action: block
`, people)
}

const policyTests = `version: 1
tests:
  - name: lists stay home
    request: {service: chatgpt, prompt: "a1@mail.example a2@mail.example a3@mail.example a4@mail.example a5@mail.example a6@mail.example a7@mail.example a8@mail.example a9@mail.example b1@mail.example"}
    expect: {action: block, rule: lists stay home}
`

// eventOfPeople is the event of an hour ago of a request that was logged.
func eventOfPeople(n int) string {
	return fmt.Sprintf(`{"time":%q,"id":"019aa9f2-0000-7000-8000-000000000002","kind":"exchange","revision":"6a1f0c2d9b3e","client":{"address":"10.20.1.17","user":"ana@marketing.corp.example","group":"none"},"destination":{"host":"api.openai.com","port":443,"path_template":"/v1/chat/completions","protocol":"HTTP/1.1"},"service":{"id":"openai-api","status":"unreviewed","operation":"prompt"},"request":{"method":"POST","bytes":147,"media_type":"application/json"},"response":{"status":200,"bytes":133},"coverage":{"state":"complete","reason":"","bytes_read":147},"findings":[{"detector":"email","class":"personal","count":%d,"masked_example":"a***","location":"$.messages[0].content","confidence":0.9}],"people":%d,"verdict":{"action":"log","rule":"","at":"","reason":"no rule matched: AI traffic is logged","enforced":true},"timing":{"total_seconds":0.001,"verdict_seconds":2e-05,"mode":"hold"},"account":{"kind":"api_key"}}
`, time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), n, n)
}
