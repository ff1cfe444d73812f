package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"daylight.internal/rules"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/policyfile"
)

// decide measures the judgement alone, in this process, which does nothing else
// meanwhile: the CPU of a prompt of 4 KiB under the starter policy.
func (w world) decide(_ context.Context, o options) error {
	embedded, err := catalog.Embedded()
	if err != nil {
		return err
	}
	now := time.Now()
	snapshot, problems := engine.Compile(engine.Source{Catalog: embedded, Policy: []policyfile.File{engine.Starter()}, Now: now})
	if err := problems.Err(); err != nil {
		return fmt.Errorf("compiling the starter policy: %w", err)
	}
	fmt.Printf("\nCPU of one judgement of a prompt of 4 KiB under the starter policy, µs\n")
	for _, prompt := range []struct{ metric, description, sentence string }{
		{"plain", "nothing to find", "Write three taglines for our spring campaign, playful, no more than six words each, for people who garden on balconies. "},
		{"customers", "full of customers", "Anna Schmidt, anna.schmidt@example.org, +49 151 23456789, bought two raised beds and asks for a discount on the third. "},
	} {
		body, err := json.Marshal(map[string]any{"model": "gpt-5", "messages": []map[string]string{
			{"role": "user", "content": strings.Repeat(prompt.sentence, 40)[:4<<10]}}})
		if err != nil {
			return fmt.Errorf("making a prompt: %w", err)
		}
		request := engine.Request{
			Time: now, Method: "POST", Path: "/v1/chat/completions", Length: int64(len(body)),
			Destination: rules.Destination{ConnectHost: heldHost, SNI: heldHost, Host: heldHost, Port: 443},
			Header:      map[string][]string{"Content-Type": {"application/json"}},
		}
		var figures []float64
		for range o.rounds + 1 {
			const n = 2000
			before := selfCPU()
			for range n {
				snapshot.Evaluate(snapshot.Plan(request), engine.Body{Bytes: body, Total: int64(len(body))})
			}
			figures = append(figures, (selfCPU()-before).Seconds()*1e6/n)
		}
		cpu := median(figures[1:])
		w.results.note("decide "+prompt.metric, nameDaylight, cpu)
		fmt.Printf("  %-26s daylight %.0f\n", prompt.description, cpu)
	}
	return nil
}

// selfCPU is the user and system time of this process. getrusage is brought up to
// date by the ticks of the kernel only.
func selfCPU() time.Duration {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &now) != nil {
		return 0
	}
	return time.Duration(now.Nano())
}
