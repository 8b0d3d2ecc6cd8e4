/// Tokens that are signed: JSON Web Tokens (RFC 7519), signed as RFC 7515 says, and the keys they
/// are verified with (RFC 7517). The cryptography is Nimbus JOSE's.
package dev.tiphys.pki.token;
