package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The names under which the stand-ins are known.
const (
	heldHost   = "api.openai.com"    // prompts are held while lists are blocked
	readHost   = "api.anthropic.com" // sanctioned: observed
	streamHost = "chat.soak.test"    // a service of the policy that speaks gRPC
	pageHost   = "www.soak.test"     // no AI
	pinnedHost = "app.soak.test"     // no AI; only clients that trust nobody use it
	tunnelHost = "bank.soak.test"    // never opened
	plainHost  = "plain.soak.test"   // without TLS
)

const services = `version: 1
services:
  - {id: soak-chat, name: Soak chat, vendor: Example, country: DE, category: chat, confidence: documented, verified_on: 2026-11-22, hosts: [chat.soak.test]}
approvals:
  - {service: anthropic-api, status: sanctioned, owner: soak@corp.example, assessment: RA-1, expires: 2099-12-31}
  - {service: openai-api, status: tolerated, owner: soak@corp.example, assessment: RA-2, expires: 2099-12-31}
rules:
`

// policies are two good ones, of which the first stops customer lists, and a broken one.
var policies = struct{ blocking, logging, broken string }{
	blocking: services + `  - {name: lists stay home, match: {status: [unreviewed, prohibited, tolerated], data: {class: personal, people: ">=10"}}, action: block}
`,
	logging: services + `  - {name: lists are seen, match: {data: {class: personal, people: ">=10"}}, action: log}
`,
	broken: services + `  - {name: broken, match: {statuss: [unreviewed]}, action: block}
`,
}

// configuration returns daylight.yaml. Its limits are so low that all of them fill
// within the warm-up, and that what waits for one ends within the run.
func configuration(proxy, admin string, hosts map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `proxy: {listen: [%q]}
admin: {listen: %q}
data_dir: data
policy: [policy.yaml]
mode: enforce
tls: {bypass: [%q]}
identity: {user_header: X-Authenticated-User, user_header_from: [127.0.0.0/8]}
limits: {conversations: 200, response_timeout: 3s, header_timeout: 5s, tls_timeout: 3s, dial_timeout: 3s, body_idle_timeout: 10s}
events: [{type: file, path: events.jsonl}]
upstream:
  ca_file: servers.pem
  hosts:
`, proxy, admin, tunnelHost)
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		fmt.Fprintf(&b, "    %q: %q\n", host, hosts[host])
	}
	return b.String()
}
