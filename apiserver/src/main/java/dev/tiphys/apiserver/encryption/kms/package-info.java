/// Envelope encryption: the keys of data are encrypted by a key management plugin.
package dev.tiphys.apiserver.encryption.kms;
