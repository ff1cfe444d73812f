package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"daylight.internal/proxy"
	"daylight.internal/proxy/metrics"
	"daylight.internal/rules/catalog"
	"daylight.internal/rules/engine"
	"daylight.internal/rules/strictyaml"
)

// reloader replaces the policy of a running proxy: as a whole, or not at all.
type reloader struct {
	logger    *zap.Logger
	metrics   *metrics.Metrics
	snapshots *proxy.Snapshots
	catalog   *catalog.Catalog // the embedded one: reading it takes most of a start
	start     *configuration   // what a restart would take is compared with it

	mu       sync.Mutex       // one reload at a time
	tried    *reading         // by the last reload, whether it was taken or not
	taken    *reading         // the one that decides
	decides  *engine.Snapshot // what was compiled of it
	warnings map[string]bool
	watcher  *watcher
}

// newReloader loads the first policy. What it returns besides is for the start of
// the server to tell of.
func newReloader(config *configuration, logger *zap.Logger, m *metrics.Metrics) (*reloader, *loadedPolicy, error) {
	embedded, err := catalog.Embedded()
	if err != nil {
		return nil, nil, err
	}
	r := &reloader{
		logger: logger, metrics: m, snapshots: proxy.NewSnapshots(nil, m), catalog: embedded, start: config, watcher: newWatcher(),
	}
	policy, _, err := r.take(readStill(readPolicy, config))
	return r, policy, err
}

// reload reads everything anew and takes it, or refuses it with all of its faults.
// It returns the revision that decides then.
func (r *reloader) reload(trigger metrics.Trigger) (revision string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	began := time.Now()
	return r.tell(trigger, began, readStill(readAgain, r.tried.config))
}

// look takes a look at the files, and reloads when their content is another than
// the one that was tried last.
func (r *reloader) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.taken.config.Reload.Watch || !r.watcher.rested(r.tried.config.watched()) {
		return
	}
	began := time.Now()
	next := readAgain(r.tried.config)
	switch {
	case !next.still:
		r.watcher.again()
	case next.digest != r.tried.digest:
		_, _ = r.tell(metrics.ByFile, began, next) // it has logged
	}
}

// interval is the time between two looks.
func (r *reloader) interval() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return max(r.taken.config.Reload.Interval, time.Millisecond)
}

// take compiles and tests a reading, and lets it decide if it is without fault.
// The error tells of every fault.
func (r *reloader) take(next *reading) (policy *loadedPolicy, warnings int, err error) {
	r.tried = next
	var problems strictyaml.Problems
	err = r.snapshots.Replace(func() (proxy.Snapshot, error) {
		if next.err != nil {
			return nil, next.err
		}
		policy, problems = compileFiles(r.catalog, next.config, next.files, time.Now(), r.decides)
		if problems.Err() != nil {
			return nil, &invalidError{what: "the policy", problems: problems}
		}
		if next.config.Reload.Tests {
			if err := testPolicy(policy, next.config); err != nil && r.taken != nil {
				return nil, err
			} else if err != nil { // there is no former policy that could stay
				r.tellFaults("the policy does not pass its own tests", err)
			}
		}
		return policyView{policy.snapshot}, nil
	})
	if err != nil {
		return nil, 0, err
	}
	r.taken, r.decides = next, policy.snapshot
	return policy, r.warn(problems), nil
}

// warn logs the warnings that the former policy did not have, and counts all.
func (r *reloader) warn(problems strictyaml.Problems) int {
	former := r.warnings
	r.warnings = map[string]bool{}
	for _, p := range problems {
		text := p.Message + "\n" + p.Hint + "\n" + p.Source
		if r.warnings[text] = true; !former[text] {
			r.logger.Warn(p.Message, fieldsOf(p)...)
		}
	}
	return len(problems)
}

// tell takes a reading, and logs and counts what came of it.
func (r *reloader) tell(trigger metrics.Trigger, began time.Time, next *reading) (revision string, err error) {
	former, from := r.snapshots.Current().Revision(), r.taken
	policy, warnings, err := r.take(next)
	r.metrics.Reloaded(trigger, err == nil)
	fields := append([]zap.Field{zap.String("trigger", string(trigger))}, changes(from, next)...)
	if err != nil {
		r.tellFaults("the new policy is refused, the former one stays", err,
			append(fields, zap.String("revision", former), zap.Duration("took", time.Since(began)))...)
		return former, detailed(err)
	}
	revision = policy.snapshot.Revision()
	r.logger.Info("reloaded", append(fields,
		zap.String("revision", revision), zap.String("former", former), zap.Int("files", policy.files),
		zap.Int("rules", len(policy.snapshot.Rules())), zap.Int("warnings", warnings), zap.Duration("took", time.Since(began)))...)
	if keys := needRestart(changedKeys(r.start.written, next.config.written)); len(keys) > 0 {
		r.logger.Warn("these keys of the configuration have changed and take a restart", zap.Strings("keys", keys))
	}
	return revision, nil
}

// tellFaults logs an error, behind a line for each fault that it is about.
func (r *reloader) tellFaults(what string, err error, fields ...zap.Field) {
	faults := faultsOf(err)
	for _, p := range faults {
		r.logger.Error(p.Message, fieldsOf(p)...)
	}
	r.logger.Error(what, append(fields, zap.Error(err), zap.Int("errors", len(faults)))...)
}

func fieldsOf(p strictyaml.Problem) []zap.Field {
	fields := []zap.Field{zap.String("at", p.Position.String())}
	if p.Hint != "" {
		fields = append(fields, zap.String("hint", p.Hint))
	}
	return fields
}

// changes names the files by which two readings differ, and the keys of the configuration.
func changes(old, new *reading) []zap.Field {
	var changed, added, removed []string
	for _, name := range sortedKeys(new.sums) {
		if before, ok := old.sums[name]; !ok {
			added = append(added, name)
		} else if before != new.sums[name] {
			changed = append(changed, name)
		}
	}
	for _, name := range sortedKeys(old.sums) {
		if _, ok := new.sums[name]; !ok && new.err == nil {
			removed = append(removed, name)
		}
	}
	var fields []zap.Field
	for _, list := range []struct {
		key   string
		names []string
	}{{"changed", changed}, {"added", added}, {"removed", removed}, {"keys", changedKeys(old.config.written, new.config.written)}} {
		if len(list.names) > 0 {
			fields = append(fields, zap.Strings(list.key, atMost(list.names, maxNamed)))
		}
	}
	return fields
}

// maxNamed names stand in one field of the log.
const maxNamed = 20

func atMost(names []string, limit int) []string {
	if len(names) <= limit {
		return names
	}
	return append(names[:limit:limit], fmt.Sprintf("and %d more", len(names)-limit))
}

// faultsOf returns the errors in files that an error is about.
func faultsOf(err error) strictyaml.Problems {
	var invalid *invalidError
	var failed *failedTestsError
	switch {
	case errors.As(err, &invalid):
		return invalid.problems.Errors()
	case errors.As(err, &failed):
		return failed.faults
	}
	return nil
}

// detailed adds to an error all faults, for whoever asked for a reload. They come
// without the lines of their files, which may hold a password.
func detailed(err error) error {
	faults := slices.Clone(faultsOf(err))
	if len(faults) == 0 {
		return err
	}
	for i := range faults {
		faults[i].Source = ""
	}
	var b strings.Builder
	writeProblems(&b, faults)
	return fmt.Errorf("%w\n\n%s", err, b.String())
}
