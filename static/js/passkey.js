// Passkeys and security keys at sign-in, in place of allauth's three scripts: reads the same data blocks (data-allauth-onload).
// The browser speaks in bytes, the server in base64url.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)).buffer;
const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const listed = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));
const read = (id) => JSON.parse(document.getElementById(id).textContent);

const create = async ({ publicKey }) => {
  const key = await navigator.credentials.create({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: listed(publicKey.excludeCredentials),
  } });
  return { id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(), response: {
      clientDataJSON: text(key.response.clientDataJSON), attestationObject: text(key.response.attestationObject),
      transports: key.response.getTransports?.() || [],
    } };
};

const get = async ({ publicKey }) => {
  const key = await navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials),
  } });
  return { id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment,
    clientExtensionResults: key.getClientExtensionResults(), response: {
      clientDataJSON: text(key.response.clientDataJSON), authenticatorData: text(key.response.authenticatorData),
      signature: text(key.response.signature), userHandle: text(key.response.userHandle),
    } };
};

// A press of the button asks the device, then sends the form with the answer; a refusal is told, nothing is lost.
const onPress = (id, credentialId, ask) => {
  const button = document.getElementById(id), field = document.getElementById(credentialId);
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      field.value = JSON.stringify(await ask());
      field.form.submit();
    } catch {
      window.bina.toast(document.getElementById("passkey-words").dataset.failed);
    }
  });
};

const kinds = {
  loginForm: ({ login, credential }) => onPress(login, credential, async () => {
    const answer = await fetch(document.getElementById(credential).form.action, { headers: { Accept: "application/json" } });
    return get((await answer.json()).request_options);
  }),
  authenticateForm: ({ authenticate, credential, data }) => onPress(authenticate, credential, () => get(read(data).request_options)),
  addForm: ({ add, credential, data, passwordless }) => onPress(add, credential, () => {
    const options = read(data).creation_options, choice = options.publicKey.authenticatorSelection;
    const isPasskey = Boolean(passwordless && document.getElementById(passwordless)?.checked);
    Object.assign(choice, { residentKey: isPasskey ? "required" : "discouraged", requireResidentKey: isPasskey });
    if (isPasskey) choice.userVerification = "required";
    return create(options);
  }),
};

if (window.PublicKeyCredential) {
  for (const block of document.querySelectorAll("script[data-allauth-onload]")) {
    kinds[block.dataset.allauthOnload.split(".").pop()]?.(JSON.parse(block.textContent).ids);
  }
}
