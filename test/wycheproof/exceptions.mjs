/**
 * Where we differ from the labels of the vectors, and why. `json_web_*` numbers are their `tcId`s. Everything else must agree,
 * and an exception that is none any more fails the run.
 */
export const EXCEPTIONS = {
  json_web_signature_test: [
    { tcIds: [259, 272], why: 'An empty payload is no set of claims: a token has three parts with something in them.' },
    {
      tcIds: [345, 349],
      why: 'The key is called bilbo.baggins@hobbiton.example; our names are letters, digits, - and _ alone (and 349 has one key_op that reads "sign, verify").',
    },
    {
      tcIds: [346, 350],
      why: 'The same name; and the label is wrong: the key is for PS256, the token’s header says RS256.',
    },
    { tcIds: [367, 370], why: 'The label is wrong: byte for byte the token of 357, which is labelled valid.' },
    { tcIds: [372, 373], why: 'The label is wrong: a question mark is not base64url.' },
    { tcIds: [376, 377], why: 'JSON has one spelling here, without blanks: one token, one text.' },
  ],
  json_web_key_test: [
    {
      tcIds: [7],
      why: 'A key made by a faulty smart card (ROCA). It is our own key, made by OpenSSL: whoever can put another into our keys file has won without it.',
    },
  ],
  json_web_crypto_test: [{ tcIds: [46], why: 'As 7 of json_web_key_test.' }],
};

/**
 * Keys taken although our keys file refuses them: the tokens would all be refused for the key, which says nothing of the tokens.
 */
export const KEYS_TAKEN = [
  { group: 'base64', why: 'The secret is 32 zeros; what is tested is how tokens are spelled.' },
];

/** Of these we take none, whatever the label: the sets are for algorithms that are not ours, or for encryption. */
export const ONLY_REFUSED =
  'valid for an algorithm that is not ours (RS384, RS512, PS384, PS512, ES512, HS384, HS512, JWE)';
