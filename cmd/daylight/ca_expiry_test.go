package main

import (
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"daylight.internal/proxy/ca"
	"daylight.internal/proxy/metrics"
)

func TestTheEndOfTheCAIsShownAndWarnedOfOnceADay(t *testing.T) {
	authority, err := ca.Ensure(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	core, logs := observer.New(zapcore.WarnLevel)
	m := metrics.New(metrics.Build{})
	s := &server{config: &configuration{DataDir: "data"}, logger: zap.New(core), authority: authority, metrics: m}
	if err := s.showCAExpiry(); err != nil {
		t.Fatal(err)
	}
	end := authority.Certificate().NotAfter
	families, err := m.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	shown := false
	for _, f := range families {
		if f.GetName() == "daylight_ca_expires_timestamp_seconds" {
			shown = f.GetMetric()[0].GetGauge().GetValue() == float64(end.Unix())
		}
	}
	if !shown || logs.Len() > 0 {
		t.Errorf("shown %v, %d warnings of a new CA", shown, logs.Len())
	}
	for _, step := range []struct {
		at       time.Duration // from the end
		warnings int
		text     string
	}{
		{-31 * 24 * time.Hour, 0, ""},
		{-30 * 24 * time.Hour, 1, "ends soon"},
		{-30*24*time.Hour + 5*time.Minute, 0, ""},
		{-29 * 24 * time.Hour, 1, "ends soon"},
		{time.Second, 1, "has ended"},
	} {
		s.warnOfCA(end.Add(step.at))
		told := logs.TakeAll()
		if len(told) != step.warnings || len(told) > 0 && !strings.Contains(told[0].Message, step.text) {
			t.Errorf("%s from the end: %v", step.at, told)
		}
	}
}
