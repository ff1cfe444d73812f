package policyfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"daylight.internal/rules/policyfile"
)

// company makes the policy of a large company: as many files as it has teams,
// each with a group and ten rules, and approvals for many services.
func company(t testing.TB, files int) []policyfile.File {
	t.Helper()
	ids := known(t).Catalog.IDs()
	categories := []string{"chat", "image", "video", "audio", "translation", "coding", "meetings", "writing", "agent", "marketing"}
	out := make([]policyfile.File, files)
	for i := range out {
		var b strings.Builder
		group := fmt.Sprintf("team-%03d", i)
		fmt.Fprintf(&b, "version: 1\ngroups:\n  %s: {networks: [10.%d.%d.0/24], users: [\"*@%s.corp.example\"]}\n", group, i/256, i%256, group)
		b.WriteString("approvals:\n")
		for k := range 3 {
			fmt.Fprintf(&b, "  - service: %s\n    status: %s\n    groups: [%s]\n    owner: lead@%s.corp.example\n    assessment: RA-2026-%03d\n    expires: 2028-03-31\n",
				ids[(i*7+k*131)%len(ids)], []string{"sanctioned", "tolerated", "prohibited"}[k], group, group, i)
		}
		b.WriteString("rules:\n")
		for k := range 10 {
			fmt.Fprintf(&b, "  - name: %s rule %d\n    match:\n      groups: [%s]\n", group, k, group)
			switch k % 5 {
			case 0:
				fmt.Fprintf(&b, "      service: [%s, %s]\n      data: {class: personal, people: \">=%d\"}\n", ids[(i*3+k)%len(ids)], ids[(i*3+k+1+i%7)%len(ids)], 50-k)
			case 1:
				fmt.Fprintf(&b, "      category: %s\n      data: {class: payment, count: \">=%d\"}\n", categories[k], 20-k)
			case 2:
				fmt.Fprintf(&b, "      status: [unreviewed, prohibited]\n      coverage: [truncated, undecodable]\n      bytes: \">=%dKiB\"\n", 1000-100*k)
			case 3:
				fmt.Fprintf(&b, "      country: [CN, RU]\n      operation: [prompt, upload]\n      data: [{class: personal, people: \">=%d\"}, {class: credentials}]\n", 40-k)
			default:
				fmt.Fprintf(&b, "      traffic: other\n      host: [files%d.example.com, \"*.share%d.example\"]\n      data: {class: personal}\n", k, i*10+k)
			}
			b.WriteString("    action: block\n    message: {en: Please use the approved tool., zh: 请使用已批准的工具。}\n")
		}
		out[i] = policyfile.File{Name: fmt.Sprintf("%03d.yaml", i), Data: []byte(b.String())}
	}
	return out
}

// one makes a single file of rules.
func one(n int, rule func(i int) string) []policyfile.File {
	var b strings.Builder
	b.WriteString("version: 1\nrules:\n")
	for i := range n {
		b.WriteString("  - " + rule(i) + "\n")
	}
	return []policyfile.File{{Name: "p.yaml", Data: []byte(b.String())}}
}

func BenchmarkLoad(b *testing.B) {
	k := known(b)
	for _, c := range []struct {
		name  string
		files []policyfile.File
	}{
		{"500 files of 10 rules", company(b, 500)},
		{"5000 rules all alike", one(5000, func(i int) string { return fmt.Sprintf("{name: r%d, match: {}, action: log}", i) })},
		{"5000 rules that ask for less and less", one(5000, func(i int) string {
			return fmt.Sprintf("{name: r%d, match: {data: {class: personal, people: \">=%d\"}}, action: log}", i, 5000-i)
		})},
		{"5000 rules with a host each", one(5000, func(i int) string {
			return fmt.Sprintf("{name: r%d, match: {traffic: other, host: h%d.example}, action: log}", i, i)
		})},
		{"5000 unknown services", one(5000, func(i int) string {
			return fmt.Sprintf("{name: r%d, match: {service: chatgpt-%d}, action: log}", i, i)
		})},
		{"5000 unknown keys", one(5000, func(i int) string { return fmt.Sprintf("{name: r%d, match: {}, action: log, mesage%d: x}", i, i) })},
	} {
		b.Run(c.name, func(b *testing.B) {
			if dir := os.Getenv("POLICY_DIR"); dir != "" { // to measure the command with
				write(b, filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-")), c.files)
			}
			b.ReportAllocs()
			for b.Loop() {
				s, _ := policyfile.Load(c.files, k)
				if len(s.Policy.Rules) != 5000 {
					b.Fatal("rules are missing")
				}
			}
		})
	}
}

func write(t testing.TB, dir string, files []policyfile.File) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestThePolicyOfTheBenchmarkHasNoFault(t *testing.T) {
	_, problems := load(t, company(t, 60)...)
	if len(problems) > 0 {
		t.Errorf("%d problems:\n%s", len(problems), render(t, problems[:min(5, len(problems))]))
	}
}
