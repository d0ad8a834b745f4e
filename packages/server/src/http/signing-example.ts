/** How to sign and send a push by hand; a test runs it. */
export const signingExample = `url=http://127.0.0.1:8000/webhook
body='{"ref":"refs/heads/main","repository":{"name":"shop","full_name":"acme/shop"}}'

signature=$(printf '%s' "$body" \\
  | openssl dgst -sha256 -hmac "$GITHUB_WEBHOOK_SECRET" | sed 's/^.*= *//')

curl -i "$url" \\
  -H 'Content-Type: application/json' \\
  -H 'X-GitHub-Event: push' \\
  -H "X-Hub-Signature-256: sha256=$signature" \\
  --data-binary "$body"`
