/// Stores in HashiCorp Vault and OpenBao: values of their KV engines, of both versions.
package dev.tiphys.secrets.provider.vault;
