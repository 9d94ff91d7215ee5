// The only script of the office: passkeys, and what stands behind the # of an address.
// W3C Web Authentication, level 2.  What the server asks and gets is JSON with base64url.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = known(options.allowCredentials);
  return made;
}

function spelled(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response,
  });
}

async function challenge(box, form) {
  const secret = form.querySelector('[data-fragment="secret"]');
  const body = secret
    ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ secret: secret.value }) }
    : box.dataset.token
      ? { body: new URLSearchParams({ form_token: box.dataset.token }) }
      : {};
  const answer = await fetch(box.dataset.challenge, { method: "POST", ...body });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.title);
  return told.publicKey;
}

function say(box, name, words) {
  for (const one of box.querySelectorAll("[data-said]")) one.hidden = one.dataset.said !== name;
  const shown = box.querySelector(`[data-said="${name}"]`);
  if (shown && words) shown.textContent = words;
}

async function use(box) {
  const form = box.closest("form");
  if (!form.reportValidity()) return;
  say(box, "");
  try {
    const publicKey = asked(await challenge(box, form));
    const made = await navigator.credentials[box.dataset.passkey]({ publicKey });
    box.querySelector('input[type="hidden"]').value = spelled(made);
    form.submit();
  } catch (fault) {
    say(box, "refused", fault instanceof DOMException ? "" : fault.message);
  }
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("button");
  if (!window.PublicKeyCredential) {
    say(box, "missing");
    continue;
  }
  button.hidden = false;
  button.addEventListener("click", () => use(box));
}

const said = location.hash.slice(1);
const brought = new URLSearchParams(said);
let missing = false;
for (const one of document.querySelectorAll("[data-fragment]")) {
  if (one.tagName !== "INPUT") continue;
  if (said) one.value = one.dataset.fragment === "secret" ? said : (brought.get(one.dataset.fragment) ?? "");
  missing ||= !one.value;
}
if (said) history.replaceState(null, "", location.pathname + location.search);
for (const one of document.querySelectorAll('[data-fragment="missing"]')) one.hidden = !missing;
