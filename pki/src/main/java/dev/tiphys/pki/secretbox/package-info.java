/// Secrets under a key that both sides have: NaCl's `secretbox`.
package dev.tiphys.pki.secretbox;
