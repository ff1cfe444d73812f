package detect

// cloudKeys are the keys of places where things run.
func cloudKeys() []key {
	return []key{
		{id: "aws_access_key", name: "AWS access key id", forms: "AKIA<u16>", trust: capitalsOnly, trustWords: "capitals and digits in no order", source: "AWS IAM user guide, unique identifiers",
			more: []string{"AKIAIOSFODNN7EXAMPLE", "aws_access_key_id = AKIAZ2J4NPQX7WERTY5U"},
			not:  []string{"AKIAIOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLES", "akiaiosfodnn7example"}},
		{id: "aws_session_key", name: "AWS temporary access key id", forms: "ASIA<u16>", trust: capitalsOnly, trustWords: "capitals and digits in no order", source: "AWS IAM user guide, unique identifiers",
			more: []string{"ASIAIOSFODNN7EXAMPLE"}, not: []string{"ASIAPACIFIC", "asiaiosfodnn7example"}},
		{id: "gcp_oauth_token", name: "Google OAuth access token", forms: "ya29.<k30-500>", source: "Google identity documentation", not: []string{"ya29.com"}},
		{id: "google_oauth_client_secret", name: "Google OAuth client secret", forms: "GOCSPX-<k28>", source: "observed form; developers.google.com/identity, OAuth clients"},
		{id: "digitalocean_token", name: "DigitalOcean token", forms: "dop_v1_<h64> doo_v1_<h64> dor_v1_<h64>", source: "docs.digitalocean.com, API tokens"},
		{id: "cloudflare_origin_key", name: "Cloudflare origin CA key", forms: "v1.0-<h24>-<h146>", source: "developers.cloudflare.com, origin CA keys"},
		{id: "heroku_key", name: "Heroku API key", forms: "HRKU-AA<k56-60> HRKU-<h8>-<h4>-<h4>-<h4>-<h12>", source: "devcenter.heroku.com, OAuth"},
		{id: "vercel_token", name: "Vercel token", forms: "vcp_<a24-64> vci_<a24-64> vca_<a24-64> vcr_<a24-64> vck_<a24-64>", source: "vercel.com/docs, access tokens"},
		{id: "netlify_token", name: "Netlify access token", forms: "nfp_<a36-46>", source: "docs.netlify.com, personal access tokens"},
		{id: "flyio_token", name: "Fly.io access token", forms: "fo1_<k43> fm2_<b100-500> fm1r_<b100-500> fm1a_<b100-500>", source: "fly.io/docs, access tokens"},
		{id: "render_key", name: "Render API key", forms: "rnd_<a28-40>", source: "render.com/docs/api"},
		{id: "supabase_key", name: "Supabase access token or secret key", forms: "sbp_<h40> sb_secret_<k30-60>", source: "supabase.com/docs, API keys"},
		{id: "planetscale_token", name: "PlanetScale token or password", forms: "pscale_tkn_<k32-64> pscale_pw_<k32-64> pscale_oauth_<k32-64>", source: "planetscale.com/docs"},
		{id: "databricks_token", name: "Databricks access token", forms: "dapi<h32> dapi<h32>-<d1> dose<h32>", source: "docs.databricks.com, personal access tokens"},
		{id: "neon_key", name: "Neon API key", forms: "napi_<l60-72>", source: "observed form; neon.tech/docs"},
		{id: "mongodb_atlas_key", name: "MongoDB Atlas service account secret", forms: "mdb_sa_sk_<k36-60>", source: "mongodb.com/docs/atlas, service accounts"},
		{id: "alibaba_access_key", name: "Alibaba Cloud access key id", forms: "LTAI<a16-24>", source: "alibabacloud.com/help, AccessKey pairs"},
		{id: "tencent_secret_id", name: "Tencent Cloud secret id", forms: "AKID<a32>", source: "cloud.tencent.com/document, API keys"},
		{id: "akamai_token", name: "Akamai API client token", forms: "akab-<l16>-<l16> akaa-<l16>-<l16>", source: "techdocs.akamai.com, EdgeGrid"},
		{id: "ibm_cloud_key", name: "IBM Cloud API key", forms: "ApiKey-<h8>-<h4>-<h4>-<h4>-<h12>", source: "cloud.ibm.com/docs, API keys"},
		{id: "scaleway_key", name: "Scaleway access key", forms: "SCW<u17>", trust: capitalsOnly, trustWords: "capitals and digits in no order", source: "scaleway.com/docs, API keys"},
		{id: "okta_token", name: "Okta API token", forms: "SSWS·00<k38-40>", source: "developer.okta.com, API tokens"},
		{id: "openshift_token", name: "OpenShift user token", forms: "sha256~<k43>", source: "docs.openshift.com, user tokens"},
		{id: "adobe_secret", name: "Adobe client secret", forms: "p8e-<a32> p8_<a32>", source: "observed form; developer.adobe.com, OAuth credentials"},
	}
}

// capitalsOnly judges keys of capitals and digits. AWS's specimens, which end in
// EXAMPLE, count: they have the form of a key, and a text that shows one often
// shows others that are real.
func capitalsOnly(value, secret []byte) float64 {
	if t := textureOf(secret); t.patterned || t.different < 7 || t.small || !t.digits && t.different < 9 || crossed.in(secret) {
		return 0
	}
	return 0.95
}

var crossed = foldSetOf("xxxx")
