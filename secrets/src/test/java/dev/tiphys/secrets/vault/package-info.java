/// A server that speaks the protocol of HashiCorp Vault, as far as its public documentation tells,
/// and strictly: for tests, since a real one cannot be had everywhere.
package dev.tiphys.secrets.vault;
