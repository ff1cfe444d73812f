package main

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"daylight.internal/rules/catalog"
)

func TestTheConfigMapOfTheDocumentsWorksWhereKubernetesMountsIt(t *testing.T) {
	var configMap struct {
		Kind string
		Data map[string]string
	}
	if err := yaml.Unmarshal([]byte(examples(t, "kubernetes")[0].text), &configMap); err != nil || configMap.Kind != "ConfigMap" {
		t.Fatalf("the first document is a %q (%v)", configMap.Kind, err)
	}
	m := newMount(t, configMap.Data)
	config, err := (&configFlags{file: m.at("daylight.yaml")}).load()
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := catalog.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	revision := func(r *reading) string {
		t.Helper()
		if r.err != nil {
			t.Fatal(r.err)
		}
		policy, problems := compileFiles(embedded, r.config, r.files, time.Now(), nil)
		for _, p := range problems {
			t.Error(p.Error())
		}
		return policy.snapshot.Revision()
	}
	before, watch := revision(readPolicy(config)), newWatcher()
	for range 2 {
		watch.rested(config.watched())
	}
	configMap.Data["rules.yaml"] = strings.Replace(configMap.Data["rules.yaml"], ">=10", ">=99", 1)
	m.put(configMap.Data)
	if watch.rested(config.watched()) || !watch.rested(config.watched()) {
		t.Error("the new version is not seen when it is at rest")
	}
	if after := revision(readAgain(config)); after == before {
		t.Error("the new version is not read")
	}
}
