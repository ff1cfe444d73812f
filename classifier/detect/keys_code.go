package detect

import "daylight.internal/classifier/checksum"

// platformKeys are the keys of places where code is kept, built and watched.
func platformKeys() []key {
	return []key{
		{id: "github_token", name: "GitHub token", trust: endsInCRC, trustWords: "random part, its CRC-32 for full confidence",
			forms:  "ghp_<a36-60> gho_<a36-60> ghu_<a36-60> ghs_<a36-60> ghr_<a36-76> github_pat_<a22>_<a59>",
			source: "github.blog, behind GitHub's new authentication token formats"},
		{id: "gitlab_token", name: "GitLab token",
			forms: "glpat-<k20> glpat-<k27-300>.<l9> gldt-<k20> glptt-<h40> glrt-<k20-60> glcbt-<a1-5>_<k20> glimt-<k25> glagent-<k50> " +
				"gloas-<k64> glsoat-<k20> glffct-<k20> glft-<k20> GR1348941<k20>",
			source: "docs.gitlab.com, token overview"},
		{id: "bitbucket_token", name: "Bitbucket access token", forms: "ATCTT3xFfGN0<k60-220> ATBB<a32> BBDC-<b44>", source: "observed form; support.atlassian.com, Bitbucket access tokens"},
		{id: "atlassian_token", name: "Atlassian API token", forms: "ATATT3xFfGF0<k60-220>", source: "observed form; support.atlassian.com, API tokens"},
		{id: "npm_token", name: "npm access token", forms: "npm_<a36>", trust: endsInCRC, trustWords: "random part, its CRC-32 for full confidence", source: "github.blog, npm's new token format"},
		{id: "pypi_token", name: "PyPI upload token", forms: "pypi-AgEIcHlwaS5vcmc<k50-400> pypi-AgENdGVzdC5weXBpLm9yZw<k50-400>", source: "pypi.org/help, API tokens"},
		{id: "rubygems_key", name: "RubyGems API key", forms: "rubygems_<h48>", source: "guides.rubygems.org, API key scopes"},
		{id: "clojars_token", name: "Clojars deploy token", forms: "CLOJARS_<l60>", source: "github.com/clojars/clojars-web, deploy tokens"},
		{id: "dockerhub_token", name: "Docker Hub access token", forms: "dckr_pat_<k24-40> dckr_oat_<k24-40>", source: "docs.docker.com, personal access tokens"},
		{id: "nuget_key", name: "NuGet API key", forms: "oy2<l43>", source: "observed form; learn.microsoft.com/nuget, API keys"},
		{id: "circleci_token", name: "CircleCI personal token", forms: "CCIPAT_<a18-30>_<h40> CCIPRJ_<a18-30>_<h40>", source: "circleci.com/docs, API tokens"},
		{id: "buildkite_token", name: "Buildkite API token", forms: "bkua_<h40>", source: "buildkite.com/docs/apis"},
		{id: "sonar_token", name: "SonarQube token", forms: "squ_<h40> sqp_<h40> sqa_<h40>", source: "docs.sonarsource.com, tokens"},
		{id: "jfrog_token", name: "JFrog API key or reference token", forms: "AKCp<a64-72> cmVmdGtuO<a52-60>", source: "jfrog.com/help, access tokens"},
		{id: "vault_token", name: "HashiCorp Vault token", forms: "hvs.<k24-120> hvb.<k100-300> hvr.<k100-300>", source: "developer.hashicorp.com/vault, tokens"},
		{id: "doppler_token", name: "Doppler token", forms: "dp.pt.<a40-44> dp.st.<k2-30>.<a40-44> dp.ct.<a40-44> dp.sa.<a40-44> dp.scim.<a40-44> dp.audit.<a40-44>",
			source: "docs.doppler.com, token formats"},
		{id: "pulumi_token", name: "Pulumi access token", forms: "pul-<h40>", source: "pulumi.com/docs, access tokens"},
		{id: "onepassword_token", name: "1Password service account token or secret key", forms: "ops_eyJ<b200-510> A3-<u6>-<u6>-<u5>-<u5>-<u5>-<u5> A3-<u6>-<u11>-<u5>-<u5>-<u5>",
			trust: secretKey, trustWords: "capitals and digits in no order", source: "developer.1password.com, service accounts; 1Password security design white paper"},
		{id: "infracost_key", name: "Infracost API key", forms: "ico-<a32>", source: "infracost.io/docs"},
		{id: "postman_key", name: "Postman API key", forms: "PMAK-<h24>-<h34>", source: "learning.postman.com, API keys"},
		{id: "grafana_token", name: "Grafana token", forms: "glsa_<a32>_<H8> glc_<b32-400> eyJrIjoi<b70-400>", source: "grafana.com/docs, service account tokens"},
		{id: "sentry_token", name: "Sentry auth token", forms: "sntryu_<h64> sntrys_eyJ<b60-400>_<b43> sntrya_<h64>", source: "docs.sentry.io, auth tokens"},
		{id: "newrelic_key", name: "New Relic key", forms: "NRAK-<u27> NRII-<k32> NRIQ-<k32> NRJS-<h19> NRRA-<h42> NRSP-<a20-40>", source: "docs.newrelic.com, API keys"},
		{id: "dynatrace_token", name: "Dynatrace token", forms: "dt0c01.<u24>.<u64> dt0s01.<u8-24>.<u64> dt0s16.<u8-24>.<u64>", source: "docs.dynatrace.com, token format"},
		{id: "honeycomb_key", name: "Honeycomb ingest or management key", forms: "hcaik_<l58> hcxik_<l58> hcalk_<l20-64> hcamk_<l20-64>", source: "docs.honeycomb.io, API keys"},
		{id: "launchdarkly_key", name: "LaunchDarkly key", forms: "sdk-<h8>-<h4>-<h4>-<h4>-<h12> api-<h8>-<h4>-<h4>-<h4>-<h12>", context: []string{"launchdarkly", "launch darkly"}, source: "launchdarkly.com/docs"},
		{id: "posthog_key", name: "PostHog personal API key", forms: "phx_<a40-50>", source: "posthog.com/docs/api"},
		{id: "sourcegraph_token", name: "Sourcegraph access token", forms: "sgp_<h16>_<h40> sgp_local_<h40> sgp_<h40>", source: "sourcegraph.com/docs"},
		{id: "prefect_token", name: "Prefect API key", forms: "pnu_<a36> pnb_<a36>", source: "docs.prefect.io"},
		{id: "readme_key", name: "ReadMe API key", forms: "rdme_<l70>", source: "docs.readme.com"},
		{id: "octopus_key", name: "Octopus Deploy API key", forms: "API-<u26-32>", source: "octopus.com/docs, API keys"},
		{id: "snyk_token", name: "Snyk token", forms: "snyk_uat.<h8>.<k40-400> snyk_sat.<h8>.<k40-400>", source: "docs.snyk.io, API tokens"},
	}
}

// endsInCRC tells how sure a token is whose last six characters are the CRC-32
// of those before, in base 62: GitHub and npm issue no others, but specimens in
// tests and documentation have none that fits.
func endsInCRC(value, secret []byte) float64 {
	if !random(secret) {
		return 0
	}
	if len(secret) == 36 && checksum.CRC32Base62(secret) {
		return 0.99
	}
	return 0.9
}

// secretKey accepts the groups of a 1Password secret key together: each is too
// short to look random.
func secretKey(value, secret []byte) float64 {
	if t := textureOf(value); t.digits && t.capital && t.different >= 12 && !t.patterned && !placeholder(value) {
		return 0.95
	}
	return 0
}
