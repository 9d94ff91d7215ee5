// The OpenID Connect provider from npm, with the forms that it brings along for trying it out.
// Usage: node provider.mjs PORT CALLBACK

import Provider from "../../spec/node_modules/oidc-provider/lib/index.js";

const [port, callback] = process.argv.slice(2);

const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "mvote", client_secret: "s", redirect_uris: [callback] }],
  pkce: { required: () => true },
});
provider.listen(Number(port), "127.0.0.1");
