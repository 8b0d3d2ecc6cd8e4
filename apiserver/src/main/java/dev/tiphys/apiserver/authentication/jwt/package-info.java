/// Tokens of other issuers: OpenID Connect, and whatever else signs JSON Web Tokens.
package dev.tiphys.apiserver.authentication.jwt;
