/// Objects encrypted in the store: upstream's EncryptionConfiguration, with its prefixes and bytes.
///
/// `Encryption` has the `Transformer` of each resource; `PrefixTransformers` tries providers and
/// keys in their order; `kms` has the keys that a plugin keeps.
package dev.tiphys.apiserver.encryption;
