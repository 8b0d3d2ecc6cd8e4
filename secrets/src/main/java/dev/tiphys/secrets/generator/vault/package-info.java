/// Secrets that Vault makes when it is asked, and the leases of these.
package dev.tiphys.secrets.generator.vault;
