package detect

// businessKeys are the keys of services for talking, selling and keeping things.
func businessKeys() []key {
	return []key{
		{id: "slack_token", name: "Slack token or webhook",
			forms: "xoxb-<d8-14>-<d8-14>-<a16-40> xoxb-<d8-14>-<a16-40> xoxp-<d8-14>-<d8-14>-<d8-14>-<a24-40> xoxp-<d8-14>-<a16-60> xoxa-2-<d8-14>-<d8-14>-<d8-14>-<h32> xoxa-<k24-120> " +
				"xoxr-<k24-120> xoxs-<k24-120> xoxo-<k24-120> xoxc-<k24-120> xoxd-<p60-400> xoxe-<k60-250> xoxe.xoxb-<d1>-<k60-250> xoxe.xoxp-<d1>-<k60-250> " +
				"xapp-<d1>-<u8-14>-<d10-14>-<h32-80> hooks.slack.com/services/T<u8-12>/B<u8-12>/<a24> hooks.slack.com/workflows/T<u8-12>/A<u8-12>/<d17-19>/<a24>",
			source: "api.slack.com/authentication/token-types", more: []string{"xoxb-1234567890-" + sample20}, not: []string{"xoxb-token", "hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"}},
		{id: "discord_webhook", name: "Discord webhook", forms: "discord.com/api/webhooks/<d17-20>/<k60-80> discordapp.com/api/webhooks/<d17-20>/<k60-80>", source: "discord.com/developers/docs, webhooks"},
		{id: "teams_webhook", name: "Microsoft Teams webhook", forms: "webhook.office.com/webhookb2/<h8>-<h4>-<h4>-<h4>-<h12>@<h8>-<h4>-<h4>-<h4>-<h12>/IncomingWebhook/<h32>/<h8>-<h4>-<h4>-<h4>-<h12>",
			source: "learn.microsoft.com/microsoftteams, incoming webhooks"},
		{id: "stripe_key", name: "Stripe secret, restricted or webhook key", forms: "sk_live_<a20-120> rk_live_<a20-120> sk_test_<a20-120> rk_test_<a20-120> whsec_<a32-64>",
			source: "docs.stripe.com/keys", not: []string{"sk_live_", "sk_test_key", "pk_live_" + sample32}},
		{id: "paypal_token", name: "PayPal or Braintree access token", forms: "access_token$production$<l16>$<h32> access_token$sandbox$<l16>$<h32> A21AA<k80-100>", source: "developer.paypal.com, authentication"},
		{id: "square_token", name: "Square access token or secret", forms: "sq0atp-<k22> sq0csp-<k43> EAAA<k56-64>", source: "developer.squareup.com, access tokens"},
		{id: "shopify_token", name: "Shopify access token or secret", forms: "shpat_<H32> shpca_<H32> shppa_<H32> shpss_<H32> shptka_<H32> shpua_<H32>", source: "shopify.dev/docs, authentication"},
		{id: "shippo_token", name: "Shippo API token", forms: "shippo_live_<H40> shippo_test_<H40>", source: "docs.goshippo.com"},
		{id: "easypost_key", name: "EasyPost API key", forms: "EZAK<a54> EZTK<a54>", source: "docs.easypost.com"},
		{id: "duffel_token", name: "Duffel API token", forms: "duffel_live_<k43> duffel_test_<k43>", source: "duffel.com/docs"},
		{id: "razorpay_key", name: "Razorpay key id", forms: "rzp_live_<a14> rzp_test_<a14>", source: "razorpay.com/docs, API keys"},
		{id: "flutterwave_key", name: "Flutterwave secret key", forms: "FLWSECK-<l32>-X FLWSECK_TEST-<l32>-X", source: "developer.flutterwave.com"},
		{id: "plaid_token", name: "Plaid access token", forms: "access-production-<h8>-<h4>-<h4>-<h4>-<h12> access-sandbox-<h8>-<h4>-<h4>-<h4>-<h12>", source: "plaid.com/docs"},
		{id: "adyen_key", name: "Adyen API key", forms: "AQE<b80-400>", context: []string{"adyen"}, source: "docs.adyen.com, API credentials"},
		{id: "sendgrid_key", name: "SendGrid API key", forms: "SG.<k16-32>.<k16-64>", source: "twilio.com/docs/sendgrid, API keys"},
		{id: "brevo_key", name: "Brevo (Sendinblue) API key", forms: "xkeysib-<h64>-<a16> xsmtpsib-<h64>-<a16>", source: "developers.brevo.com"},
		{id: "mandrill_key", name: "Mailchimp Transactional (Mandrill) key", forms: "md-<k22>", context: []string{"mandrill", "mailchimp"}, source: "mailchimp.com/developer/transactional"},
		{id: "resend_key", name: "Resend API key", forms: "re_<a6-10>_<a20-32>", source: "resend.com/docs"},
		{id: "klaviyo_key", name: "Klaviyo private API key", forms: "pk_<h34>", source: "developers.klaviyo.com, API keys"},
		{id: "hubspot_token", name: "HubSpot private app token", forms: "pat-na1-<h8>-<h4>-<h4>-<h4>-<h12> pat-eu1-<h8>-<h4>-<h4>-<h4>-<h12> pat-na2-<h8>-<h4>-<h4>-<h4>-<h12> pat-ap1-<h8>-<h4>-<h4>-<h4>-<h12>", source: "developers.hubspot.com, private apps"},
		{id: "intercom_token", name: "Intercom access token", forms: "dG9rO<a50-56> dG9rO<a50-56>=", source: "developers.intercom.com, authentication"},
		{id: "notion_token", name: "Notion integration token", forms: "ntn_<a40-50> secret_<a43>", source: "developers.notion.com, authorization"},
		{id: "linear_key", name: "Linear API key", forms: "lin_api_<a40> lin_oauth_<a40-64>", source: "linear.app/developers"},
		{id: "figma_token", name: "Figma access token", forms: "figd_<k36-48> figdr_<k36-60> figu_<k36-60>", source: "developers.figma.com, access tokens"},
		{id: "clickup_token", name: "ClickUp API token", forms: "pk_<d6-10>_<u32>", source: "developer.clickup.com"},
		{id: "trello_token", name: "Trello token", forms: "ATTA<h64-76>", source: "developer.atlassian.com/cloud/trello"},
		{id: "typeform_token", name: "Typeform access token", forms: "tfp_<k40-64>", source: "typeform.com/developers"},
		{id: "contentful_token", name: "Contentful access token", forms: "CFPAT-<k43>", source: "contentful.com/developers"},
		{id: "dropbox_token", name: "Dropbox access token", forms: "sl.u.<k80-510> sl.B<k80-510> sl.A<k80-510>", source: "dropbox.com/developers, OAuth"},
		{id: "mapbox_token", name: "Mapbox secret token", forms: "sk.eyJ<k40-200>.<k22>", source: "docs.mapbox.com, access tokens"},
		{id: "facebook_token", name: "Facebook or Instagram access token", forms: "EAA<a90-400> IGQ<k90-400>", source: "developers.facebook.com, access tokens"},
		{id: "vk_token", name: "VK access token", forms: "vk1.a.<k150-300>", source: "dev.vk.com, access tokens"},
		{id: "twitter_bearer_token", name: "X (Twitter) bearer token", forms: "AAAAAAAAAAAAAAAAAAAAA<p70-110>", source: "developer.x.com, bearer tokens"},
		{id: "frameio_token", name: "Frame.io token", forms: "fio-u-<k64>", source: "developer.frame.io"},
		{id: "tailscale_key", name: "Tailscale key", forms: "tskey-auth-<a10-20>-<a24-40> tskey-api-<a10-20>-<a24-40> tskey-client-<a10-20>-<a24-40>", source: "tailscale.com/kb, auth keys"},
	}
}
